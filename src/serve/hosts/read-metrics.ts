import type { AggregationsBody } from "../../search/request.ts";
import type { HostFigure, HostPoint, HostReading, HostView } from "../hosts-view.ts";
import { hitsOf, numberOf, topHits } from "./hit-fields.ts";
import {
  anythingCame,
  type Bucket,
  bucketsOf,
  type HostAsk,
  type KeywordField,
  metricOf,
  searchByNode,
  within,
} from "./host-search.ts";
import { carriesOwnBytes, type Gauge, type MetricSource, readingOf } from "./metric-source.ts";
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
const MOST_INTERFACES = 64;
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
type Found = { readonly [P in Part]?: Bucket };

const PARTS = ["gauges", "network", "filesystems", "processes"] as const;
type Part = (typeof PARTS)[number];

type About = { source: MetricSource; span: HostSpan; axis: Axis };

/** The servers of each node as one shipper tells of them; nodes without any are left out. */
export async function readMetrics(ask: HostAsk, about: About): Promise<Map<string, HostView[]>> {
  const { source, span } = about;
  const looked = { fromMs: span.fromMs - LOOK_BACK_MS, toMs: span.toMs };
  if (!(await anythingCame(ask, source.indices, looked))) return new Map();
  const recent = { fromMs: Math.max(looked.fromMs, span.toMs - RECENT_MS), toMs: span.toMs };
  const parts = aggregationsOf(source, span);
  const found = new Map<string, Map<string, Found>>();
  for (const part of PARTS) {
    const byNode = await searchByNode(ask, {
      indices: source.indices,
      filter: [within(part === "gauges" || part === "network" ? looked : recent), source[part].of],
      aggs: (keyword) => ({
        hosts: { terms: { field: keyword(source.host), size: MOST_HOSTS }, aggs: parts[part](keyword) },
      }),
    });
    for (const [node, bucket] of byNode) {
      const hosts = found.get(node) ?? new Map<string, Found>();
      found.set(node, hosts);
      for (const host of bucketsOf(bucket, "hosts")) {
        hosts.set(String(host.key), { ...hosts.get(String(host.key)), [part]: host });
      }
    }
  }
  const views = [...found].map(([node, hosts]): [string, HostView[]] => [
    node,
    [...hosts].map(([host, buckets]) => hostView(host, buckets, about)),
  ]);
  return new Map(views.filter(([, hosts]) => hosts.length > 0));
}

function aggregationsOf(
  source: MetricSource,
  span: HostSpan,
): Record<Part, (keyword: KeywordField) => AggregationsBody> {
  const { gauges, network, filesystems, processes } = source;
  const bySteps = {
    field: "@timestamp",
    fixed_interval: `${span.stepMs}ms`,
    offset: `${span.originMs % span.stepMs}ms`,
    min_doc_count: 1,
  };
  return {
    gauges: () => ({
      steps: { date_histogram: bySteps, aggs: Object.fromEntries(gauges.rows.flatMap(gaugeMeans)) },
      ...Object.fromEntries(gauges.cores.map((field, i) => [`cores${i}`, { max: { field } }])),
    }),
    network: (keyword) => ({
      interfaces: {
        terms: { field: keyword(network.key), size: MOST_INTERFACES },
        aggs: {
          steps: {
            date_histogram: bySteps,
            aggs: {
              in: { max: { field: network.in } },
              out: { max: { field: network.out } },
              at: { max: { field: "@timestamp" } },
            },
          },
        },
      },
    }),
    filesystems: (keyword) => ({
      filesystems: {
        terms: { field: keyword(filesystems.key), size: MOST_FILESYSTEMS },
        aggs: {
          // `top_metrics` would do, which OpenSearch does not have.
          newest: topHits({
            size: 1,
            fields: [...filesystems.used.parts.map(({ field }) => field), filesystems.total],
          }),
        },
      },
    }),
    processes: (keyword) => ({
      processes: {
        terms: { field: keyword(processes.key), size: MOST_PROCESSES, order: { cpu0: "desc" } },
        aggs: {
          ...Object.fromEntries(processes.cpu.parts.map(({ field }, i) => [`cpu${i}`, { avg: { field } }])),
          memory: { avg: { field: processes.memory } },
        },
      },
    }),
  };
}

function gaugeMeans({ parts }: Gauge, place: number): [string, AggregationsBody[string]][] {
  return parts.map(({ field }, part) => [`gauge${place} ${part}`, { avg: { field } }]);
}

function hostView(host: string, found: Found, about: About): HostView {
  const { source } = about;
  const { filesystems, processes } = source;
  const points = pointsOf(found, about);
  const cores = source.gauges.cores.map((_, i) => metricOf(found.gauges, `cores${i}`)).find((value) => value !== null);
  return {
    host,
    shipper: source.shipper,
    cores: cores ?? null,
    now: Object.fromEntries(FIGURES.map((figure) => [figure, newestOf(points, figure)])) as HostView["now"],
    points,
    filesystems: bucketsOf(found.filesystems, "filesystems")
      .flatMap((one) => {
        const [newest] = hitsOf(one, "newest");
        if (newest === undefined) return [];
        const values = filesystems.used.parts.map(({ field }) => numberOf(newest, field));
        const used = readingOf(filesystems.used, values);
        const total = numberOf(newest, filesystems.total);
        return used === null ? [] : [{ mount: String(one.key), used_share: used, total_bytes: total }];
      })
      .toSorted((a, b) => b.used_share - a.used_share || (a.mount < b.mount ? -1 : 1)),
    processes: bucketsOf(found.processes, "processes").map((one) => ({
      name: String(one.key),
      cpu_cores: readingOf(
        processes.cpu,
        processes.cpu.parts.map((_, i) => metricOf(one, `cpu${i}`)),
      ),
      memory_bytes: metricOf(one, "memory"),
    })),
  };
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
  for (const step of bucketsOf(found.gauges, "steps")) {
    for (const [i, gauge] of source.gauges.rows.entries()) {
      const means = gauge.parts.map((_, part) => metricOf(step, `gauge${i} ${part}`));
      const value = readingOf(gauge, means);
      if (value === null) continue;
      pointAt(Number(step.key))[gauge.figure] ??= value;
    }
  }
  for (const one of bucketsOf(found.network, "interfaces")) {
    if (!carriesOwnBytes(String(one.key))) continue;
    const steps = bucketsOf(one, "steps");
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

/** What a counter grew by, a second, between the samples of each two steps; none where it began anew. */
function rates(
  steps: readonly Bucket[],
  counter: "in" | "out",
  { stepMs }: HostSpan,
): { atMs: number; perSecond: number }[] {
  const samples = steps.flatMap((step) => {
    const [value, takenMs] = [metricOf(step, counter), metricOf(step, "at")];
    return value === null || takenMs === null ? [] : [{ atMs: Number(step.key), value, takenMs }];
  });
  return samples.flatMap(({ atMs, value, takenMs }, i) => {
    const before = samples[i - 1];
    if (before === undefined || value < before.value) return [];
    const passedMs = takenMs - before.takenMs;
    if (passedMs <= 0 || passedMs > Math.max(LONGEST_RATE_MS, 2 * stepMs)) return [];
    return [{ atMs, perSecond: ((value - before.value) / passedMs) * 1000 }];
  });
}
