import { z } from "zod";
import type { Json } from "../../events/document.ts";
import type { ForeignItem, ForeignSink, JsonObject, Outcome } from "../../events/foreign.ts";
import { isFault, messageOf } from "../../lib/fault.ts";
import { letterOf } from "./delivery-content.ts";
import { deferred, placeDown, refused, theirWords } from "./send-faults.ts";
import type { Message, Sender } from "./sender.ts";

/** Watcher's `index` action, rendered, with the payload that it stores; several documents stand in its `_doc`. */
const index = z.object({
  index: z.string().min(1).optional(),
  doc_id: z.string().min(1).optional(),
  op_type: z.enum(["index", "create"]).default("index"),
  execution_time_field: z.string().min(1).optional(),
  payload: z.custom<Json>().optional(),
});
type Index = z.output<typeof index>;

const MAX_DOCUMENTS = 1_000;

/** Actions `index`: documents into the store, as if they had come by `_bulk`. A repetition stores none twice. */
export function createIndexSender(write: ForeignSink["write"]): Sender {
  return {
    configured: () => true,
    place: () => "store",
    forPeople: () => false,
    atOnce: () => 4,
    async send(message) {
      const read = index.safeParse(message.content.action);
      if (!read.success) throw refused(`Nothing can be stored: ${read.error.issues[0]?.message}`);
      const items = itemsOf(read.data, message);
      const outcomes = await write(items).catch((error: unknown) => {
        if (!isFault(error)) throw error;
        throw error.retry === "retryable" ? placeDown(messageOf(error)) : refused(messageOf(error));
      });
      for (const [at, outcome] of outcomes.entries()) checkOutcome(outcome, read.data.doc_id, items[at]);
      return {};
    },
  };
}

function itemsOf(asked: Index, { delivery }: Message): ForeignItem[] {
  const documents = documentsOf(asked.payload);
  if (documents.length > MAX_DOCUMENTS) throw refused(`More than ${MAX_DOCUMENTS} documents are not stored at once`);
  return documents.map((document, at) => {
    const { _id: ownId, _index: ownIndex, ...source } = document;
    const name = asked.index ?? ownIndex;
    if (typeof name !== "string") throw refused("Nothing can be stored: no index is named");
    const named = documents.length === 1 ? (asked.doc_id ?? ownId) : ownId;
    return {
      action: asked.op_type,
      index: name,
      id: typeof named === "string" ? named : `${letterOf(delivery.id)}${documents.length === 1 ? "" : `-${at}`}`,
      source:
        asked.execution_time_field === undefined
          ? source
          : { ...source, [asked.execution_time_field]: new Date(delivery.decided_ms).toISOString() },
      receivedAtUs: Math.round(delivery.decided_ms * 1000),
    };
  });
}

function documentsOf(payload: Json | undefined): JsonObject[] {
  if (typeof payload !== "object" || payload === null) return [];
  const several = "_doc" in payload ? payload["_doc"] : undefined;
  const found: readonly Json[] = Array.isArray(several)
    ? several
    : Array.isArray(payload)
      ? payload
      : [payload as Json];
  return found.filter((one): one is JsonObject => typeof one === "object" && one !== null && !Array.isArray(one));
}

/** A conflict says that an attempt before, of which the answer was lost, has stored it: only where we chose the id. */
function checkOutcome({ status, error }: Outcome, docId: string | undefined, item: ForeignItem | undefined): void {
  if (status < 300 || (status === 409 && docId === undefined && item?.action === "create")) return;
  const words = `The store refused a document for ${item?.index}: ${theirWords(error?.reason ?? `status ${status}`)}`;
  throw status === 429 || status >= 500 ? deferred(words) : refused(words);
}
