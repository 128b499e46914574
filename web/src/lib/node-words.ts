import type { NodeState, NodeView } from "../../../src/serve/views.ts";
import { formatCount, formatDuration, formatUtcTime, sentenceOf } from "./format.ts";
import type { HeadStanding } from "./node-figures.ts";

export const STATE_WORDS: Readonly<Record<NodeState, string>> = {
  streaming: "streaming",
  connecting: "connecting",
  down: "down",
  refused: "refused",
};

/** How the node is doing, since when and why. */
export function stateSentence(node: NodeView, nowMs: number): string {
  const since = `since ${formatUtcTime(node.since_ms)} UTC, for ${formatDuration(nowMs - node.since_ms)}`;
  const why = node.reason === null ? "" : ` ${sentenceOf(node.reason)}`;
  if (node.state === "streaming") {
    const syncing = node.syncing ? " The node is syncing: its events are late for the network." : "";
    return `Streaming ${since}.${syncing}`;
  }
  if (node.state === "connecting") return `Being connected ${since}.${why}`;
  if (node.state === "down") return `No events ${since}.${why} The monitor keeps trying.`;
  return `Not watched ${since}.${why}`;
}

export function standingWords(standing: HeadStanding | undefined): string {
  if (standing === undefined) return "not seen yet";
  if (standing.kind === "behind") return `${formatCount(standing.slots, "slot")} behind`;
  if (standing.kind === "other_head") return "another head than most";
  return standing.kind === "alone" ? "no other node to compare" : "with the others";
}
