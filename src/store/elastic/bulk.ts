import { createBackoff } from "../../lib/backoff.ts";
import { isFault, messageOf } from "../../lib/fault.ts";
import { sleep } from "../../lib/sleep.ts";
import { readBulkAnswer } from "./bulk-answer.ts";
import type { Engine } from "./engine.ts";
import type { Operation } from "./operations.ts";

/** What became of the operations of one call: those that are not in the list are stored. */
export type BulkResult = {
  /** The cluster will never take them, with its words. */
  rejected: { operation: Operation; reason: string }[];
  /** Documents that are new, less those that are no more. */
  added: number;
};

export type Bulk = {
  /**
   * Stores operations, however long that takes: what the cluster has no room for now is sent again, by itself, until
   * it was taken or rejected. Rejects with the signal's reason, and with what `recheck` rejects with for good.
   */
  write(operations: readonly Operation[], signal: AbortSignal): Promise<BulkResult>;
};

const FIRST_WAIT_MS = 100;
const MAX_WAIT_MS = 5_000;
/** The cluster itself gives up the documents of a shard that is away, before the client gives up the cluster. */
const SHARD_LIMIT = "30s";
const LIMIT_MS = 60_000;
/** A single refusal is a busy moment: from the second one on without anything stored it is told. */
const TOLD_FROM = 2;
/** A request without an answer for so long is told, and waited for still. */
const SLOW_MS = 10_000;
/** A cluster that answers all but this request so many times may be behind something that cuts long ones. */
const CUTS_UNTIL_SPLIT = 3;
/** Statuses and reasons alone: of thousands of documents the whole answer takes a while to read. */
const WANTED = "errors,error,status,items.*.status,items.*.result,items.*.error.type,items.*.error.reason";
const WANTED_CAUSE = "items.*.error.caused_by.type,items.*.error.caused_by.reason";

/**
 * Writes to a cluster by `_bulk`; several calls may be under way at once.
 *
 * @param onTrouble is told why nothing goes on, and undefined when all calls go on again.
 * @param prepare is called where the cluster says that an index is missing, before its operations are sent again; it
 *   resolves with the names of indices that nobody knows how to make.
 * @param recheck is called before operations are sent again that were not answered: whether it is still the same
 *   cluster, and which of them it has not stored yet. Rejects with an `engine_*` fault where it does not answer either.
 */
export function createBulk(deps: {
  engine: Engine;
  onTrouble: (reason: string | undefined) => void;
  prepare: (operations: readonly Operation[], signal: AbortSignal) => Promise<ReadonlySet<string>>;
  recheck: (operations: readonly Operation[], signal: AbortSignal) => Promise<readonly Operation[]>;
  /** Between one attempt and the next. */
  waits?: { firstMs: number; maxMs: number };
}): Bulk {
  const { engine, onTrouble, prepare, recheck, waits = { firstMs: FIRST_WAIT_MS, maxMs: MAX_WAIT_MS } } = deps;
  /** Calls that do not go on. */
  const troubled = new Set<object>();

  const send = async (operations: readonly Operation[], signal: AbortSignal) => {
    const answer = await engine.ask({
      method: "POST",
      path: "/_bulk",
      query: { timeout: SHARD_LIMIT, filter_path: `${WANTED},${WANTED_CAUSE}` },
      body: operations.map(({ text }) => text).join(""),
      limitMs: LIMIT_MS,
      signal,
    });
    return readBulkAnswer(operations, answer);
  };

  return {
    async write(operations, signal) {
      const result: BulkResult = { rejected: [], added: 0 };
      const backoff = createBackoff(waits);
      const call = {};
      let [failures, cuts] = [0, 0];
      let isUnanswered = false;
      /** Parts of what is left, each of which is sent by itself: too large a request is cut in two. */
      const parts: (readonly Operation[])[] = operations.length === 0 ? [] : [operations];
      const split = (part: readonly Operation[], reason: string): void => {
        const [only] = part;
        const half = part.length >> 1;
        parts.shift();
        if (half > 0) parts.unshift(part.slice(0, half), part.slice(half));
        else if (only !== undefined) result.rejected.push({ operation: only, reason });
      };
      const tell = (why: string): void => {
        troubled.add(call);
        onTrouble(why);
      };
      const goOn = (): void => {
        [failures, cuts] = [0, 0];
        backoff.reset();
        if (troubled.delete(call) && troubled.size === 0) onTrouble(undefined);
      };

      try {
        while (parts.length > 0) {
          let part = parts[0] as readonly Operation[];
          let why: string;
          try {
            // Who was not answered may meet another cluster now.
            if (isUnanswered) {
              part = await recheck(part, signal);
              parts[0] = part;
              isUnanswered = false;
              cuts += 1;
              if (part.length === 0) {
                parts.shift();
                goOn();
                continue;
              }
              if (cuts > CUTS_UNTIL_SPLIT && part.length > 1) {
                cuts = 0;
                split(part, "");
                continue;
              }
            }
            const slow = setTimeout(() => tell(`no answer for ${SLOW_MS / 1000} s`), SLOW_MS);
            const told = await send(part, signal).finally(() => clearTimeout(slow));
            result.rejected.push(...told.rejected);
            result.added += told.added;
            if (told.again.length < part.length) goOn();
            const unknown = told.missing.length > 0 ? await prepare(told.missing, signal) : new Set<string>();
            const again = told.again.filter(({ index }) => !unknown.has(index));
            for (const operation of told.missing) {
              if (unknown.has(operation.index)) result.rejected.push({ operation, reason: told.why });
            }
            if (again.length === 0) {
              parts.shift();
              goOn();
              continue;
            }
            parts[0] = again;
            why = told.why;
          } catch (error) {
            signal.throwIfAborted();
            if (!isFault(error) || isFault(error, "cluster_changed")) throw error;
            why = messageOf(error);
            if (isFault(error, "bulk_too_large")) {
              split(part, why);
              continue;
            }
            isUnanswered ||= isFault(error, "engine_unreachable") || isFault(error, "bulk_unclear");
          }
          failures += 1;
          if (failures >= TOLD_FROM) tell(why);
          await sleep(backoff.nextMs(), signal);
          signal.throwIfAborted();
        }
        return result;
      } finally {
        troubled.delete(call);
      }
    },
  };
}
