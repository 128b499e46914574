import type { AggregationsBody } from "../../search/request.ts";
import type { HostFigure, HostPoint, HostReading, HostView } from "../hosts-view.ts";
import { hitsOf, numberOf, topHits } from "./hit-fields.ts";
import {
  anythingCame,
  type Combination,
  combinationsByNode,
  type HostAsk,
  type KeywordField,
  metricOf,
  within,
} from "./host-search.ts";
import { carriesOwnBytes, type Gauge, type MetricSource, onOwnInterfaces, readingOf } from "./metric-source.ts";
import { type Axis, type HostSpan, slotAtMs } from "./span.ts";

/**
 * What is looked at before the span: counters need the sample before the first one, and disks are told of once a minute.
 */
const LOOK_BACK_MS = 90_000;
/** Of disks and processes the newest is told: so much of the span is looked at for it. */
const RECENT_MS = 300_000;
/** Samples of a counter further apart than this, or than two steps, make no rate. */
const LONGEST_RATE_MS = 300_000;

const MOST_HOSTS = 8;
const MOST_FILESYSTEMS = 16;
const MOST_PROCESSES = 8;

const FIGURES: readonly HostFigure[] = [
  "cpu_share",
  "iowait_share",
  "memory_share",
  "load_1",
  "in_bytes_per_s",
  "out_bytes_per_s",
];

/** What the parts' searches found of one server. */
type Found = { readonly [P in Part]?: readonly Combination[] };

const PARTS = ["gauges", "network", "filesystems", "processes"] as const;
type Part = (typeof PARTS)[number];

type About = { source: MetricSource; span: HostSpan; axis: Axis };

/** The servers of each node as one shipper tells of them; nodes without any are left out. */
export async function readMetrics(ask: HostAsk, about: About): Promise<Map<string, HostView[]>> {
  const { source, span } = about;
  const looked = { fromMs: span.fromMs - LOOK_BACK_MS, toMs: span.toMs };
  if (!(await anythingCame(ask, source.indices, looked))) return new Map();
  const recent = { fromMs: Math.max(looked.fromMs, span.toMs - RECENT_MS), toMs: span.toMs };
  const parts = partsOf(source, span);
  const found = new Map<string, Map<string, Found>>();
  for (const part of PARTS) {
    const { by, aggs } = parts[part];
    const byNode = await combinationsByNode(ask, {
      indices: source.indices,
      filter: [
        within(part === "gauges" || part === "network" ? looked : recent),
        source[part].of,
        ...(part === "network" ? [onOwnInterfaces(source.network.key)] : []),
      ],
      sources: (keyword) => [{ host: { terms: { field: keyword(source.host) } } }, ...by(keyword)],
      aggs,
    });
    for (const [node, combinations] of byNode) {
      const hosts = found.get(node) ?? new Map<string, Found>();
      found.set(node, hosts);
      for (const [host, ofHost] of Map.groupBy(combinations, ({ key }) => String(key["host"]))) {
        hosts.set(host, { ...hosts.get(host), [part]: ofHost });
      }
    }
  }
  return new Map([...found].map(([node, hosts]) => [node, viewsOf(hosts, about)]));
}

function viewsOf(hosts: ReadonlyMap<string, Found>, about: About): HostView[] {
  const documents = ({ gauges = [], network = [] }: Found) => countOf([...gauges, ...network]);
  return [...hosts]
    .toSorted(([, a], [, b]) => documents(b) - documents(a))
    .slice(0, MOST_HOSTS)
    .map(([host, found]) => hostView(host, found, about));
}

function countOf(combinations: readonly Combination[]): number {
  return combinations.reduce((sum, { doc_count }) => sum + doc_count, 0);
}

type PartSearch = {
  /** What tells the documents of a host apart. */
  by: (keyword: KeywordField) => readonly Readonly<Record<string, object>>[];
  aggs: AggregationsBody;
};

function partsOf(source: MetricSource, { stepMs, originMs }: HostSpan): Record<Part, PartSearch> {
  const { gauges, network, filesystems, processes } = source;
  const step = {
    step: {
      date_histogram: { field: "@timestamp", fixed_interval: `${stepMs}ms`, offset: `${originMs % stepMs}ms` },
    },
  };
  const thing = (name: string) => ({ thing: { terms: { field: name } } });
  const { used, total } = filesystems;
  return {
    gauges: {
      by: () => [step],
      aggs: {
        ...Object.fromEntries(gauges.rows.flatMap(gaugeMeans)),
        ...Object.fromEntries(gauges.cores.map((field, i) => [`cores${i}`, { max: { field } }])),
      },
    },
    network: {
      by: (keyword) => [thing(keyword(network.key)), step],
      aggs: {
        in: { max: { field: network.in } },
        out: { max: { field: network.out } },
        at: { max: { field: "@timestamp" } },
      },
    },
    filesystems: {
      by: (keyword) => [thing(keyword(filesystems.key))],
      aggs: {
        // `top_metrics` would do, which OpenSearch does not have.
        newest: topHits({ size: 1, fields: [...used.parts.map(({ field }) => field), total] }),
      },
    },
    processes: {
      by: (keyword) => [thing(keyword(processes.key))],
      aggs: {
        ...Object.fromEntries(processes.cpu.parts.map(({ field }, i) => [`cpu${i}`, { avg: { field } }])),
        memory: { avg: { field: processes.memory } },
      },
    },
  };
}

function gaugeMeans({ parts }: Gauge, place: number): [string, AggregationsBody[string]][] {
  return parts.map(({ field }, part) => [`gauge${place} ${part}`, { avg: { field } }]);
}

function hostView(host: string, found: Found, about: About): HostView {
  const { source } = about;
  const points = pointsOf(found, about);
  return {
    host,
    shipper: source.shipper,
    cores: coresOf(found.gauges ?? [], source),
    now: Object.fromEntries(FIGURES.map((figure) => [figure, newestOf(points, figure)])) as HostView["now"],
    points,
    filesystems: filesystemsOf(found.filesystems ?? [], source),
    processes: processesOf(found.processes ?? [], source),
  };
}

/** The most that any step tells by the first field that has a value. */
function coresOf(steps: readonly Combination[], { gauges }: MetricSource): number | null {
  for (const i of gauges.cores.keys()) {
    const told = steps.flatMap((step) => metricOf(step, `cores${i}`) ?? []);
    if (told.length > 0) return Math.max(...told);
  }
  return null;
}

function filesystemsOf(found: readonly Combination[], { filesystems }: MetricSource): HostView["filesystems"] {
  const { used, total } = filesystems;
  return found
    .toSorted((a, b) => b.doc_count - a.doc_count)
    .slice(0, MOST_FILESYSTEMS)
    .flatMap((one) => {
      const [newest] = hitsOf(one, "newest");
      if (newest === undefined) return [];
      const share = readingOf(
        used,
        used.parts.map(({ field }) => numberOf(newest, field)),
      );
      if (share === null) return [];
      return [{ mount: String(one.key["thing"]), used_share: share, total_bytes: numberOf(newest, total) }];
    })
    .toSorted((a, b) => b.used_share - a.used_share || (a.mount < b.mount ? -1 : 1));
}

/** Those that took the most of the processor. */
function processesOf(found: readonly Combination[], { processes }: MetricSource): HostView["processes"] {
  return found
    .toSorted((a, b) => (metricOf(b, "cpu0") ?? -1) - (metricOf(a, "cpu0") ?? -1))
    .slice(0, MOST_PROCESSES)
    .map((one) => ({
      name: String(one.key["thing"]),
      cpu_cores: readingOf(
        processes.cpu,
        processes.cpu.parts.map((_, i) => metricOf(one, `cpu${i}`)),
      ),
      memory_bytes: metricOf(one, "memory"),
    }));
}

function newestOf(points: readonly HostPoint[], figure: HostFigure): HostReading | null {
  for (const point of points.toReversed()) {
    const value = point[figure];
    if (value !== null) return { value, at_ms: point.at_ms };
  }
  return null;
}

/** The steps with a value, by time. */
function pointsOf(found: Found, { source, span, axis }: About): HostPoint[] {
  const points = new Map<number, HostPoint>();
  const pointAt = (atMs: number): HostPoint => {
    const known = points.get(atMs);
    if (known !== undefined) return known;
    const empty = Object.fromEntries(FIGURES.map((figure) => [figure, null])) as Record<HostFigure, null>;
    const point = { at_ms: atMs, slot: slotAtMs(axis, atMs), ...empty };
    points.set(atMs, point);
    return point;
  };
  for (const step of found.gauges ?? []) {
    for (const [i, gauge] of source.gauges.rows.entries()) {
      const means = gauge.parts.map((_, part) => metricOf(step, `gauge${i} ${part}`));
      const value = readingOf(gauge, means);
      if (value === null) continue;
      pointAt(stepOf(step))[gauge.figure] ??= value;
    }
  }
  for (const [name, steps] of Map.groupBy(found.network ?? [], ({ key }) => String(key["thing"]))) {
    if (!carriesOwnBytes(name)) continue;
    for (const [figure, counter] of [
      ["in_bytes_per_s", "in"],
      ["out_bytes_per_s", "out"],
    ] as const) {
      for (const { atMs, perSecond } of rates(steps, counter, span)) {
        const point = pointAt(atMs);
        point[figure] = (point[figure] ?? 0) + perSecond;
      }
    }
  }
  return [...points.values()]
    .filter((point) => point.at_ms + span.stepMs > span.fromMs)
    .toSorted((a, b) => a.at_ms - b.at_ms);
}

function stepOf({ key }: Combination): number {
  return Number(key["step"]);
}

/** What a counter grew by, a second, between the samples of each two steps; none where it began anew. */
function rates(
  steps: readonly Combination[],
  counter: "in" | "out",
  { stepMs }: HostSpan,
): { atMs: number; perSecond: number }[] {
  const samples = steps.flatMap((step) => {
    const [value, takenMs] = [metricOf(step, counter), metricOf(step, "at")];
    return value === null || takenMs === null ? [] : [{ atMs: stepOf(step), value, takenMs }];
  });
  return samples.flatMap(({ atMs, value, takenMs }, i) => {
    const before = samples[i - 1];
    if (before === undefined || value < before.value) return [];
    const passedMs = takenMs - before.takenMs;
    if (passedMs <= 0 || passedMs > Math.max(LONGEST_RATE_MS, 2 * stepMs)) return [];
    return [{ atMs, perSecond: ((value - before.value) / passedMs) * 1000 }];
  });
}
