import { setImmediate as nextTurn } from "node:timers/promises";
import type { Outcome } from "../../events/foreign.ts";
import { isFault } from "../../lib/fault.ts";
import type { Log } from "../../lib/log.ts";
import { createBatch } from "./batch.ts";
import type { ForeignTables } from "./foreign-tables.ts";
import { foreignIndex, type IndexBook, type IndexState } from "./index-book.ts";
import { failedOutcome, notTaken } from "./item-failures.ts";
import type { KnownIds } from "./known-ids.ts";
import type { Prepared } from "./prepared.ts";
import type { KnownDocument } from "./recent-ids.ts";

/** What waits for its turn in an index: a document, or what must be alone. */
type Job =
  | { kind: "item"; prepared: Prepared; done: (outcome: Outcome) => void; fail: (error: unknown) => void }
  | { kind: "alone"; work: () => Promise<void> };

/** The one writer of an index: items of many requests are written together, in the order of their arrival. */
export type Lane = {
  write(prepared: Prepared): Promise<Outcome>;
  /** Runs work while nothing is written. */
  alone<T>(work: () => Promise<T>): Promise<T>;
};

export type LaneDeps = {
  tables: ForeignTables;
  book: IndexBook;
  ids: KnownIds;
  /** The index as its first document makes it. Throws Elasticsearch's 400. */
  plan: (name: string) => IndexState;
  /** An index was stored for the first time. */
  onMade: (state: IndexState) => Promise<void>;
  log: Log;
};

const MAX_ITEMS = 5_000;
/** So many documents are read before others have their turn on the thread. */
const SLICE = 200;

/** `onIdle` is called when nothing waits any more. */
export function createLane(name: string, deps: LaneDeps, onIdle: () => void): Lane {
  const { tables, book, ids, plan, onMade, log } = deps;
  let waiting: Job[] = [];
  let running = false;

  const run = async (): Promise<void> => {
    running = true;
    // What comes in the same turn is written together.
    await nextTurn();
    while (waiting.length > 0) {
      const [first] = waiting;
      if (first?.kind === "alone") {
        waiting = waiting.slice(1);
        await first.work();
        continue;
      }
      const end = waiting.findIndex(({ kind }) => kind === "alone");
      const count = Math.min(end < 0 ? waiting.length : end, MAX_ITEMS);
      const jobs = waiting.slice(0, count).filter((job) => job.kind === "item");
      waiting = waiting.slice(count);
      await writeTogether(jobs);
    }
    running = false;
    onIdle();
  };
  const push = (job: Job): void => {
    waiting.push(job);
    if (!running) void run();
  };

  const writeTogether = async (jobs: readonly Extract<Job, { kind: "item" }>[]): Promise<void> => {
    try {
      const outcomes = await written(jobs.map(({ prepared }) => prepared));
      for (const [at, { done, fail }] of jobs.entries()) {
        const outcome = outcomes[at];
        if (outcome === undefined) fail(new Error(`nothing was told of an item of [${name}]`));
        else done(outcome);
      }
    } catch (error) {
      for (const { fail } of jobs) fail(error);
    }
  };

  const written = async (items: readonly Prepared[]): Promise<readonly Outcome[]> => {
    let known: IndexState | undefined;
    let documents: ReadonlyMap<string, KnownDocument> = new Map();
    try {
      await book.ready();
      known = book.get(name);
      if (known !== undefined) documents = await ids.recall({ index: name, kind: known.kind, items });
    } catch (error) {
      if (!isFault(error)) throw error;
      return items.map(({ item }) => failedOutcome(item, notTaken(error)));
    }
    const batch = createBatch({ name, state: known, plan, recall: (id) => documents.get(id) });
    for (const [at, prepared] of items.entries()) {
      if (at % SLICE === SLICE - 1) await nextTurn();
      batch.add(prepared);
    }
    const state = batch.state();
    const isNew = known === undefined && state !== undefined;
    const hasGrown = state !== undefined && state.mapping !== known?.mapping;
    if (batch.records.length === 0 && !isNew) {
      ids.learn(name, batch.known([]));
      return batch.outcomes([]);
    }
    try {
      const indices = state !== undefined && hasGrown ? [foreignIndex(state)] : [];
      const seqNos = await tables.append({ indices, records: batch.records });
      ids.learn(name, batch.known(seqNos));
      if (state !== undefined && hasGrown) book.set(state);
      if (isNew) await onMade(state);
      return batch.outcomes(seqNos);
    } catch (error) {
      // Nothing was taken of what was refused; what failed otherwise may be stored or not.
      if (!isFault(error, "store_queue_full") && !isFault(error, "store_closed")) {
        ids.doubt(name, batch.ids());
        book.doubt(name);
      }
      if (!isFault(error)) throw error;
      log.warn(
        { index: name, code: error.code, documents: batch.records.length },
        "Documents of others were not stored",
      );
      return batch.failed(notTaken(error));
    }
  };

  return {
    write: (prepared) =>
      new Promise((done, fail) => {
        push({ kind: "item", prepared, done, fail });
      }),
    alone: (work) =>
      new Promise((resolve, reject) => {
        push({ kind: "alone", work: () => work().then(resolve, reject) });
      }),
  };
}
