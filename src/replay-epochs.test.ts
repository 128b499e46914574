import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { replay } from "./replay.ts";

const directoryOf = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const FAULTS = directoryOf("demo/devnet3-fulu-faults");
const CLEAN = directoryOf("test/data/recordings/devnet3-electra-fulu-clean");
const SINGLE = directoryOf("test/data/recordings/single-1.5.1-capella");

describe("the report with --epochs", () => {
  test("finds the cut node's votes missing: what it alone has, the others lack, and it lacks theirs", async () => {
    const { nodes = {}, gaps } = await replay({ directory: FAULTS, epochs: true });
    const share = (name: string) => nodes[name]?.completeness ?? Number.NaN;
    expect(Object.keys(nodes)).toEqual(["n1", "n2", "n3"]);
    // Cut off for 6 of 40 slots with a third of the validators; its stream was up all the time.
    expect(gaps).toEqual([]);
    expect(share("n3")).toBeLessThan(share("n1"));
    expect(share("n3")).toBeLessThan(share("n2"));
    expect(share("n3")).toBeGreaterThan(0.85);
    expect(share("n1")).toBeLessThan(1);
  });

  test("finds nodes of one machine without bias, and as far apart as their links make them", async () => {
    const { nodes = {}, latency = [], slots } = await replay({ directory: CLEAN, epochs: true });
    for (const { completeness, bias_ms, clock } of Object.values(nodes)) {
      expect(completeness).toBe(1);
      expect(Math.abs(bias_ms ?? Number.NaN)).toBeLessThan(5);
      expect(clock).toBeNull();
    }
    expect(latency.map(({ a, b, n }) => [a, b, n])).toEqual([
      ["n1", "n2", slots.length],
      ["n1", "n3", slots.length],
      ["n2", "n3", slots.length],
    ]);
    for (const { a, b, median_ms, p90_ms } of latency) {
      // What the report tells of each slot says the same.
      const differences = slots.map(({ seen_ms }) => (seen_ms[b] ?? Number.NaN) - (seen_ms[a] ?? Number.NaN));
      const ascending = differences.toSorted((x, y) => x - y);
      expect(median_ms).toBeCloseTo(ascending[(ascending.length - 1) / 2] ?? Number.NaN, 3);
      expect(p90_ms).toBeGreaterThanOrEqual(Math.abs(median_ms));
    }
  });

  test("has one node compared with nobody", async () => {
    const { nodes, latency } = await replay({ directory: SINGLE, epochs: true });
    expect(nodes).toEqual({ n1: { completeness: 1, bias_ms: null, clock: null } });
    expect(latency).toEqual([]);
  });

  test("is the report without it otherwise", async () => {
    const { epochs, nodes, latency, ...rest } = await replay({ directory: FAULTS, epochs: true });
    const plain = await replay({ directory: FAULTS });
    expect(JSON.stringify(plain)).toBe(JSON.stringify(rest));
    expect([plain.epochs, plain.nodes, plain.latency]).toEqual([undefined, undefined, undefined]);
  });
});
