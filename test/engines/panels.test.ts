import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Json } from "../../src/events/document.ts";
import type { JsonObject } from "../../src/events/foreign.ts";
import { type FilledRequest, fillRequest } from "../../src/panels/fill-request.ts";
import type { Panel } from "../../src/panels/panel.ts";
import { loadShipped } from "../../src/panels/shipped.ts";
import type { SearchHit, SearchResponse } from "../../src/search/request.ts";
import { panelDocuments, panelHostDocuments } from "../rigs/panel-documents.ts";
import { isNear } from "./compare/difference.ts";
import { startElasticsearch } from "./elasticsearch.ts";
import type { Engine } from "./engine.ts";
import { startOpenSearch } from "./opensearch.ts";
import { type FilledStores, fillStores, type StoreName } from "./store/filled-stores.ts";
import { openRecording, RECORDINGS } from "./store/recordings.ts";

const LIMIT_MS = 600_000;
const ENGINES = ["opensearch", "elasticsearch"] as const;
const [DEMO = ""] = RECORDINGS;
const { panels } = loadShipped(fileURLToPath(new URL("../../panels", import.meta.url)));

let engines: readonly Engine[] = [];
let filled: FilledStores;
beforeAll(async () => {
  const signal = AbortSignal.timeout(LIMIT_MS);
  engines = [await startOpenSearch(signal), await startElasticsearch(signal)];
  const recording = await openRecording(DEMO);
  filled = await fillStores(recording, engines, {
    own: (slots) => panelDocuments({ ...recording, slots }),
    foreign: (slots) => panelHostDocuments({ ...recording, slots }),
  });
}, LIMIT_MS);
afterAll(async () => {
  await filled?.close();
  for (const engine of engines) await engine.stop();
}, LIMIT_MS);

/** Every Elasticsearch that is installed has them; the one that its makers publish for tests lacks their modules. */
const NOT_IN_TEST_BUILD = /"(?:multi_terms|bucket_selector|derivative)":/;

describe.each([...panels.values()].map((panel) => [panel.id, panel] as const))("the panel %s", (_, panel) => {
  const lacks = (name: StoreName) => name === "elasticsearch" && NOT_IN_TEST_BUILD.test(JSON.stringify(panel.request));
  const able = ENGINES.filter((name) => !lacks(name));
  test.each(able)("is answered by %s as by the embedded store", { timeout: LIMIT_MS }, async (name) => {
    const [own, other] = [await answerOf(panel, "embedded"), await answerOf(panel, name)];
    expect(differencesOf(own.aggregations ?? null, other.aggregations ?? null)).toEqual([]);
    expect(other.hits.total).toEqual(own.hits.total);
    expect(sortedHits(other.hits.hits)).toEqual(sortedHits(own.hits.hits));
  });
});

async function answerOf(panel: Panel, name: StoreName): Promise<SearchResponse> {
  const { chain } = filled.recording;
  const time = { fromMs: chain.genesisTimeS * 1000, toMs: Math.ceil(filled.clock.nowUs() / 1000) + 1 };
  const { index, body } = fillRequest({ panel, time, network: chain.network });
  const asked = name === "embedded" ? withCurves(body) : body;
  return filled.of(name).store.search(index, asked);
}

const CURVE = Array.from({ length: 101 }, (_, percent) => percent);

/** The request with the distribution and the number of its values beside each percentiles: an engine estimates them. */
function withCurves(body: FilledRequest["body"]): FilledRequest["body"] {
  const grown = (aggs: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries(aggs).flatMap(([name, value]) => {
        const one = value as JsonObject;
        const inner = one["aggs"] === undefined ? one : { ...one, aggs: grown(one["aggs"] as JsonObject) };
        const { field } = (one["percentiles"] ?? {}) as { field?: string };
        if (field === undefined) return [[name, inner]];
        return [
          [name, inner],
          [`${name}_curve`, { percentiles: { field, percents: CURVE, keyed: false } }],
          [`${name}_count`, { value_count: { field } }],
        ];
      }),
    );
  return body.aggs === undefined ? body : { ...body, aggs: grown(body.aggs as JsonObject) as never };
}

/** What is each store's own, or was asked of the embedded one alone; OpenSearch tells unsigned numbers as texts, too. */
const OWN = /^(?:doc_count_error_upper_bound|meta|value_as_string|.*_curve|.*_count)$/;
/** A t-digest is within some percent of the rank, and in small groups within one value of it. */
const RANK_ERROR = 2;

/** Where two answers are not the same. */
function differencesOf(own: Json, other: Json | undefined, path = ""): string[] {
  if (typeof own === "number" && typeof other === "number" && isNear(own, other)) return [];
  if (!isTree(own) || !isTree(other)) return own === other ? [] : [`${path}: ${told(own)} and ${told(other)}`];
  return [...new Set([...Object.keys(own), ...Object.keys(other)])].flatMap((key) => {
    if (key !== "doc_count" && OWN.test(key)) return [];
    const curve = (own as JsonObject)[`${key}_curve`];
    if (curve === undefined) return differencesOf(at(own, key) ?? null, at(other, key), `${path}/${key}`);
    const count = (at(own, `${key}_count`) as unknown as { value: number }).value;
    return estimatesAreNear({ curve, count, estimates: at(other, key) })
      ? []
      : [`${path}/${key}: ${told(at(own, key))} and ${told(at(other, key))}`];
  });
}

function estimatesAreNear(input: { curve: Json; count: number; estimates: Json | undefined }): boolean {
  const values = (input.curve as unknown as Percentiles).values.map(({ value }) => value);
  const error = Math.max(RANK_ERROR, 100 / Math.max(1, input.count));
  return (input.estimates as unknown as Percentiles).values.every(({ key, value }) => {
    const low = values[Math.max(0, Math.floor(key - error))] ?? null;
    const high = values[Math.min(100, Math.ceil(key + error))] ?? null;
    if (low === null || high === null || value === null) return low === value;
    const slack = 1e-6 * Math.max(Math.abs(low), Math.abs(high));
    return value >= low - slack && value <= high + slack;
  });
}

type Percentiles = { values: readonly { key: number; value: number | null }[] };

/** Hits in an order of their own where they are sorted alike; of those beyond the last place any may have come. */
function sortedHits(hits: readonly SearchHit[]): unknown[] {
  const last = JSON.stringify(hits.at(-1)?.sort);
  return hits
    .map(({ _source, sort }) => ({ sort, source: JSON.stringify(sort) === last ? null : _source }))
    .map((hit) => canonical(hit as unknown as Json))
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** The same with its keys in order. */
function canonical(value: Json): Json {
  if (Array.isArray(value)) return value.map(canonical);
  if (!isTree(value)) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, canonical(inner)]));
}

function at(tree: Json, key: string): Json | undefined {
  return (tree as JsonObject)[key];
}

function told(value: Json | undefined): string {
  return String(JSON.stringify(value)).slice(0, 200);
}

function isTree(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null;
}
