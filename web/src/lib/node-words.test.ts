import { expect, test } from "vitest";
import type { NodeView } from "../../../src/serve/views.ts";
import { standingWords, stateSentence } from "./node-words.ts";
import { topicCounts, topicRows } from "./topic-words.ts";

const SINCE_MS = Date.UTC(2026, 10, 22, 21, 8, 53);

const sentence = (change: Partial<NodeView>) =>
  stateSentence({ since_ms: SINCE_MS, reason: null, syncing: false, ...change } as NodeView, SINCE_MS + 200_000);

test("a node's state is told with its time and with its own reason", () => {
  expect(sentence({ state: "streaming" })).toBe("Streaming since 21:08:53 UTC, for 3 min 20 s.");
  expect(sentence({ state: "streaming", syncing: true })).toContain("late for the network");
  expect(sentence({ state: "down", reason: "the connection was refused" })).toBe(
    "No events since 21:08:53 UTC, for 3 min 20 s. The connection was refused. The monitor keeps trying.",
  );
  expect(sentence({ state: "refused", reason: "Node n1 is on another network." })).toBe(
    "Not watched since 21:08:53 UTC, for 3 min 20 s. Node n1 is on another network.",
  );
});

test("a head's standing is told in words", () => {
  expect(standingWords({ kind: "behind", slots: 1 })).toBe("1 slot behind");
  expect(standingWords({ kind: "with_most" })).toBe("with the others");
  expect(standingWords(undefined)).toBe("not seen yet");
});

test("topics are told by name with what they bring, also those that nobody has words for", () => {
  const topics = { head: "streaming", block_gossip: "refused", brand_new: "unknown" } as const;
  expect(topicRows(topics).map(({ topic, state }) => [topic, state])).toEqual([
    ["block_gossip", "refused"],
    ["brand_new", "unknown"],
    ["head", "streaming"],
  ]);
  expect(topicRows(topics).every(({ brings }) => brings.length > 0)).toBe(true);
  expect(topicCounts(topics)).toEqual({ streaming: 1, unknown: 1, refused: 1 });
});
