import type { Registry } from "prom-client";

/**
 * The page docs/metrics.md: every metric of ours with its kind, labels and meaning, in the order of their names. The
 * figures of the process differ by platform and are told in a sentence.
 */
export function renderMetricsDocs(registry: Registry): string {
  const metrics = (registry.getMetricsAsArray() as readonly object[] as readonly Described[])
    .filter(({ name }) => name.startsWith("ethmon_"))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return [
    "# Metrics",
    "",
    "`GET /metrics` answers these in the Prometheus text format. Names carry their unit; counters count from the start",
    "of the process. No label holds a validator's index: questions about validators go to the store. The figures of the",
    "process and of Node.js stand beside them under their usual names, `process_*` and `nodejs_*`.",
    "",
    "| metric | kind | labels | meaning |",
    "| --- | --- | --- | --- |",
    ...metrics.map(
      ({ name, type, labelNames = [], help }) => `| \`${name}\` | ${type} | ${labelNames.join(", ")} | ${help} |`,
    ),
    "",
  ].join("\n");
}

/** prom-client's registry holds the metrics themselves, which have more than its types tell. */
type Described = { name: string; help: string; type: string; labelNames?: readonly string[] };
