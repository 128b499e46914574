import { randomBytes } from "node:crypto";
import type { ForeignItem, JsonObject, Outcome } from "../../events/foreign.ts";
import type { DocumentValues } from "../../search/document-values.ts";
import type { ForeignRecord } from "./foreign-tables.ts";
import type { IndexState } from "./index-book.ts";
import { type Failure, failedOutcome, failureOf, illegalItem, missingIndex } from "./item-failures.ts";
import { typingOf } from "./mapping/index-mapping.ts";
import { documentFault } from "./mapping/mapping-fault.ts";
import { type Decision, decide } from "./operation.ts";
import { type Prepared, sourceText, upsertOf } from "./prepared.ts";
import type { KnownDocument } from "./recent-ids.ts";

/** Items of one index that become durable at once: each is judged by all that came before it. */
export type Batch = {
  add(prepared: Prepared): void;
  readonly records: readonly ForeignRecord[];
  /** The index afterwards; undefined where there was none and none was made. */
  state(): IndexState | undefined;
  /** What happened to each item, in order; `seqNos` are those of `records`. */
  outcomes(seqNos: readonly number[]): readonly Outcome[];
  /** The same where the records could not be stored. */
  failed(failure: Failure): readonly Outcome[];
  /** The newest state of each id. */
  known(seqNos: readonly number[]): ReadonlyMap<string, KnownDocument>;
  /** Ids that records are of. */
  ids(): readonly string[];
};

/** A document of the batch: its sequence number is that of a record, which is not known yet. */
type Pending = KnownDocument & { record: number };

/** What is told of an item once the records have their numbers. */
type Told = (seqNos: readonly number[]) => Outcome;

export function createBatch(options: {
  name: string;
  state: IndexState | undefined;
  plan: (name: string) => IndexState;
  recall: (id: string) => KnownDocument | undefined;
}): Batch {
  const { name, plan, recall } = options;
  let state = options.state;
  let planned: IndexState | undefined;
  const records: ForeignRecord[] = [];
  const pending = new Map<string, Pending>();
  const told: { told: Told; item: ForeignItem; stored: boolean }[] = [];

  const seqNoOf = (known: KnownDocument, seqNos: readonly number[]): number =>
    "record" in known ? (seqNos[(known as Pending).record] ?? known.seqNo) : known.seqNo;
  const tell = (item: ForeignItem, outcome: Told, stored = false) => told.push({ told: outcome, item, stored });
  const fail = (item: ForeignItem, failure: Failure) => tell(item, () => failedOutcome(item, failure));

  const addTo = (index: IndexState, prepared: Prepared): void => {
    const { item } = prepared;
    if (index.kind === "stream" && item.action !== "create") {
      fail(item, illegalItem("only write ops with an op_type of create are allowed in data streams"));
      return;
    }
    const id = item.id ?? (index.kind === "index" ? newId() : undefined);
    if (id === undefined) {
      put(index, prepared, { id, version: 1, result: "created" });
      return;
    }
    const named = { ...item, id };
    const known = item.id === undefined ? undefined : (pending.get(id) ?? recall(id));
    const decision = decide(named, known);
    carryOut(index, { prepared: { ...prepared, item: named }, id, decision });
  };

  const carryOut = (
    index: IndexState,
    { prepared, id, decision }: { prepared: Prepared; id: string; decision: Decision },
  ): void => {
    const { item } = prepared;
    const place = { _index: name, _id: id, _primary_term: 1 };
    switch (decision.kind) {
      case "failed":
        fail(item, decision.failure);
        break;
      case "put": {
        const { version, result, document } = decision;
        put(index, documentOf(prepared, document), { id, version, result });
        break;
      }
      case "noop": {
        const { known } = decision;
        const source = JSON.parse(known.source ?? "{}") as JsonObject;
        const { version } = known;
        tell(item, (seqNos) => ({
          ...place,
          status: 200,
          result: "noop",
          _version: version,
          _seq_no: seqNoOf(known, seqNos),
          source,
        }));
        break;
      }
      case "delete":
      case "not_found":
        remove(index, { item, id, decision });
    }
  };

  const put = (
    index: IndexState,
    prepared: Prepared,
    { id, version, result }: { id: string | undefined; version: number; result: "created" | "updated" },
  ): void => {
    const { item, text, added } = prepared;
    const { values, mapping } = index.mapping.take(item.source, () => typingOf(item.source, text, added));
    const timestampUs = timeOf(index, values) ?? item.receivedAtUs;
    state = mapping === index.mapping ? index : { ...index, mapping };
    const source = sourceText(prepared);
    const record = records.length;
    records.push({
      index: name,
      kind: index.kind,
      timestampUs,
      ...(id === undefined ? {} : { id }),
      version,
      source,
      values,
    });
    if (id !== undefined) {
      pending.set(id, {
        seqNo: -1,
        version,
        exists: true,
        source: index.kind === "index" ? source : undefined,
        record,
      });
    }
    const afterwards = item.action === "update" ? { source: item.source } : {};
    tell(
      item,
      (seqNos) => {
        const seqNo = seqNos[record] ?? 0;
        return {
          _index: name,
          _id: id ?? String(seqNo),
          status: result === "created" ? 201 : 200,
          result,
          _version: version,
          _seq_no: seqNo,
          _primary_term: 1,
          ...afterwards,
        };
      },
      true,
    );
  };

  const remove = (
    index: IndexState,
    { item, id, decision }: { item: ForeignItem; id: string; decision: Extract<Decision, { version: number }> },
  ): void => {
    const place = { _index: name, _id: id, _primary_term: 1, _version: decision.version };
    if (decision.kind === "not_found") {
      // A deletion counts as a version, also of what is not there.
      pending.set(id, { seqNo: -1, version: decision.version, exists: false, source: undefined, record: -1 });
      tell(item, (seqNos) => ({ ...place, status: 404, result: "not_found", _seq_no: Math.max(0, ...seqNos) }));
      return;
    }
    state = index;
    const record = records.length;
    const { receivedAtUs: timestampUs } = item;
    records.push({
      index: name,
      kind: index.kind,
      timestampUs,
      id,
      version: decision.version,
      source: "",
      values: {},
      deleted: true,
    });
    pending.set(id, { seqNo: -1, version: decision.version, exists: false, source: undefined, record });
    tell(item, (seqNos) => ({ ...place, status: 200, result: "deleted", _seq_no: seqNos[record] ?? 0 }), true);
  };

  return {
    records,
    add(prepared) {
      const { item } = prepared;
      try {
        // Only a deletion by a version of the sender's own leaves a trace where there was nothing.
        if (state === undefined && item.action === "delete" && (item.versionType ?? "internal") === "internal") {
          fail(item, missingIndex(name));
          return;
        }
        planned ??= state === undefined ? plan(name) : undefined;
        const index = state ?? planned;
        if (index !== undefined) addTo(index, prepared);
      } catch (error) {
        fail(item, failureOf(error, item.id));
      }
    },
    state: () => state,
    outcomes: (seqNos) => told.map(({ told: outcome }) => outcome(seqNos)),
    failed: (failure) =>
      told.map(({ told: outcome, item, stored }) => (stored ? failedOutcome(item, failure) : outcome([]))),
    known: (seqNos) =>
      new Map(
        [...pending].map(([id, { record, ...known }]) => [id, { ...known, seqNo: seqNos[record] ?? known.seqNo }]),
      ),
    ids: () => [...pending.keys()],
  };
}

function documentOf(prepared: Prepared, document: "given" | "upsert" | JsonObject): Prepared {
  if (document === "given") return prepared;
  const source = document === "upsert" ? (upsertOf(prepared.item) ?? {}) : document;
  return { item: { ...prepared.item, source }, text: undefined, added: {} };
}

/** The moment of a document; of a data stream's it must be told, once. */
function timeOf({ kind }: IndexState, values: DocumentValues): number | undefined {
  const [first, ...others] = values["@timestamp"] ?? [];
  if (kind === "stream" && first === undefined) {
    throw documentFault("data stream timestamp field [@timestamp] is missing");
  }
  if (kind === "stream" && others.length > 0) {
    throw documentFault("data stream timestamp field [@timestamp] encountered multiple values");
  }
  if (typeof first === "number" && (first < 0 || first > Number.MAX_SAFE_INTEGER)) {
    throw documentFault("field [@timestamp] must be between 1970 and 2255: no other documents are stored");
  }
  return typeof first === "number" ? first : undefined;
}

/** The letters that all ids of this process begin with. */
const ID_PREFIX = randomBytes(9).toString("base64url");
let idsMade = 0;

/**
 * Twenty letters that may stand in an address, as Elasticsearch's own. They ascend: the database then sees that no row has
 * one, and stores what they have in common once.
 */
function newId(): string {
  idsMade += 1;
  return `${ID_PREFIX}${idsMade.toString(36).padStart(8, "0")}`;
}
