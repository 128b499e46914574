import { setImmediate as nextTurn } from "node:timers/promises";
import { foreignIndexDataset } from "../../events/foreign-index.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import { sleep } from "../../lib/sleep.ts";
import { createJournalReader, type JournaledDocument } from "../journal-reader.ts";
import type { JournalPoint } from "../journal-segments.ts";
import type { Bulk } from "./bulk.ts";
import type { createOperations, Operation } from "./operations.ts";

export type Loader = {
  /** The journal is durable up to here now. */
  advance(point: JournalPoint): void;
  /** Settles when `signal` aborted and nothing is under way. */
  readonly done: Promise<void>;
};

/** Documents that are read from the journal at once. */
const READ_DOCUMENTS = 5_000;
/** So many operations are made before others have their turn on the thread. */
const SLICE = 200;
/** Small requests cost a cluster as much as large ones. */
const QUIET_MS = 250;
const TELL_EVERY_US = 60_000_000;

/**
 * Moves the journal into a cluster, in its order and with several requests at once. A position is passed when all
 * before it is stored, or in quarantine; after a kill what was on its way is sent again, and refused as there already.
 */
export function startLoader(options: {
  journalDirectory: string;
  position: number;
  operations: ReturnType<typeof createOperations>;
  bulk: Bulk;
  /** What was told of an index of others: it is made before documents behind it are sent. */
  makeIndex: (entry: JournaledDocument, signal: AbortSignal) => Promise<void>;
  onLoaded: (position: number, added: number) => Promise<void>;
  bulkBytes: number;
  requests: number;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
}): Loader {
  const { journalDirectory, operations, bulk, makeIndex, onLoaded, bulkBytes, requests, clock, log, signal } = options;
  const reader = createJournalReader({ directory: journalDirectory, position: options.position, log });
  let position = options.position;
  let point: JournalPoint | undefined;
  let wake = () => {};

  const untilDurable = async (): Promise<JournalPoint | undefined> => {
    while (!signal.aborted) {
      if (point !== undefined && point.position > position) return point;
      await new Promise<void>((resolve) => {
        wake = resolve;
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    }
    return undefined;
  };

  /** Requests of about the wanted size. */
  const chunks = (made: readonly Operation[]): Operation[][] => {
    const all: Operation[][] = [];
    let bytes = Number.POSITIVE_INFINITY;
    for (const operation of made) {
      if (bytes >= bulkBytes) {
        all.push([]);
        bytes = 0;
      }
      all.at(-1)?.push(operation);
      bytes += operation.text.length;
    }
    return all;
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

  const store = async (entries: readonly JournaledDocument[]): Promise<number> => {
    const made: Operation[] = [];
    for (let at = 0; at < entries.length; at += SLICE) {
      made.push(...operations.of(entries.slice(at, at + SLICE)));
      await nextTurn();
    }
    const waiting = chunks(made);
    let added = 0;
    const sendNext = async (): Promise<void> => {
      for (let chunk = waiting.shift(); chunk !== undefined; chunk = waiting.shift()) {
        const result = await bulk.write(chunk, signal);
        added += result.added;
        if (result.rejected.length === 0) continue;
        const kept = result.rejected.map(({ operation, reason }) => operations.quarantine(operation, reason));
        tellRejected(kept.length, result.rejected[0]?.reason);
        const again = await bulk.write(kept, signal);
        added += again.added;
        for (const { operation, reason } of again.rejected) {
          log.error({ position: operation.position, reason }, "The cluster rejected what is for quarantine");
        }
      }
    };
    await Promise.all(Array.from({ length: requests }, sendNext));
    return added;
  };

  const run = async (): Promise<void> => {
    for (let until = await untilDurable(); until !== undefined; until = await untilDurable()) {
      const reading = await reader.read({ until, limit: READ_DOCUMENTS });
      let from = 0;
      let added = 0;
      for (const [at, entry] of reading.documents.entries()) {
        if (entry.document.dataset !== foreignIndexDataset.name) continue;
        added += await store(reading.documents.slice(from, at));
        from = at;
        await makeIndex(entry, signal);
      }
      added += await store(reading.documents.slice(from));
      position = reading.position;
      await onLoaded(position, added);
      if (until.position - position < READ_DOCUMENTS) await sleep(QUIET_MS, signal);
    }
  };

  const done = run()
    .catch((error: unknown) => {
      if (!signal.aborted) throw error;
    })
    .finally(() => reader.close());
  done.catch(() => undefined);
  return {
    done,
    advance(next) {
      point = next;
      wake();
    },
  };
}
