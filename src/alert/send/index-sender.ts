import { z } from "zod";
import type { Json } from "../../events/document.ts";
import type { ForeignSink } from "../../events/foreign.ts";
import { isFault, messageOf } from "../../lib/fault.ts";
import { letterOf } from "./delivery-content.ts";
import { deferred, placeDown, refused, theirWords } from "./send-faults.ts";
import type { Sender } from "./sender.ts";

/** Watcher's `index` action, rendered: one document. */
const index = z.object({
  index: z.string().min(1),
  doc_id: z.string().min(1).optional(),
  op_type: z.enum(["index", "create"]).default("index"),
  payload: z.record(z.string(), z.custom<Json>()),
});

const AT_ONCE = 4;

/** Actions `index`: a document into the store, as if it had come by `_bulk`. A repetition stores it once. */
export function createIndexSender(write: ForeignSink["write"]): Sender {
  return {
    configured: () => true,
    place: () => "store",
    forPeople: () => false,
    atOnce: () => AT_ONCE,
    async send({ content, delivery }) {
      const read = index.safeParse(content.action);
      if (!read.success) {
        const issue = read.error.issues[0];
        throw refused(`Nothing can be stored: ${issue?.path.join(".")}: ${issue?.message}`);
      }
      const { index: name, doc_id: docId, op_type: action, payload: source } = read.data;
      const id = docId ?? letterOf(delivery.id);
      const receivedAtUs = Math.round(delivery.decided_ms * 1000);
      const outcomes = await write([{ action, index: name, id, source, receivedAtUs }]).catch((error: unknown) => {
        if (!isFault(error)) throw error;
        throw error.retry === "retryable" ? placeDown(messageOf(error)) : refused(messageOf(error));
      });
      for (const { status, error } of outcomes) {
        // A conflict at an id of ours says that an attempt before has stored it, of which the answer was lost.
        if (status < 300 || (status === 409 && docId === undefined)) continue;
        const words = `The store refused a document for ${name}: ${theirWords(error?.reason ?? `status ${status}`)}`;
        throw status === 429 || status >= 500 ? deferred(words) : refused(words);
      }
      return {};
    },
  };
}
