import { createBackoff } from "../../lib/backoff.ts";
import { Fault, isFault, messageOf } from "../../lib/fault.ts";
import { sleep } from "../../lib/sleep.ts";
import { type Engine, type EngineObject, errorOf } from "./engine.ts";
import type { Operation } from "./operations.ts";

/** What became of the operations of one call: those in neither list are stored. */
export type BulkResult = {
  /** The cluster will never take them, with its words. */
  rejected: { operation: Operation; reason: string }[];
  /** Documents that are new, less those that are no more. */
  added: number;
};

export type Bulk = {
  /**
   * Stores operations, however long that takes: what the cluster has no room for now is sent again, by itself, until
   * it was taken or rejected. Rejects with the signal's reason alone.
   */
  write(operations: readonly Operation[], signal: AbortSignal): Promise<BulkResult>;
};

type Verdict = "stored" | "again" | "rejected";

const FIRST_WAIT_MS = 100;
const MAX_WAIT_MS = 5_000;
/** A cluster that is busy may take long over a request; one that does not answer at all is asked again. */
const LIMIT_MS = 60_000;

/**
 * Writes to a cluster by `_bulk`.
 *
 * @param onTrouble is told why nothing goes on, and undefined when it does again.
 * @param prepare is called once where the cluster says that an index is missing, before its operations are sent again.
 */
export function createBulk(deps: {
  engine: Engine;
  onTrouble: (reason: string | undefined) => void;
  prepare: (operations: readonly Operation[], signal: AbortSignal) => Promise<void>;
}): Bulk {
  const { engine, onTrouble, prepare } = deps;

  /** One request. What it says of each operation is sorted by what is to be done. */
  const send = async (
    operations: readonly Operation[],
    signal: AbortSignal,
  ): Promise<{ again: Operation[]; missing: Operation[]; why: string } & BulkResult> => {
    const body = operations.map(({ text }) => text).join("");
    const answer = await engine.ask({ method: "POST", path: "/_bulk", body, limitMs: LIMIT_MS, signal });
    if (answer.status !== 200) throw notTaken(answer);
    const told = { again: [], missing: [], rejected: [], why: "", added: 0 } as Awaited<ReturnType<typeof send>>;
    const items = answer.body["items"] as readonly EngineObject[];
    for (const [at, operation] of operations.entries()) {
      const [action = "", item = {}] = (Object.entries(items[at] ?? {})[0] ?? []) as [string?, EngineObject?];
      const status = Number(item["status"]);
      const { type, reason } = errorOf({ status, body: item });
      if (item["result"] === "created") told.added += 1;
      if (item["result"] === "deleted") told.added -= 1;
      if (status === 404 && action !== "delete") told.missing.push(operation);
      const verdict = verdictOf({ status, action, type });
      if (verdict === "rejected") told.rejected.push({ operation, reason: `${reason} (${type})` });
      else if (verdict === "again") {
        told.again.push(operation);
        told.why = reason;
      }
    }
    return told;
  };

  return {
    async write(operations, signal) {
      const result: BulkResult = { rejected: [], added: 0 };
      const backoff = createBackoff({ firstMs: FIRST_WAIT_MS, maxMs: MAX_WAIT_MS });
      let troubled = false;
      /** Parts of what is left, each of which is sent by itself: too large a request is cut in two. */
      const parts: (readonly Operation[])[] = operations.length === 0 ? [] : [operations];
      while (parts.length > 0) {
        const part = parts[0] as readonly Operation[];
        let why: string;
        try {
          const { again, missing, rejected, added, ...told } = await send(part, signal);
          result.rejected.push(...rejected);
          result.added += added;
          if (missing.length > 0) await prepare(missing, signal);
          if (again.length === 0) {
            parts.shift();
            if (troubled) onTrouble(undefined);
            troubled = false;
            backoff.reset();
            continue;
          }
          if (again.length < part.length) backoff.reset();
          parts[0] = again;
          why = told.why;
        } catch (error) {
          signal.throwIfAborted();
          if (isFault(error, "bulk_too_large")) {
            const [only] = part;
            parts.shift();
            if (part.length > 1) {
              const half = part.length >> 1;
              parts.unshift(part.slice(0, half), part.slice(half));
            } else if (only !== undefined) result.rejected.push({ operation: only, reason: error.message });
            continue;
          }
          if (!isFault(error)) throw error;
          why = messageOf(error);
        }
        troubled = true;
        onTrouble(why);
        await sleep(backoff.nextMs(), signal);
        signal.throwIfAborted();
      }
      return result;
    },
  };
}

/**
 * 409: a document of this position is there, or a newer one of this id. Full disks (`cluster_block_exception`), queues
 * and shards that are away pass; what a mapping or a limit forbids does not.
 */
function verdictOf({ status, action, type }: { status: number; action: string; type: string }): Verdict {
  if (status < 300 || status === 409) return "stored";
  if (status === 404) return action === "delete" ? "stored" : "again";
  if (status === 429 || status >= 500 || type === "cluster_block_exception" || status === 401 || status === 403) {
    return "again";
  }
  return "rejected";
}

function notTaken(answer: { status: number; body: EngineObject }): Fault {
  const { type, reason } = errorOf(answer);
  if (answer.status === 413 || /http content length/i.test(reason)) {
    return new Fault("bulk_too_large", `The cluster takes no request of this size: ${reason}`);
  }
  return new Fault("bulk_refused", `The cluster answers ${answer.status} to _bulk: ${reason} (${type}).`, {
    retry: "retryable",
  });
}
