import type { JsonObject } from "./documents/day.ts";
import { CHAIN_INDEX } from "./documents/mix.ts";
import {
  between,
  buckets,
  FLOWS,
  hits,
  inMessage,
  LINES,
  METRICS,
  NEWEST_FIRST,
  perTime,
  type Search,
  term,
  terms,
  where,
} from "./search-parts.ts";

/** When attestations are due: a third of a slot. */
const LATE_MS = 4_000;
const LAST_CPU = { top_hits: { size: 1, sort: NEWEST_FIRST, _source: ["@timestamp", "system.cpu.total.norm.pct"] } };
const isCpu = term("metricset.name", "cpu");
const isProcess = term("metricset.name", "process");
const isNodeSlot = term("data_stream.dataset", "node_slot");
const isLate: JsonObject = { range: { "ethereum.import_ms": { gte: LATE_MS } } };
const isBusy: JsonObject = { range: { "system.cpu.total.norm.pct": { gte: 0.9 } } };
const isError = term("log.level", "error");

/** Twenty searches as panels, rules and people make them. Names of aggregations that begin with `about_` are estimates. */
export const SEARCHES: readonly Search[] = [
  {
    name: "cpu by host over time",
    index: METRICS,
    body: (until) =>
      buckets(where(between(until, 6), isCpu), {
        hosts: terms("host.name", 10, {
          times: perTime("5m", { busy: { avg: { field: "system.cpu.total.norm.pct" } } }),
        }),
      }),
  },
  {
    name: "percentiles of cpu",
    index: METRICS,
    body: (until) =>
      buckets(where(between(until, 24), isCpu), {
        hosts: terms("host.name", 10, {
          about_busy: { percentiles: { field: "system.cpu.total.norm.pct", percents: [50, 95, 99] } },
        }),
      }),
  },
  {
    name: "classes of errors by client",
    index: LINES,
    body: (until) =>
      buckets(where(between(until, 24), { exists: { field: "error.type" } }), {
        clients: terms("service.type", 12, { classes: terms("error.type", 10) }),
      }),
  },
  {
    name: "error lines, newest first",
    index: LINES,
    body: (until) => hits(where(between(until, 1), isError), 50),
  },
  {
    name: "rare word in all lines",
    index: LINES,
    body: () => hits(where(inMessage("match", "corruption")), 50),
  },
  {
    name: "phrase",
    index: LINES,
    body: (until) => hits(where(between(until, 6), inMessage("match_phrase", "connection refused")), 50),
  },
  {
    name: "query string with AND and NOT",
    index: LINES,
    body: (until) => {
      const query = "message:(timeout OR refused) AND log.level:error AND NOT service.type:prysm";
      return hits(where(between(until, 24), { query_string: { query } }), 50);
    },
  },
  {
    name: "top talkers",
    index: FLOWS,
    body: (until) =>
      buckets(where(between(until, 6), term("flow.final", true)), {
        sources: {
          terms: { field: "source.ip", size: 10, order: { bytes: "desc" } },
          aggs: { bytes: { sum: { field: "network.bytes" } } },
        },
      }),
  },
  {
    name: "how many addresses",
    index: FLOWS,
    body: (until) =>
      buckets(where(between(until, 24)), { about_addresses: { cardinality: { field: "destination.ip" } } }),
  },
  {
    name: "late blocks by node",
    index: CHAIN_INDEX,
    body: (until) =>
      buckets(where(between(until, 24), isNodeSlot, isLate), {
        nodes: terms("observer.name", 20, { worst: { max: { field: "ethereum.import_ms" } } }),
      }),
  },
  {
    name: "histogram of delays",
    index: CHAIN_INDEX,
    body: (until) =>
      buckets(where(between(until, 24), isNodeSlot), {
        delays: { histogram: { field: "ethereum.import_ms", interval: 250, min_doc_count: 1 } },
      }),
  },
  {
    name: "composite, three pages",
    index: METRICS,
    pages: 3,
    body: (until) =>
      buckets(where(between(until, 12), isProcess), {
        pages: {
          composite: {
            size: 200,
            sources: [
              { time: { date_histogram: { field: "@timestamp", fixed_interval: "30m" } } },
              { host: { terms: { field: "host.name" } } },
              { process: { terms: { field: "process.name" } } },
            ],
          },
          aggs: { memory: { avg: { field: "system.process.memory.rss.bytes" } } },
        },
      }),
  },
  {
    name: "memory of processes over time",
    index: METRICS,
    body: (until) =>
      buckets(where(between(until, 12), isProcess), {
        processes: terms("process.name", 10, {
          times: perTime("15m", { most: { max: { field: "system.process.memory.rss.bytes" } } }),
        }),
      }),
  },
  {
    name: "lines by filters over time",
    index: LINES,
    body: (until) =>
      buckets(where(between(until, 24)), {
        kinds: {
          filters: {
            filters: { errors: isError, warnings: term("log.level", "warn"), peers: inMessage("match", "peer") },
          },
          aggs: { times: perTime("1h") },
        },
      }),
  },
  {
    name: "bool of many conditions",
    index: LINES,
    body: (until) =>
      hits(
        {
          bool: {
            filter: [between(until, 12), { terms: { "service.type": ["lighthouse", "prysm", "teku", "geth"] } }],
            must: [{ terms: { "log.level": ["warn", "error"] } }],
            should: [
              inMessage("match", "late"),
              term("error.type", "execution"),
              { bool: { must: [term("error.type", "peer"), { range: { "ethereum.peers": { lt: 5 } } }] } },
            ],
            minimum_should_match: 1,
            must_not: [term("host.name", "node-3.example.org"), inMessage("match_phrase", "no head block")],
          },
        },
        100,
      ),
  },
  {
    name: "prefix and wildcard",
    index: LINES,
    body: (until) =>
      hits(
        where(
          between(until, 24),
          { prefix: { "ethereum.block.root": "0xab" } },
          { wildcard: { "log.file.path": "*/*light*.log" } },
        ),
        50,
      ),
  },
  {
    name: "lines that have peers, over time",
    index: LINES,
    body: (until) =>
      buckets(where(between(until, 12), { exists: { field: "ethereum.peers" } }), {
        times: perTime("10m", { peers: { avg: { field: "ethereum.peers" } } }),
      }),
  },
  {
    name: "cpu, error and late block on one slot",
    index: `${METRICS},${LINES},${CHAIN_INDEX}`,
    body: (until) =>
      buckets(where(between(until, 24), { bool: { should: [isBusy, isError, isLate], minimum_should_match: 1 } }), {
        slots: {
          // OpenSearch adds up what each index tells: it counts exactly where each tells all slots of a day.
          terms: { field: "ethereum.slot", size: 50, shard_size: 7_200 },
          aggs: {
            busy: { filter: isBusy },
            errors: { filter: isError },
            late: { filter: isLate, aggs: { worst: { max: { field: "ethereum.import_ms" } } } },
          },
        },
      }),
  },
  {
    name: "count",
    index: `${METRICS},${LINES},${FLOWS}`,
    countsAlone: true,
    body: (until) => ({ query: where(between(until, 6), term("host.name", "node-2.example.org")) }),
  },
  {
    name: "latest document of each host",
    index: METRICS,
    body: (until) => buckets(where(between(until, 1), isCpu), { hosts: terms("host.name", 10, { last: LAST_CPU }) }),
  },
];
