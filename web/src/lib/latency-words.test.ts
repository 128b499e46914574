import { describe, expect, it } from "vitest";
import type { ComparedPairView, LatencyView } from "../../../src/serve/views.ts";
import { certaintyOf, formatDifference, formatMs, pairOf, pairSentence, stampsSentence } from "./latency-words.ts";

const pair: ComparedPairView = {
  a: "n1",
  b: "n2",
  topic: "block_gossip",
  median_ms: -42.4,
  p90_ms: 90,
  n: 64,
  error_ms: 4,
  below_error: false,
  latency_ms: null,
  latency_error_ms: null,
};
const view = { pairs: [pair] } as unknown as LatencyView;

describe("the words of the latency page", () => {
  it("write differences with a sign and as many figures as they are worth", () => {
    expect([-1250, -42.4, -0.44, -0.01, 0, 3.26, 999].map(formatDifference)).toEqual([
      "−1.25 s",
      "−42 ms",
      "−0.4 ms",
      "0 ms",
      "0 ms",
      "+3.3 ms",
      "+999 ms",
    ]);
    expect(formatMs(0)).toBe("0 ms");
  });

  it("turn a pair round for the other node", () => {
    expect(pairOf(view, "n1", "n2")?.laterMs).toBe(-42.4);
    expect(pairOf(view, "n2", "n1")?.laterMs).toBe(42.4);
    expect(pairOf(view, "n1", "n3")).toBeUndefined();
  });

  it("say of a pair which is later, how sure that is, and what cannot be told", () => {
    expect(pairSentence({ pair, laterMs: -42.4 }, "n1", "n2")).toBe(
      "n2 is 42 ms before n1 in the median, ± 4 ms; nine in ten within 90 ms; latency and bias cannot be told apart (64 blocks, block_gossip).",
    );
    const near = { ...pair, median_ms: 1, below_error: true, latency_ms: 48, latency_error_ms: 1 };
    expect(pairSentence({ pair: near, laterMs: 1 }, "n1", "n2")).toBe(
      "n1 and n2 cannot be told apart: +1 ms ± 4 ms; nine in ten within 90 ms; 48 ms apart (half of there and back), ± 2 ms (64 blocks, block_gossip).",
    );
  });

  it("are surer of a difference the farther it lies beyond its error", () => {
    expect(certaintyOf({ ...pair, median_ms: 4 })).toBe(0.5);
    expect(certaintyOf({ ...pair, median_ms: -36 })).toBe(0.9);
    expect(certaintyOf({ ...pair, median_ms: 0, error_ms: 0 })).toBe(0);
  });

  it("tell the error of stamps apart from the clock's offset", () => {
    const known = { loop_delay_ms: 4, steps: 1, offset_ms: 30, offset_error_ms: 8, reachable: true };
    expect(stampsSentence(known)).toBe(
      "This machine stamped the events up to 4 ms late (p99 of its event loop): differences below that say nothing. " +
        "Its clock is off by +30 ms ± 8 ms, which moves times from the slot's start and no difference. " +
        "The clock was set once meanwhile, which spoils single blocks.",
    );
    const unknown = { loop_delay_ms: null, steps: 0, offset_ms: null, offset_error_ms: null, reachable: null };
    expect(stampsSentence(unknown)).toMatch(/is not known for that time/);
  });
});
