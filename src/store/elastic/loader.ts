import { setImmediate as nextTurn } from "node:timers/promises";
import { countOf } from "../../events/document.ts";
import { foreignIndexDataset } from "../../events/foreign-index.ts";
import { createBackoff } from "../../lib/backoff.ts";
import { messageOf } from "../../lib/fault.ts";
import type { Log } from "../../lib/log.ts";
import { sleep } from "../../lib/sleep.ts";
import { createJournalReader, type JournaledDocument, type JournalReading } from "../journal-reader.ts";
import type { JournalPoint } from "../journal-segments.ts";
import type { Delivery } from "./delivery.ts";
import type { createOperations, Operation } from "./operations.ts";

export type Loader = {
  /** The journal is durable up to here now. */
  advance(point: JournalPoint): void;
  /** Settles when `signal` aborted and nothing is under way; rejects with what ended the writing for good. */
  readonly done: Promise<void>;
};

/** Documents that are read from the journal at once, about. */
export const READ_DOCUMENTS = 5_000;
/** So many operations are made before others have their turn on the thread. */
const SLICE = 200;
/** Small requests cost a cluster as much as large ones. */
const QUIET_MS = 250;

/**
 * Moves the journal into a cluster, in its order and with several requests at once. A position is passed when all
 * before it is stored, or in quarantine; after a kill what was on its way is sent again, and refused as there already.
 */
export function startLoader(options: {
  journalDirectory: string;
  position: number;
  operations: Pick<ReturnType<typeof createOperations>, "of">;
  delivery: Pick<Delivery, "deliver">;
  /** Up to here documents may be in the cluster already; `leaveOut` says which are not. */
  uncertainUntil: number;
  leaveOut: (operations: readonly Operation[]) => Promise<readonly Operation[]>;
  /** What was told of an index of others: it is made before documents behind it are sent. */
  makeIndex: (entry: JournaledDocument) => Promise<void>;
  /** `indices` are those that were written to. */
  onLoaded: (position: number, done: { added: number; indices: ReadonlySet<string> }) => Promise<void>;
  /** Told why the journal cannot be read, and undefined when it can again. */
  onTrouble: (reason: string | undefined) => void;
  bulkBytes: number;
  requests: number;
  log: Log;
  signal: AbortSignal;
}): Loader {
  const { journalDirectory, operations, delivery, makeIndex, onLoaded, onTrouble, bulkBytes, requests } = options;
  const { uncertainUntil, leaveOut, log, signal } = options;
  const openReader = () => createJournalReader({ directory: journalDirectory, position, log });
  let position = options.position;
  let point: JournalPoint | undefined;
  let reader = openReader();
  let wake = () => {};
  signal.addEventListener("abort", () => wake(), { once: true });

  const untilDurable = async (): Promise<JournalPoint | undefined> => {
    while (!signal.aborted) {
      if (point !== undefined && point.position > position) return point;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return undefined;
  };

  /** What was read when the reading failed is read again: the reader stands where no request got to. */
  const read = async (until: JournalPoint): Promise<JournalReading> => {
    const backoff = createBackoff({ firstMs: 100, maxMs: 5_000 });
    let failed = false;
    while (true) {
      try {
        const reading = await reader.read({ until, limit: READ_DOCUMENTS });
        if (failed) onTrouble(undefined);
        return reading;
      } catch (error) {
        signal.throwIfAborted();
        failed = true;
        onTrouble(`the journal cannot be read: ${messageOf(error)}`);
        await reader.close().catch(() => undefined);
        reader = openReader();
        await sleep(backoff.nextMs(), signal);
        signal.throwIfAborted();
      }
    }
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

  const make = async (entries: readonly JournaledDocument[]): Promise<Operation[]> => {
    const made: Operation[] = [];
    let slice = 0;
    for (const entry of entries) {
      for (const operation of operations.of([entry])) made.push(operation);
      slice += countOf(entry.document);
      if (slice < SLICE) continue;
      slice = 0;
      await nextTurn();
    }
    return made;
  };

  const store = async (entries: readonly JournaledDocument[], indices: Set<string>): Promise<number> => {
    const all = await make(entries);
    const isUncertain = entries[0] !== undefined && entries[0].position <= uncertainUntil;
    const made = isUncertain ? await leaveOut(all) : all;
    const waiting = chunks(made);
    const failing = new AbortController();
    const both = AbortSignal.any([signal, failing.signal]);
    let added = 0;
    const sendNext = async (): Promise<void> => {
      for (let chunk = waiting.shift(); chunk !== undefined; chunk = waiting.shift()) {
        const done = await delivery.deliver(chunk, both);
        added += done.added;
        for (const index of done.indices) indices.add(index);
      }
    };
    let failure: { error: unknown } | undefined;
    const lane = () =>
      sendNext().catch((error: unknown) => {
        failure ??= { error };
        failing.abort();
      });
    await Promise.all(Array.from({ length: requests }, lane));
    if (failure !== undefined) throw failure.error;
    return added;
  };

  const run = async (): Promise<void> => {
    for (let until = await untilDurable(); until !== undefined; until = await untilDurable()) {
      const reading = await read(until);
      const indices = new Set<string>();
      let from = 0;
      let added = 0;
      for (const [at, entry] of reading.documents.entries()) {
        if (entry.document.dataset !== foreignIndexDataset.name) continue;
        added += await store(reading.documents.slice(from, at), indices);
        from = at;
        await makeIndex(entry);
      }
      added += await store(reading.documents.slice(from), indices);
      position = reading.position;
      await onLoaded(position, { added, indices });
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
