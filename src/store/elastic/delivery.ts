import { createBackoff } from "../../lib/backoff.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import { sleep } from "../../lib/sleep.ts";
import type { Bulk } from "./bulk.ts";
import type { Refused } from "./bulk-answer.ts";
import type { createOperations, Operation } from "./operations.ts";
import type { Refusals } from "./refusals.ts";

/** Brings operations to the cluster: to their index, or where that will not take them to quarantine. */
export type Delivery = {
  /** Resolves when each of them is stored somewhere. */
  deliver(operations: readonly Operation[], signal: AbortSignal): Promise<Delivered>;
  /** Whether an index of others could be made as it was told; if not, why the cluster refuses it. */
  noteMade(index: string, refusal: string | undefined): void;
};

export type Delivered = {
  /** Documents that are new, less those that are no more. */
  added: number;
  /** Written to, the quarantine's among them. */
  indices: ReadonlySet<string>;
};

/** How often an index of others is tried before others wait no longer: some seconds. */
const PATIENCE = 6;
const TELL_EVERY_US = 60_000_000;
/** Of a document that even the quarantine's index does not take, so many characters are kept. */
const LAST_RESORT_CHARACTERS = 10_000;

/**
 * An index of others that the cluster refuses holds up no other one: after some tries its documents go to quarantine,
 * and each batch tries it anew. Where the quarantine is refused, too, it is not that index alone: then all wait. Our own
 * indices are waited for, whatever it takes: without them nothing is shown, and their names are in nobody's hands.
 *
 * @param makeAgain makes an index of others as it was told; why the cluster refuses that, undefined where it does not.
 * @param onTrouble is told why nothing goes on.
 */
export function createDelivery(deps: {
  operations: Pick<ReturnType<typeof createOperations>, "quarantine">;
  bulk: Bulk;
  isOwn: (index: string) => boolean;
  makeAgain: (index: string) => Promise<string | undefined>;
  refusals: Refusals;
  onTrouble: (reason: string) => void;
  clock: Clock;
  log: Log;
}): Delivery {
  const { operations, bulk, isOwn, makeAgain, refusals, onTrouble, clock, log } = deps;
  /** A cluster would make them by itself with the first document, and another mapping. */
  const unmade = new Set<string>();

  const patienceOf = (index: string): number => {
    if (isOwn(index)) return Number.POSITIVE_INFINITY;
    return refusals.has(index) ? 1 : PATIENCE;
  };

  /** One line for many: where a mapping does not fit, no document of its index does. */
  let untold = 0;
  let toldAtUs = Number.NEGATIVE_INFINITY;
  const tellRejected = (documents: number, reason: string | undefined): void => {
    untold += documents;
    if (clock.monoUs() - toldAtUs < TELL_EVERY_US) return;
    log.warn({ documents: untold, reason }, "Documents that the cluster rejected were put in quarantine");
    toldAtUs = clock.monoUs();
    untold = 0;
  };

  /** Writes what came to quarantine; what is not taken there either, shortened. */
  const setAside = async (rejected: readonly Refused[], signal: AbortSignal): Promise<Delivered> => {
    const kept = rejected.map(({ operation, reason }) => operations.quarantine(operation, reason));
    const indices = new Set(kept.map(({ index }) => index));
    const first = await bulk.write(kept, signal);
    if (first.rejected.length === 0) return { added: first.added, indices };
    const refused = new Set(first.rejected.map(({ operation }) => operation.position));
    const short = rejected
      .filter(({ operation }) => refused.has(operation.position))
      .map(({ operation, reason }) => operations.quarantine(operation, reason, LAST_RESORT_CHARACTERS));
    const second = await bulk.write(short, signal);
    for (const { operation, reason } of second.rejected) {
      log.error({ position: operation.position, reason }, "The cluster rejected what is for quarantine");
    }
    return { added: first.added + second.added, indices };
  };

  /** Makes the indices of operations that could not be made before; what can be sent now, and what is refused still. */
  const madeReady = async (held: readonly Operation[]): Promise<{ ready: Operation[]; refused: Refused[] }> => {
    const ready: Operation[] = [];
    const refused: Refused[] = [];
    for (const [index, members] of Map.groupBy(held, (one) => one.index)) {
      const reason = await makeAgain(index);
      if (reason === undefined) {
        unmade.delete(index);
        ready.push(...members);
      } else refused.push(...members.map((operation) => ({ operation, reason })));
    }
    return { ready, refused };
  };

  /** Whether the cluster takes a document for quarantine: then it takes documents. */
  const takesOthers = async ({ operation, reason }: Refused, signal: AbortSignal): Promise<boolean> => {
    const [probe] = (await bulk.write([operations.quarantine(operation, reason)], signal, () => 1)).refused;
    if (probe !== undefined) onTrouble(probe.reason);
    return probe === undefined;
  };

  const noteTaken = (tried: readonly Operation[], notTaken: readonly Refused[]): void => {
    const without = new Set(notTaken.map(({ operation }) => operation.index));
    for (const { index } of tried) if (!without.has(index)) refusals.over(index);
  };

  return {
    async deliver(sent, signal) {
      const backoff = createBackoff({ firstMs: 100, maxMs: 5_000 });
      const indices = new Set(sent.map(({ index }) => index));
      let added = 0;
      const aside = async (refused: readonly Refused[]): Promise<void> => {
        const kept = await setAside(refused, signal);
        added += kept.added;
        for (const index of kept.indices) indices.add(index);
      };
      for (let left = sent; left.length > 0; ) {
        const { sent: now = [], held = [] } = Object.groupBy(left, ({ index }) =>
          unmade.has(index) ? "held" : "sent",
        );
        const result = await bulk.write(now, signal, patienceOf);
        added += result.added;
        if (result.rejected.length > 0) {
          tellRejected(result.rejected.length, result.rejected[0]?.reason);
          await aside(result.rejected);
        }
        noteTaken(now, [...result.rejected, ...result.refused]);
        // Behind the others: what held them up may have been what forbade to make these.
        const { ready, refused } = await madeReady(held);
        const all = [...result.refused, ...refused];
        left = ready;
        const [first] = all;
        if (first === undefined) continue;
        if (await takesOthers(first, signal)) {
          for (const [index, members] of Map.groupBy(all, ({ operation }) => operation.index)) {
            refusals.note(index, { reason: members[0]?.reason ?? "", documents: members.length });
          }
          await aside(all);
          continue;
        }
        left = [...ready, ...all.map(({ operation }) => operation)];
        await sleep(backoff.nextMs(), signal);
        signal.throwIfAborted();
      }
      return { added, indices };
    },
    noteMade(index, refusal) {
      if (refusal === undefined) unmade.delete(index);
      else unmade.add(index);
    },
  };
}
