import type { AggregationsBody } from "../../search/request.ts";
import type { HostFigure, HostPoint, HostReading, HostView } from "../hosts-view.ts";
import {
  type Bucket,
  bucketsOf,
  type HostAsk,
  inner,
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

/** The servers of each node as one shipper tells of them; nodes without any are left out. */
export async function readMetrics(
  ask: HostAsk,
  { source, span, axis }: { source: MetricSource; span: HostSpan; axis: Axis },
): Promise<Map<string, HostView[]>> {
  const byNode = await searchByNode(ask, {
    indices: source.indices,
    filter: [within({ fromMs: span.fromMs - LOOK_BACK_MS, toMs: span.toMs })],
    aggs: (keyword) => ({
      hosts: {
        terms: { field: keyword(source.host), size: MOST_HOSTS },
        aggs: hostAggregations(source, span, keyword),
      },
    }),
  });
  const hosts = [...byNode].map(([node, bucket]): [string, HostView[]] => [
    node,
    bucketsOf(bucket, "hosts").map((host) => hostView(host, { source, span, axis })),
  ]);
  return new Map(hosts.filter(([, views]) => views.length > 0));
}

function hostAggregations(source: MetricSource, span: HostSpan, keyword: KeywordField): AggregationsBody {
  const { network, filesystems, processes } = source;
  const bySteps = {
    field: "@timestamp",
    fixed_interval: `${span.stepMs}ms`,
    offset: `${span.originMs % span.stepMs}ms`,
    min_doc_count: 1,
  };
  const newest = (field: string) => ({ top_metrics: { metrics: { field }, sort: { "@timestamp": "desc" } } });
  return {
    steps: { date_histogram: bySteps, aggs: Object.fromEntries(source.gauges.map(gaugeAggregation)) },
    ...Object.fromEntries(source.cores.map((field, i) => [`cores${i}`, { max: { field } }])),
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
    filesystems: {
      terms: { field: keyword(filesystems.key), size: MOST_FILESYSTEMS },
      aggs: {
        ...Object.fromEntries(filesystems.used.parts.map(({ field }, i) => [`used${i}`, newest(field)])),
        total: newest(filesystems.total),
      },
    },
    processes: {
      terms: { field: keyword(processes.key), size: MOST_PROCESSES, order: { cpu0: "desc" } },
      aggs: {
        ...Object.fromEntries(processes.cpu.parts.map(({ field }, i) => [`cpu${i}`, { avg: { field } }])),
        memory: { avg: { field: processes.memory } },
      },
    },
  };
}

function gaugeAggregation(gauge: Gauge, place: number): [string, AggregationsBody[string]] {
  const means = Object.fromEntries(gauge.parts.map(({ field }, i) => [`part${i}`, { avg: { field } }]));
  return [`gauge${place}`, { filter: gauge.of ?? { match_all: {} }, aggs: means }];
}

function hostView(bucket: Bucket, about: { source: MetricSource; span: HostSpan; axis: Axis }): HostView {
  const { source } = about;
  const points = pointsOf(bucket, about);
  const cores = source.cores.map((_, i) => metricOf(bucket, `cores${i}`)).find((value) => value !== null);
  return {
    host: String(bucket.key),
    shipper: source.shipper,
    cores: cores ?? null,
    now: Object.fromEntries(FIGURES.map((figure) => [figure, newestOf(points, figure)])) as HostView["now"],
    points,
    filesystems: bucketsOf(bucket, "filesystems")
      .flatMap((one) => {
        const used = readingOf(
          source.filesystems.used,
          source.filesystems.used.parts.map(({ field }, i) => newestMetric(one, `used${i}`, field)),
        );
        const total = newestMetric(one, "total", source.filesystems.total);
        return used === null ? [] : [{ mount: String(one.key), used_share: used, total_bytes: total }];
      })
      .toSorted((a, b) => b.used_share - a.used_share || (a.mount < b.mount ? -1 : 1)),
    processes: bucketsOf(bucket, "processes").map((one) => ({
      name: String(one.key),
      cpu_cores: readingOf(
        source.processes.cpu,
        source.processes.cpu.parts.map((_, i) => metricOf(one, `cpu${i}`)),
      ),
      memory_bytes: metricOf(one, "memory"),
    })),
  };
}

function newestMetric(bucket: Bucket, name: string, field: string): number | null {
  const top = (bucket[name] as { top?: readonly { metrics: Readonly<Record<string, unknown>> }[] } | undefined)?.top;
  const value = top?.[0]?.metrics[field];
  return typeof value === "number" ? value : null;
}

function newestOf(points: readonly HostPoint[], figure: HostFigure): HostReading | null {
  for (const point of points.toReversed()) {
    const value = point[figure];
    if (value !== null) return { value, at_ms: point.at_ms };
  }
  return null;
}

/** The steps with a value, by time. */
function pointsOf(
  bucket: Bucket,
  { source, span, axis }: { source: MetricSource; span: HostSpan; axis: Axis },
): HostPoint[] {
  const points = new Map<number, HostPoint>();
  const pointAt = (atMs: number): HostPoint => {
    const known = points.get(atMs);
    if (known !== undefined) return known;
    const empty = Object.fromEntries(FIGURES.map((figure) => [figure, null])) as Record<HostFigure, null>;
    const point = { at_ms: atMs, slot: slotAtMs(axis, atMs), ...empty };
    points.set(atMs, point);
    return point;
  };
  for (const step of bucketsOf(bucket, "steps")) {
    for (const [i, gauge] of source.gauges.entries()) {
      const means = gauge.parts.map((_, part) => metricOf(inner(step, `gauge${i}`), `part${part}`));
      const value = readingOf(gauge, means);
      if (value === null) continue;
      pointAt(Number(step.key))[gauge.figure] ??= value;
    }
  }
  for (const one of bucketsOf(bucket, "interfaces")) {
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
