import { basename } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { backtest } from "../../../src/alert/backtest/backtest.ts";
import type { Watch } from "../../../src/alert/watch.ts";
import { catalogue } from "../../../src/events/catalogue.ts";
import { systemClock } from "../../../src/lib/clock.ts";
import { indexName } from "../../../src/search/index-pattern.ts";
import { hitsOf } from "../../rigs/stored.ts";
import { startElasticsearch } from "../elasticsearch.ts";
import type { Engine } from "../engine.ts";
import { startOpenSearch } from "../opensearch.ts";
import { askAll, type Told } from "./api-questions.ts";
import { type Filled, type FilledStores, fillStores } from "./filled-stores.ts";
import { openRecording, RECORDINGS } from "./recordings.ts";
import { watchesForStores } from "./searching-watches.ts";
import { takenUp } from "./taken-up.ts";

const LIMIT_MS = 600_000;
const ENGINES = ["opensearch", "elasticsearch"] as const;

let engines: readonly Engine[] = [];
beforeAll(async () => {
  const signal = AbortSignal.timeout(LIMIT_MS);
  engines = [await startOpenSearch(signal), await startElasticsearch(signal)];
}, LIMIT_MS);
afterAll(async () => {
  for (const engine of engines) await engine.stop();
});

vi.setConfig({ testTimeout: LIMIT_MS });

describe.each(RECORDINGS.map((directory) => [basename(directory), directory] as const))("%s", (_, directory) => {
  let filled: FilledStores;
  let toldEmbedded: readonly Told[] | undefined;
  beforeAll(async () => {
    filled = await fillStores(await openRecording(directory), engines);
  }, LIMIT_MS);
  afterAll(() => filled?.close());

  test.each(ENGINES)("has the same documents in %s as embedded, in the same order", async (name) => {
    const { network } = filled.recording.chain;
    let documents = 0;
    for (const dataset of catalogue) {
      const of = (one: Filled) => documentsIn(one, dataset);
      const embedded = await of(filled.of("embedded"));
      expect(await of(filled.of(name)), dataset.name).toEqual(embedded);
      documents += embedded.length;
    }
    expect(documents).toBeGreaterThan(filled.slots.length);

    async function documentsIn({ store }: Filled, dataset: (typeof catalogue)[number]) {
      const hits = await hitsOf(store, indexName(dataset, network));
      // A document of a stream has a position of its journal for an id.
      return hits.map(({ _id, _index, _source }) => ({
        _index,
        _source,
        ...(dataset.kind === "index" ? { _id } : {}),
      }));
    }
  });

  test.each(ENGINES)("counts the same in %s as embedded", async (name) => {
    // A cluster tells the span of documents to the millisecond.
    const toMs = (us: number | undefined) => (us === undefined ? undefined : Math.floor(us / 1000));
    const uses = async ({ store }: Filled) =>
      (await store.use()).datasets
        .map(({ bytes: _, oldestUs, newestUs, ...use }) => ({ ...use, from: toMs(oldestUs), to: toMs(newestUs) }))
        .toSorted((a, b) => (a.index < b.index ? -1 : 1));
    const embedded = await uses(filled.of("embedded"));
    expect(embedded.length).toBeGreaterThan(0);
    expect(await uses(filled.of(name))).toEqual(embedded);
  });

  test.each(ENGINES)("gives the same alerts in %s as embedded", async (name) => {
    const { chain, nodes } = filled.recording;
    let told = 0;
    for (const watch of watchesForStores()) {
      const embedded = await alertsOf(filled.of("embedded"), watch);
      expect(embedded.failure, watch.id).toBeNull();
      expect(await alertsOf(filled.of(name), watch), watch.id).toEqual(embedded);
      told += embedded.alerts.length;
    }
    expect(told).toBeGreaterThan(0);

    function alertsOf({ store }: Filled, watch: Watch) {
      const fromMs = chain.slotStartUs(filled.slots[0] ?? 0) / 1000;
      const untilMs = chain.slotStartUs((filled.slots.at(-1) ?? 0) + 2) / 1000;
      const limits = { checks: 1_000, tookMs: LIMIT_MS };
      const signal = AbortSignal.timeout(LIMIT_MS);
      return backtest(
        { watch, fromMs, untilMs, signal },
        { store, chain, nodes, datasets: catalogue, clock: systemClock(), limits },
      );
    }
  });

  test.each(ENGINES)("is told by the API in the same way from %s as embedded", async (name) => {
    toldEmbedded ??= await told(filled.of("embedded"));
    const embedded = toldEmbedded;
    const cluster = await told(filled.of(name));
    expect(cluster.map(({ path }) => path)).toEqual(embedded.map(({ path }) => path));
    for (const [at, answer] of embedded.entries()) {
      expect(rounded(cluster[at]?.body), answer.path).toEqual(rounded(answer.body));
      expect(cluster[at]?.status, answer.path).toBe(answer.status);
    }
    expect(embedded.filter(({ status }) => status === 200).length).toBeGreaterThan(filled.slots.length);
  });

  async function told(one: Filled): Promise<Told[]> {
    const { chain, nodes, labels } = filled.recording;
    const rig = await filled.serve(one);
    try {
      return await askAll(rig, {
        slots: filled.slots,
        nodes,
        groups: labels?.groups.map(({ group }) => group) ?? ["none"],
        fromMs: chain.slotStartUs(filled.slots[0] ?? 0) / 1000,
        toMs: Math.ceil(filled.clock.nowUs() / 1000),
      });
    } finally {
      await rig.close();
    }
  }

  test("is taken up again after a restart from either store in the same way", async () => {
    const [embedded, ...clusters] = await takenUp(filled);
    expect(embedded?.log).toContain("The measures were taken up from the store");
    expect(embedded?.live.length).toBeGreaterThan(0);
    for (const { name, log, live, documents } of clusters) {
      expect(log, name).toEqual(embedded?.log);
      expect(live, name).toEqual(embedded?.live);
      for (const [dataset, found] of Object.entries(documents)) {
        expect(found, `${dataset} of ${name}`).toEqual(embedded?.documents[dataset]);
      }
    }
  });
});

/** A mean is a sum in another order on either side: what is no whole number is compared in twelve digits. */
function rounded(value: unknown): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? value : Number(value.toPrecision(12));
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rounded(inner)]));
}
