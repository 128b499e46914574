import { createBackoff } from "../../lib/backoff.ts";
import { isFault, messageOf } from "../../lib/fault.ts";
import { sleep } from "../../lib/sleep.ts";
import { type Refused, readBulkAnswer } from "./bulk-answer.ts";
import type { Engine } from "./engine.ts";
import type { Operation } from "./operations.ts";

/** What became of the operations of one call: those that are not in the list are stored. */
export type BulkResult = {
  /** The cluster will never take them, with its words. */
  rejected: Refused[];
  /** Their index was refused as often as `patienceOf` told. */
  refused: Refused[];
  /** Documents that are new, less those that are no more. */
  added: number;
};

/** Indices that were missing and are still: nobody knows how to make them, or the cluster refuses it with these words. */
export type NotMade = { unknown: ReadonlySet<string>; refused: ReadonlyMap<string, string> };

export type Bulk = {
  /**
   * Stores operations, however long that takes: what the cluster has no room for now is sent again, by itself, until
   * it was taken or rejected. Rejects with the signal's reason, and with what `recheck` rejects with for good.
   *
   * @param patienceOf how often an index is tried whose documents are refused for its own sake; without it, for ever.
   */
  write(
    operations: readonly Operation[],
    signal: AbortSignal,
    patienceOf?: (index: string) => number,
  ): Promise<BulkResult>;
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
 * @param prepare is called where the cluster says that an index is missing, before its operations are sent again.
 * @param recheck is called before operations are sent again that were not answered: whether it is still the same
 *   cluster, and which of them it has not stored yet. Rejects with an `engine_*` fault where it does not answer either.
 */
export function createBulk(deps: {
  engine: Engine;
  onTrouble: (reason: string | undefined) => void;
  prepare: (operations: readonly Operation[], signal: AbortSignal) => Promise<NotMade>;
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
    async write(operations, signal, patienceOf = () => Number.POSITIVE_INFINITY) {
      const result: BulkResult = { rejected: [], refused: [], added: 0 };
      const isSpent = countRefusals(patienceOf);
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
            if (told.again.length + told.refused.length < part.length) goOn();
            const unmade = told.missing.length > 0 ? await prepare(told.missing, signal) : ALL_MADE;
            const refused = [...told.refused];
            for (const operation of told.missing) {
              const reason = unmade.refused.get(operation.index);
              if (unmade.unknown.has(operation.index)) result.rejected.push({ operation, reason: told.why });
              else if (reason !== undefined) refused.push({ operation, reason });
            }
            const again = told.again.filter(({ index }) => !unmade.unknown.has(index) && !unmade.refused.has(index));
            // While others wait, too, it may be the cluster and not the index.
            const isGivenUp = isSpent(refused) && again.length === 0;
            if (isGivenUp) result.refused.push(...refused);
            else again.push(...refused.map(({ operation }) => operation));
            if (again.length === 0) {
              parts.shift();
              if (refused.length === 0) goOn();
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

const ALL_MADE: NotMade = { unknown: new Set(), refused: new Map() };

/** Counts how often each index was refused; told which are refused now, it says whether the patience with all is spent. */
function countRefusals(patienceOf: (index: string) => number): (refused: readonly Refused[]) => boolean {
  const refusals = new Map<string, number>();
  return (refused) => {
    const indices = [...new Set(refused.map(({ operation }) => operation.index))];
    for (const index of indices) refusals.set(index, (refusals.get(index) ?? 0) + 1);
    return indices.every((index) => (refusals.get(index) ?? 0) >= patienceOf(index));
  };
}
