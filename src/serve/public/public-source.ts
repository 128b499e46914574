import type { LiveItem, Source } from "../source.ts";
import type { HealthReason, HealthView, NodeView } from "../views.ts";

/** Reasons whose sentences hold nothing but our own words, names of nodes and figures. */
const PLAIN: ReadonlySet<string> = new Set([
  "no_stream",
  "node_syncing",
  "documents_dropped",
  "events_dropped",
  "event_loop_slow",
]);

/** What everybody may know of the program: no addresses, and no words of the operating system or of a cluster. */
export function publicSource(source: Source): Source {
  return {
    ...source,
    nodes: () => source.nodes().map(publicNode),
    health: () => publicHealth(source.health()),
  };
}

/** The same of a change; undefined for what is for those who run it. */
export function publicItem(item: LiveItem): LiveItem | undefined {
  switch (item.event) {
    case "node":
      return { event: "node", data: publicNode(item.data) };
    case "health":
      return { event: "health", data: publicHealth(item.data) };
    case "alert":
      return undefined;
    default:
      return item;
  }
}

function publicNode(node: NodeView): NodeView {
  return { ...node, url: "", reason: node.reason === null ? null : "It is for those who run the monitor." };
}

function publicHealth(health: HealthView): HealthView {
  return { ...health, reasons: health.reasons.map(publicReason), clock: null };
}

function publicReason({ code, sentence, node }: HealthReason): HealthReason {
  const words = PLAIN.has(code) ? sentence : `${node ?? "The monitor"}: ${code.replaceAll("_", " ")}.`;
  return { code, sentence: words, ...(node === undefined ? {} : { node }) };
}
