import fc from "fast-check";
import { expect, test } from "vitest";
import type { GapRecord } from "../../../src/events/derived.ts";
import type { NodeView } from "../../../src/serve/views.ts";
import { gapLanes, lostMs, type ShownGap } from "./gap-lanes.ts";

const nodeOf = (name: string, change: Partial<NodeView> = {}) =>
  ({ name, client: null, state: "streaming", since_ms: 5000, ...change }) as NodeView;

const lanesOf = (nodes: NodeView[], gaps: GapRecord[]) =>
  gapLanes({ nodes, gaps, fromMs: 1000, nowMs: 10_000, startedMs: 4000, storedSinceMs: 2000 });

test("the gaps that reach into the span stand on their node's lane, oldest first", () => {
  const gaps: GapRecord[] = [
    { node: "n1", from_ms: 7000, to_ms: 8000, cause: "closed" },
    { node: "n1", from_ms: 500, to_ms: 1500, cause: "silent" },
    { node: "n1", from_ms: 100, to_ms: 900, cause: "error" },
    { node: "n2", from_ms: 6000, to_ms: 6100, cause: "error" },
  ];
  const lanes = lanesOf([nodeOf("n1"), nodeOf("n2")], gaps);
  expect(lanes.map(({ node, gaps: own }) => [node, own.map(({ fromMs }) => fromMs)])).toEqual([
    ["n1", [500, 7000]],
    ["n2", [6000]],
  ]);
});

test("a node that is not heard has an open gap up to now", () => {
  const [lane] = lanesOf([nodeOf("n1", { state: "down", since_ms: 9000 })], []);
  expect(lane?.gaps).toEqual([{ node: "n1", fromMs: 9000, toMs: 10_000, cause: undefined, open: true }]);
});

test("without a gap from an earlier run a node is watched since this run began, else as far as the store reaches", () => {
  const restart: GapRecord = { node: "n2", from_ms: 3000, to_ms: 4100, cause: "restart" };
  const lanes = lanesOf([nodeOf("n1"), nodeOf("n2")], [restart]);
  expect(lanes.map(({ watchedSinceMs }) => watchedSinceMs)).toEqual([4000, 2000]);
});

test("what gaps take of a span is never more than the span, and overlaps count once", () => {
  const gap = fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 100 }));
  fc.assert(
    fc.property(fc.array(gap, { maxLength: 12 }), (spans) => {
      const gaps = spans.map(
        ([fromMs, length]): ShownGap => ({ node: "n", fromMs, toMs: fromMs + length, cause: "error", open: false }),
      );
      let covered = 0;
      for (let ms = 50; ms < 150; ms += 1) if (gaps.some((one) => one.fromMs <= ms && one.toMs > ms)) covered += 1;
      expect(lostMs(gaps, { fromMs: 50, toMs: 150 })).toBe(covered);
    }),
  );
});
