import type { Chain } from "../../chain/chain.ts";
import type { AlertRecord, WatchStateRecord } from "../../events/alert-records.ts";
import type { Dataset } from "../../events/dataset.ts";
import type { Document } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { type AlertBook, createAlertBook } from "../alerts/alert-book.ts";
import { createDataQuality } from "../alerts/data-quality.ts";
import { spanMs } from "../alerts/spans.ts";
import type { Watch, WatchPorts } from "../watch.ts";
import { alertDocument, type Decision, type TellingAction } from "./decisions.ts";
import { createSourceMaker } from "./document-source.ts";
import { foundBy, lifeOf } from "./findings.ts";
import { contextOf, createJudging } from "./judging.ts";
import { hasSameTrigger, type KeptWatch, keepWatch, stateDocument } from "./kept-watch.ts";
import { createLanes } from "./lanes.ts";
import { createMetricBook } from "./metric-book.ts";

/** Checks watches as documents come and time passes, and decides what is to be told. */
export type AlertEngine = {
  set(watch: Watch, more: { active: boolean; version: number; state?: WatchStateRecord | undefined }): void;
  /** Its open alerts end, untold. */
  remove(id: string): void;
  /** Documents that are new or changed, in the order in which they became so. */
  observe(documents: readonly Document[]): void;
  /** Documents that no rule is checked with: what the quality of our data and the windows rest on. */
  note(documents: readonly Document[]): void;
  /** Documents of an earlier run: what they say is known, and is told to nobody. */
  prime(documents: readonly Document[]): void;
  /** Time passed: schedules that are due, alerts that begin or end by time alone. */
  advance(): void;
  /** Whether a document of the dataset can matter at all. */
  wants(dataset: string): boolean;
  /** Resolves when no check is under way. */
  idle(): Promise<void>;
  /** Watches with a check under way. */
  running(): number;
  watches(): readonly KeptWatch[];
  /** Over the rules as they are now: checks, and those that were left out. */
  counts(): { checks: number; leftOut: number };
  get(id: string): KeptWatch | undefined;
  readonly book: AlertBook;
  /** Writes what is known of a watch. */
  keepState(id: string): void;
};

/** Of one stream watch that searches, so many documents may wait; more are left out and counted. */
const MOST_WAITING = 256;

/**
 * `nowMs` is the clock: the recording's in a replay. `decide` gets what was decided, in order. Nothing here throws for
 * what a watch does: that is a failure in its history.
 */
export function createAlertEngine(deps: {
  chain: Chain;
  nodes: readonly string[];
  datasets: readonly Dataset[];
  ports: Pick<WatchPorts, "search" | "fetch">;
  routed?: (alert: AlertRecord) => readonly TellingAction[];
  silencedBy?: (alert: AlertRecord, nowMs: number) => string | undefined;
  decide(decision: Decision): void;
  nowMs(): number;
  signal: AbortSignal;
}): AlertEngine {
  const { chain, nodes, datasets, ports, decide, nowMs, signal } = deps;
  const { routed = () => [], silencedBy = () => undefined } = deps;
  const book = createAlertBook(chain);
  const quality = createDataQuality({ chain, nodes });
  const sourceOf = createSourceMaker(datasets);
  const lanes = createLanes(MOST_WAITING);
  const kept = new Map<string, KeptWatch>();
  let byDataset = new Map<string, KeptWatch[]>();
  const judging = createJudging({
    book,
    lastsMs: ({ watch }) => spanMs(lifeOf(watch).overAfter, chain),
    quality,
    metrics: createMetricBook(),
    ports,
    routed,
    silencedBy,
    isKept: (one) => kept.get(one.watch.id) === one,
    decide,
    nowMs,
    signal,
  });

  const group = (): void => {
    byDataset = new Map();
    for (const one of kept.values()) {
      const { trigger } = one.watch;
      if (trigger.kind === "stream") byDataset.set(trigger.dataset, [...(byDataset.get(trigger.dataset) ?? []), one]);
    }
  };

  /** One check after the other for each watch: what is decided of one document never overtakes what is of the one before. */
  const inTurn = (one: KeptWatch, work: () => void | Promise<void>): void => {
    if (!lanes.run(one.watch.id, work)) one.leftOut += 1;
  };

  /** Hands a document to the watches that take it, with their windows renewed. */
  const hand = (document: Document, take: (one: KeptWatch, source: JsonObject) => void): void => {
    quality.observe(document);
    const watching = byDataset.get(document.dataset);
    if (watching === undefined) return;
    const source = sourceOf(document);
    for (const one of watching) {
      const { trigger } = one.watch;
      if (trigger.kind !== "stream" || !trigger.takes(source)) continue;
      one.window?.put({ id: document.id, timestampUs: document.timestampUs, source });
      if (one.active) take(one, source);
    }
  };

  const askedOf = (one: KeptWatch, { document, source }: { document: Document; source: JsonObject }) => {
    const at = new Date(nowMs()).toISOString();
    const trigger = { triggered_time: at, scheduled_time: at, dataset: document.dataset };
    // As it is now, though the check may have to wait.
    const last = one.window?.sources();
    return { trigger, payload: source, document: keyOf(document), ...(last === undefined ? {} : { last }) };
  };

  const checkSchedule = (one: KeptWatch, atMs: number): void => {
    const { trigger } = one.watch;
    if (trigger.kind !== "schedule" || one.nextMs === undefined || one.nextMs > atMs) return;
    const scheduled = new Date(one.nextMs).toISOString();
    one.nextMs = trigger.nextMs(atMs);
    if (!one.active) return;
    if (one.isChecking) {
      one.leftOut += 1;
      return;
    }
    one.isChecking = true;
    inTurn(one, () => {
      const asked = {
        trigger: { triggered_time: new Date(atMs).toISOString(), scheduled_time: scheduled },
        payload: {},
      };
      const done = judging.check(one, asked);
      const end = () => {
        one.isChecking = false;
      };
      return done instanceof Promise ? done.finally(end) : end();
    });
  };

  const endAlerts = (id: string): void => {
    const ended = book.end(id, nowMs());
    if (ended.length > 0) decide({ documents: ended.map(alertDocument), deliveries: [], alerts: ended });
  };

  return {
    set(watch, { active, version, state }) {
      const before = kept.get(watch.id);
      if (!active || (before !== undefined && !asksTheSame(before.watch, watch))) endAlerts(watch.id);
      kept.set(watch.id, keepWatch({ watch, active, version, state, before, nowMs: nowMs() }));
      group();
    },
    remove(id) {
      endAlerts(id);
      kept.delete(id);
      group();
    },
    observe(documents) {
      for (const document of documents) {
        hand(document, (one, source) => {
          const asked = askedOf(one, { document, source });
          inTurn(one, () => judging.check(one, asked));
        });
      }
    },
    note(documents) {
      for (const document of documents) hand(document, () => undefined);
    },
    prime(documents) {
      for (const document of documents) {
        hand(document, (one, source) => {
          const ctx = contextOf(one, askedOf(one, { document, source }), nowMs());
          const told = one.watch.check(ctx, { ...ports, nowMs: nowMs(), signal });
          // What a search found then cannot be asked any more.
          if (told instanceof Promise || told.error !== undefined) return;
          book.prime({ rule: lifeOf(one.watch), found: foundBy(one.watch, told, ctx), document: keyOf(document) });
        });
      }
    },
    advance() {
      const atMs = nowMs();
      for (const one of kept.values()) checkSchedule(one, atMs);
      const mayJudge = (rule: string) => {
        const one = kept.get(rule);
        return one !== undefined && judging.lacking(one) === undefined;
      };
      for (const [rule, changes] of Map.groupBy(book.advance(atMs, mayJudge), ({ alert }) => alert.rule)) {
        const one = kept.get(rule);
        if (one !== undefined) inTurn(one, () => judging.tell(one, changes));
      }
    },
    wants: (dataset) => byDataset.has(dataset) || quality.reads(dataset),
    idle: lanes.idle,
    running: lanes.running,
    watches: () => [...kept.values()],
    counts() {
      let checks = 0;
      let leftOut = 0;
      for (const one of kept.values()) {
        checks += one.checks;
        leftOut += one.leftOut;
      }
      return { checks, leftOut };
    },
    get: (id) => kept.get(id),
    book,
    keepState(id) {
      const one = kept.get(id);
      if (one !== undefined) decide({ documents: [stateDocument(one, nowMs())], deliveries: [], alerts: [] });
    },
  };
}

/** A rule that looks at something else, or tells its alerts apart otherwise, says nothing of those that it had. */
function asksTheSame(a: Watch, b: Watch): boolean {
  const aboutOf = ({ metadata }: Watch) => {
    const { about, each } = (metadata["alert"] ?? {}) as { about?: unknown; each?: unknown };
    return JSON.stringify([about, each]);
  };
  return hasSameTrigger(a, b) && aboutOf(a) === aboutOf(b);
}

/** What tells a document from every other; an append-only one has nothing that a repetition would share. */
function keyOf({ id, timestampUs }: Document): string | undefined {
  return id === undefined ? undefined : `${id}@${timestampUs}`;
}
