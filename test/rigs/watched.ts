import { fileURLToPath } from "node:url";
import { createAlertEngine } from "../../src/alert/engine/engine.ts";
import { readWatchFiles } from "../../src/alert/shipped.ts";
import type { Watch, WatchPorts } from "../../src/alert/watch.ts";
import { createChain } from "../../src/chain/chain.ts";
import type { AlertRecord } from "../../src/events/alert-records.ts";
import { catalogue } from "../../src/events/catalogue.ts";
import type { Document, Json } from "../../src/events/document.ts";

export const shippedWatches: readonly Watch[] = readWatchFiles(
  fileURLToPath(new URL("../../watches", import.meta.url)),
);

function shippedWatch(id: string): Watch {
  const found = shippedWatches.find((watch) => watch.id === id);
  if (found === undefined) throw new Error(`No watch ${id} is shipped.`);
  return found;
}

/** Slots of twelve seconds, 32 an epoch, votes due at four. */
export const watchedChain = createChain({
  spec: { SECONDS_PER_SLOT: "12", SLOTS_PER_EPOCH: "32", INTERVALS_PER_SLOT: "3", CONFIG_NAME: "watched" },
  genesis: { genesis_time: "1800000000" },
});

/** A moment so many slots after genesis, Unix milliseconds. */
export const slotMs = (slots: number) => watchedChain.slotStartUs(0) / 1000 + slots * watchedChain.slotDurationMs;

export type Watched = {
  /** Documents come so many slots after genesis; fields by ECS name. */
  tell(slots: number, ...documents: readonly Document[]): void;
  /** Time passes, and schedules that are due run. */
  pass(slots: number): Promise<void>;
  /** Every alert there was, as it was last, by when it began. */
  alerts(): AlertRecord[];
  /** Why checks or actions failed. */
  failures(): string[];
};

/** Shipped watches over documents that a test makes; the nodes stream. */
export function createWatched(
  ids: readonly string[],
  options: { nodes?: readonly string[]; search?: WatchPorts["search"] } = {},
): Watched {
  const { nodes = ["n1", "n2", "n3"] } = options;
  const { search = () => Promise.reject(new Error("Nothing is searched.")) } = options;
  const known = new Map<string, AlertRecord>();
  const failures: string[] = [];
  let nowMs = slotMs(0);
  const engine = createAlertEngine({
    chain: watchedChain,
    nodes,
    datasets: catalogue,
    ports: { search, fetch: () => Promise.reject(new Error("Nothing is fetched.")) },
    decide({ documents, alerts }) {
      for (const alert of alerts) known.set(alert.id, alert);
      for (const { dataset, fields } of documents) {
        const state = dataset === "ethereum.watch_history" ? fields["watch.state"] : undefined;
        if (state === "failed" || state === "cannot_judge") failures.push(String(fields["event.reason"]));
      }
    },
    nowMs: () => nowMs,
    signal: new AbortController().signal,
  });
  for (const id of ids) engine.set(shippedWatch(id), { active: true, version: 1 });
  engine.observe(nodes.map((node) => own("stream", node, 0, { "observer.name": node, "ethereum.stream.state": "up" })));
  return {
    tell(slots, ...documents) {
      nowMs = slotMs(slots);
      engine.advance();
      engine.observe(documents);
    },
    async pass(slots) {
      nowMs = slotMs(slots);
      engine.advance();
      await engine.idle();
    },
    alerts() {
      for (const alert of engine.book.open()) known.set(alert.id, alert);
      return [...known.values()].sort((a, b) => a.since_ms - b.since_ms);
    },
    failures: () => failures,
  };
}

/** A document of one of our datasets, of a moment so many slots after genesis; without an id it is appended. */
export function own(
  dataset: string,
  id: string | undefined,
  slots: number,
  fields: Readonly<Record<string, Json>>,
): Document {
  return { dataset, timestampUs: slotMs(slots) * 1000, fields, ...(id === undefined ? {} : { id }) };
}

/** Ends of sentences that templates leave when they find nothing, and what Java's maps and nulls look like. */
export const HOLES = /\{\{|\}\}|\bnull\b|undefined|\bNaN\b|[=(]\s*[,)]| {2,}|(?<!\d)[ ][.,;:%]|\(\)/;
