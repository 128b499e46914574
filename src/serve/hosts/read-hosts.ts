import type { HostsAnswer, HostView } from "../hosts-view.ts";
import type { HostAsk } from "./host-search.ts";
import { metricbeat } from "./metricbeat.ts";
import { readLines } from "./read-lines.ts";
import { readMetrics } from "./read-metrics.ts";
import { readPackets } from "./read-packets.ts";
import type { Axis, HostSpan } from "./span.ts";
import { telegraf } from "./telegraf.ts";

/** What is there of the servers of `ask.nodes` in a span; a node of which nothing came is there, and empty. */
export async function readHosts(ask: HostAsk, { span, axis }: { span: HostSpan; axis: Axis }): Promise<HostsAnswer> {
  // Each takes most of its time on one thread of the store, and little of its memory.
  const [byMetricbeat, byTelegraf, packets, lines] = await Promise.all([
    readMetrics(ask, { source: metricbeat, span, axis }),
    readMetrics(ask, { source: telegraf, span, axis }),
    readPackets(ask, span),
    readLines(ask, span),
  ]);
  const hostsOf = (node: string): HostView[] =>
    [...(byMetricbeat.get(node) ?? []), ...(byTelegraf.get(node) ?? [])].toSorted((a, b) => (a.host < b.host ? -1 : 1));
  return {
    from_ms: span.fromMs,
    to_ms: span.toMs,
    step_ms: span.stepMs,
    nodes: ask.nodes.map((node) => ({
      node,
      hosts: hostsOf(node),
      packets: packets.get(node) ?? null,
      lines: lines.get(node) ?? null,
    })),
  };
}
