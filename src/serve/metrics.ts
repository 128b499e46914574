import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Store } from "../store/store.ts";
import { type MetricDefinition, metricDefinitions, type Tallies } from "./metric-definitions.ts";
import type { MeasuredSource } from "./source.ts";
import type { StreamCounts } from "./stream/live-stream.ts";

export type Metrics = {
  registry: Registry;
  /** Names where a live stream's counts are read at each scrape; those of several are added up. */
  watchStream(counts: () => StreamCounts): void;
  observeRequest(request: { route: string; status: number; seconds: number }): void;
};

const REQUEST_BUCKETS_S = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10];

/** The metrics of one process, in a registry of their own. */
export function createMetrics(deps: {
  source: MeasuredSource;
  store: Pick<Store, "state">;
  tallies: () => Tallies;
}): Metrics {
  const registry = new Registry();
  const streams: (() => StreamCounts)[] = [];
  const streamCounts = (): StreamCounts => {
    const counts = streams.map((read) => read());
    const sum = (key: keyof StreamCounts) => counts.reduce((total, one) => total + one[key], 0);
    return { readers: sum("readers"), dropped: sum("dropped") };
  };
  for (const definition of metricDefinitions({ ...deps, streamCounts })) {
    register(registry, definition);
  }
  const requests = new Histogram({
    name: "ethmon_http_request_duration_seconds",
    help: "From a request's head to the end of its answer.",
    labelNames: ["route", "status"],
    buckets: REQUEST_BUCKETS_S,
    registers: [registry],
  });
  collectDefaultMetrics({ register: registry });

  return {
    registry,
    watchStream(counts) {
      streams.push(counts);
    },
    observeRequest: ({ route, status, seconds }) => requests.observe({ route, status: String(status) }, seconds),
  };
}

function register(registry: Registry, definition: MetricDefinition): void {
  const { kind, name, help, labels, read } = definition;
  const options = { name, help, labelNames: labels, registers: [registry] };
  if (kind === "counter") {
    new Counter({
      ...options,
      collect() {
        this.reset();
        for (const row of read()) this.inc(row.labels, row.value);
      },
    });
    return;
  }
  new Gauge({
    ...options,
    collect() {
      this.reset();
      for (const row of read()) this.set(row.labels, row.value);
    },
  });
}
