import { setImmediate as nextTurn } from "node:timers/promises";
import type {
  DocumentReader,
  ForeignItem,
  ForeignSink,
  IndexAdmin,
  JsonObject,
  Outcome,
} from "../../events/foreign.ts";
import { indexNotFound } from "../../events/refusal.ts";
import type { Clock } from "../../lib/clock.ts";
import { messageOf } from "../../lib/fault.ts";
import { parseJsonExact } from "../../lib/json.ts";
import type { Log } from "../../lib/log.ts";
import type { ForeignTables } from "./foreign-tables.ts";
import { createIndexAdmin } from "./index-admin.ts";
import { createIndexBook, type IndexState, plannedIndex } from "./index-book.ts";
import { planIndex } from "./index-plan.ts";
import { failedOutcome, tooBusy } from "./item-failures.ts";
import { createKnownIds } from "./known-ids.ts";
import { createLane, type Lane } from "./lane.ts";
import { oneIndex } from "./one-index.ts";
import { type PipelineRunner, prepareItem } from "./prepare.ts";
import type { TemplateBook } from "./template-book.ts";
import { createTargets } from "./write-target.ts";

/** Where documents of others go, what they are read from, and what is done to their indices. */
export type ForeignStore = ForeignSink &
  DocumentReader &
  IndexAdmin & {
    counts(): ForeignCounts;
  };

/** Of this run. `dropped` were told to be sent again later. */
export type ForeignCounts = { waiting: number; written: number; refused: number; dropped: number };

/** Documents that wait here: beyond the first `full()` says so, beyond the second they are not taken. */
const FULL_AT = 20_000;
const MAX_WAITING = 50_000;
const KNOWN_BYTES = 64_000_000;
/** So many documents go through the pipelines before others have their turn on the thread. */
const SLICE = 100;

/**
 * Documents of others by Elasticsearch's rules: they go through pipelines, get their place on the chain, add to their
 * index's mapping, are judged by their ids, and are durable when `write` resolves. Each index has one writer, which
 * writes what many requests brought together.
 */
export function createForeignSink(deps: {
  tables: ForeignTables;
  templates: TemplateBook;
  pipelines: PipelineRunner;
  place?: (source: JsonObject) => JsonObject;
  /** Pipeline of documents that neither they nor their index name one for: client logs have one. */
  entryPipeline?: (source: JsonObject) => string | undefined;
  clock: Clock;
  log: Log;
  /** Memory for the newest documents by id. */
  knownBytes?: number;
}): ForeignStore {
  const { tables, templates, pipelines, clock, log } = deps;
  const { place = (source) => source, entryPipeline = () => undefined } = deps;
  const book = createIndexBook({ tables, templates });
  const ids = createKnownIds({ tables, maxBytes: deps.knownBytes ?? KNOWN_BYTES });
  const lanes = new Map<string, Lane>();
  const counts: ForeignCounts = { waiting: 0, written: 0, refused: 0, dropped: 0 };

  const plan = (name: string) => plannedIndex({ name, plan: planIndex(name, templates), clock });
  const onMade = async ({ name, kind, aliases }: IndexState) => {
    log.info({ index: name, kind }, "An index of others was made");
    try {
      for (const alias of Object.keys(aliases)) {
        const before = (templates.all("alias").get(alias)?.["indices"] ?? {}) as JsonObject;
        await templates.put("alias", alias, { indices: { ...before, [name]: aliases[alias] ?? {} } });
      }
    } catch (error) {
      // The index is made and its documents are stored: that is what their senders are told.
      log.warn({ index: name, error: messageOf(error) }, "The aliases of a new index were not kept");
    }
  };
  const laneOf = (name: string): Lane => {
    const known = lanes.get(name);
    if (known !== undefined) return known;
    const lane = createLane(name, { tables, book, ids, plan, onMade, log }, () => lanes.delete(name));
    lanes.set(name, lane);
    return lane;
  };

  const begun = async (items: readonly ForeignItem[]): Promise<readonly Outcome[]> => {
    const outcomes: (Outcome | Promise<Outcome>)[] = [];
    const target = createTargets({ book, templates });
    for (const [at, item] of items.entries()) {
      if (at % SLICE === SLICE - 1) await nextTurn();
      const prepared = prepareItem(item, { pipelines, place, entryPipeline, target });
      if (!("item" in prepared)) outcomes.push(prepared);
      else {
        const outcome = laneOf(prepared.item.index).write(prepared);
        // Who waits for all of them comes later than this one may fail.
        outcome.catch(() => undefined);
        outcomes.push(outcome);
      }
    }
    return Promise.all(outcomes);
  };

  return {
    ...createIndexAdmin({ tables, templates, book, ids, laneOf, plan, onMade, clock }),
    async write(items) {
      if (counts.waiting + items.length > MAX_WAITING) {
        counts.dropped += items.length;
        const failure = tooBusy(`${counts.waiting} documents wait for the store: send this again later`);
        return items.map((item) => failedOutcome(item, failure));
      }
      counts.waiting += items.length;
      try {
        await book.ready();
        const outcomes = await begun(items);
        for (const { status } of outcomes) {
          if (status < 300) counts.written += 1;
          else if (status === 429 || status >= 500) counts.dropped += 1;
          else counts.refused += 1;
        }
        return outcomes;
      } finally {
        counts.waiting -= items.length;
      }
    },
    full: () => tables.full() || counts.waiting >= FULL_AT,
    settled: (signal) => tables.settled(signal),
    async get({ index, id, signal }) {
      await book.ready();
      const name = oneIndex(index, templates.all("alias"));
      const state = book.get(name);
      if (state === undefined) throw indexNotFound(index);
      const found = await ids.find({ index: name, kind: state.kind, id, ...(signal === undefined ? {} : { signal }) });
      if (found === undefined) return undefined;
      const source = parseJsonExact(found.source ?? "{}") as JsonObject;
      return { _index: name, _id: id, _version: found.version, _seq_no: found.seqNo, _primary_term: 1, source };
    },
    counts: () => ({ ...counts }),
  };
}
