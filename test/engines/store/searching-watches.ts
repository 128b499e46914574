import { fileURLToPath } from "node:url";
import { readWatchFiles } from "../../../src/alert/shipped.ts";
import { parseWatch } from "../../../src/alert/watch/parse-watch.ts";
import type { Watch } from "../../../src/alert/watch.ts";

const log = { log: { logging: { text: "{{ctx.payload.hits.total}}" } } };
const search = (indices: string, body: object) => ({ search: { request: { indices: [indices], body } } });

/** Watches by schedule over what a recording holds: each form of search, condition and transform that stores answer. */
const SEARCHING: Readonly<Record<string, object>> = {
  "late-slots": {
    trigger: { schedule: { interval: "5s" } },
    input: search("ethmon-slot-*", {
      query: {
        bool: { filter: [{ term: { "ethereum.late": true } }, { range: { "@timestamp": { gte: "now-30s" } } }] },
      },
    }),
    condition: { compare: { "ctx.payload.hits.total": { gt: 0 } } },
    actions: log,
  },
  "delays-by-node": {
    trigger: { schedule: { interval: "12s" } },
    input: search("ethmon-node_slot-*", {
      size: 0,
      query: { range: { "@timestamp": { gte: "now-1m" } } },
      aggs: {
        nodes: {
          terms: { field: "observer.name" },
          aggs: {
            late: { percentiles: { field: "ethereum.import_ms", percents: [50] } },
            most: { max: { field: "ethereum.import_ms" } },
          },
        },
      },
    }),
    condition: {
      array_compare: { "ctx.payload.aggregations.nodes.buckets": { path: "most.value", gt: { value: 1_000 } } },
    },
    actions: log,
    metadata: {
      alert: {
        scope: "node",
        severity: "warning",
        each: "payload.aggregations.nodes.buckets",
        about: "{{ctx.payload.key}}",
        title: "{{ctx.payload.key}} imports late",
        text: "{{ctx.payload.most.value}} ms",
        over_after: "10s",
      },
    },
  },
  "events-a-span": {
    trigger: { schedule: { cron: "0/10 * * * * ?" } },
    input: search("logs-ethereum.head-*", {
      size: 1,
      sort: [{ "@timestamp": "desc" }],
      query: { range: { "@timestamp": { gt: "now-10s", lte: "now" } } },
      aggs: { spans: { date_histogram: { field: "@timestamp", fixed_interval: "5s" } } },
    }),
    condition: { script: "return ctx.payload.aggregations.spans.buckets.stream().anyMatch(b -> b.doc_count > 4)" },
    actions: log,
  },
  chained: {
    trigger: { schedule: { interval: "20s" } },
    input: {
      chain: {
        inputs: [
          { missed: search("ethmon-slot-*", { size: 0, query: { term: { "ethereum.status": "missed" } } }) },
          { reorgs: search("ethmon-reorg-*", { query: { range: { "ethereum.reorg.depth": { gte: 1 } } } }) },
        ],
      },
    },
    condition: { script: "ctx.payload.missed.hits.total + ctx.payload.reorgs.hits.total > 0" },
    actions: log,
  },
};

/** Those, and the rules that come with the program. */
export function watchesForStores(): Watch[] {
  const shipped = readWatchFiles(fileURLToPath(new URL("../../../watches", import.meta.url)));
  return [...Object.entries(SEARCHING).map(([id, body]) => parseWatch({ id, body })), ...shipped];
}
