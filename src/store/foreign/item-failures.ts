import type { Json } from "../../events/document.ts";
import type { ForeignError, ForeignItem, Outcome } from "../../events/foreign.ts";
import { isJsonObject } from "../../events/json-object.ts";
import { type Fault, isFault } from "../../lib/fault.ts";

/** Why one item failed, as Elasticsearch answers it. */
export type Failure = { status: number; error: ForeignError };

/** `_id` that Elasticsearch answers for a document that was dropped before it had one. */
const DROPPED_ID = "auto-generated";
/** Lucene's `MATCH_ANY`, which Elasticsearch answers for a document that was dropped. */
const DROPPED_VERSION = -3;

export function failedOutcome({ index, id }: { index: string; id?: string | undefined }, failure: Failure): Outcome {
  return { _index: index, _id: id ?? null, ...failure };
}

/** What a pipeline refused, or has not got. */
export function unpipedOutcome({ index, id }: Pick<ForeignItem, "index" | "id">, failure: Failure): Outcome {
  return { _index: index, _id: id ?? DROPPED_ID, ...failure };
}

/** What a pipeline dropped. */
export function droppedOutcome({ index, id }: Pick<ForeignItem, "index" | "id">): Outcome {
  return { _index: index, _id: id ?? DROPPED_ID, status: 200, result: "noop", _version: DROPPED_VERSION };
}

export function illegalItem(reason: string): Failure {
  return { status: 400, error: { type: "illegal_argument_exception", reason } };
}

export function missingIndex(index: string): Failure {
  const reason = `no such index [${index}]`;
  return {
    status: 404,
    error: {
      type: "index_not_found_exception",
      reason,
      "resource.type": "index_or_alias",
      "resource.id": index,
      index_uuid: "_na_",
      index,
    },
  };
}

/** An index that is there, or would be made, is not of the kind that its sender asks for. */
export function otherKind(index: string, why: string): Failure {
  const reason = `no such index [${index}] and ${why}`;
  return { status: 404, error: { type: "index_not_found_exception", reason, index_uuid: "_na_", index } };
}

export function writeBlocked(index: string): Failure {
  const reason = `index [${index}] blocked by: [FORBIDDEN/8/index write (api)];`;
  return { status: 403, error: { type: "cluster_block_exception", reason } };
}

export function versionConflict({ index, id, why }: { index: string; id: string; why: string }): Failure {
  const reason = `[${id}]: version conflict, ${why}`;
  const place = { index_uuid: "_na_", shard: "0", index };
  return { status: 409, error: { type: "version_conflict_engine_exception", reason, ...place } };
}

export function missingDocument(index: string, id: string): Failure {
  const place = { index_uuid: "_na_", shard: "0", index };
  return { status: 404, error: { type: "document_missing_exception", reason: `[${id}]: document missing`, ...place } };
}

/** The store cannot take it now: another try may help. */
export function notTaken(error: Fault): Failure {
  if (error.code === "store_queue_full") return tooBusy(error.message);
  return { status: 503, error: { type: "unavailable_shards_exception", reason: error.message } };
}

export function tooBusy(reason: string): Failure {
  return { status: 429, error: { type: "es_rejected_execution_exception", reason } };
}

/** What was thrown as Elasticsearch's error for one item. Throws on what is no document's fault. */
export function failureOf(error: unknown, id: string | undefined): Failure {
  if (!isFault(error)) throw error;
  const { error: told, status } = error.details as { error?: Json; status?: number };
  if (!isJsonObject(told) || status === undefined) throw error;
  const { root_cause: _cause, reason, ...rest } = told;
  const named = String(reason).replace(/\]\. Preview of field/, `] in document with id '${id}'. Preview of field`);
  return { status, error: { type: "exception", ...rest, reason: id === undefined ? String(reason) : named } };
}
