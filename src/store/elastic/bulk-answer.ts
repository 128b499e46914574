import { Fault } from "../../lib/fault.ts";
import type { EngineAnswer, EngineObject } from "./engine.ts";
import { errorOf } from "./engine.ts";
import type { Operation } from "./operations.ts";

/** What is not stored, and why in the cluster's words. */
export type Refused = { operation: Operation; reason: string };

/** What an answer to `_bulk` says of each operation; those in no list are stored. */
export type BulkAnswer = {
  again: Operation[];
  /** Of those: their index is not there. */
  missing: Operation[];
  /** Their index is not to be written now, whatever the document: by missing rights, a block, or since it is closed. */
  refused: Refused[];
  /** It is the document's fault. */
  rejected: Refused[];
  /** Documents that are new, less those that are no more. */
  added: number;
  /** Of the last operation that is to be sent again, or was refused. */
  why: string;
};

type Verdict = "stored" | "again" | "refused" | "rejected";

/**
 * Reads an answer to `_bulk`. Throws `bulk_too_large` where the request is to be sent in parts, `bulk_refused` where
 * the cluster took nothing, and `bulk_unclear` where it cannot be told what it took; both pass.
 */
export function readBulkAnswer(operations: readonly Operation[], answer: EngineAnswer): BulkAnswer {
  if (answer.status !== 200) throw notTaken(answer);
  const items = answer.body["items"];
  if (!Array.isArray(items) || items.length !== operations.length) {
    const told = Array.isArray(items) ? `${items.length} of ${operations.length} documents` : "no document";
    throw new Fault("bulk_unclear", `The cluster's answer to _bulk tells of ${told}.`, { retry: "retryable" });
  }
  const read: BulkAnswer = { again: [], missing: [], refused: [], rejected: [], added: 0, why: "" };
  for (const [at, operation] of operations.entries()) {
    const [[action, item] = ["", {}]] = Object.entries((items[at] ?? {}) as Readonly<Record<string, EngineObject>>);
    const status = Number(item["status"]);
    const { type, reason } = errorOf({ status, body: item });
    if (item["result"] === "created") read.added += 1;
    if (item["result"] === "deleted") read.added -= 1;
    if (status === 404 && action !== "delete") read.missing.push(operation);
    const verdict = verdictOf({ status, action, type });
    const sentence = `${reason}${causeOf(item)} (${type})`;
    if (verdict === "rejected" || verdict === "refused") read[verdict].push({ operation, reason: sentence });
    if (verdict === "again") read.again.push(operation);
    if (verdict === "again" || verdict === "refused") read.why = sentence;
  }
  return read;
}

/**
 * 409: a document of this position is there, or a newer one of this id. Full disks (429), queues and shards that are
 * away pass; what keeps an index from being made or used may pass; what a mapping forbids does not.
 */
function verdictOf({ status, action, type }: { status: number; action: string; type: string }): Verdict {
  if (Number.isNaN(status)) return "again";
  if (status < 300 || status === 409) return "stored";
  if (status === 404) return action === "delete" ? "stored" : "again";
  if (status === 429 || status >= 500) return "again";
  return isOfIndex({ status, type }) ? "refused" : "rejected";
}

/** Whether a refusal is the index's and may pass: by rights that change, a block that goes, shards that there is room for. */
export function isOfIndex({ status, type }: { status: number; type: string }): boolean {
  return status === 401 || status === 403 || PASSING.has(type);
}

/** With status 400, and not the document's fault: a block, no room for more shards, an index that somebody closed. */
const PASSING = new Set(["cluster_block_exception", "validation_exception", "index_closed_exception"]);

/** Of a document that cannot be parsed the cause names the field's value. */
function causeOf({ error }: EngineObject): string {
  const { caused_by: cause } = (error ?? {}) as { caused_by?: EngineObject };
  const reason = cause?.["reason"];
  return typeof reason === "string" ? `: ${reason}` : "";
}

function notTaken(answer: EngineAnswer): Fault {
  const { type, reason } = errorOf(answer);
  if (answer.status === 413 || /http content length/i.test(reason)) {
    return new Fault("bulk_too_large", `The cluster takes no request of this size: ${reason}`);
  }
  // One operation that is none (too long an id, say) makes the engine refuse all of them.
  if (answer.status === 400 && type !== "error" && type !== "cluster_block_exception") {
    return new Fault("bulk_too_large", `The cluster takes no such request: ${reason} (${type})`);
  }
  const sentence = `The cluster answers ${answer.status} to _bulk: ${reason} (${type}).`;
  return new Fault("bulk_refused", sentence, { retry: "retryable" });
}
