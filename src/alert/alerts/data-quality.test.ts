import { expect, test } from "vitest";
import { createChain } from "../../chain/chain.ts";
import { createDataQuality } from "./data-quality.ts";

const chain = createChain({
  spec: { SECONDS_PER_SLOT: "12", SLOTS_PER_EPOCH: "32", INTERVALS_PER_SLOT: "3" },
  genesis: { genesis_time: "1000" },
});
const MAJORITY = { nodes: "majority", clock: false } as const;

const stream = (node: string, state: "up" | "down") => ({
  dataset: "stream",
  timestampUs: 2_000_000_000,
  id: node,
  fields: { "observer.name": node, "ethereum.stream.state": state },
});
const syncing = (node: string, distance: number | string, isSyncing = false) => ({
  dataset: "ethereum.node_syncing",
  timestampUs: 2_000_000_000,
  fields: { "observer.name": node, "ethereum.sync_distance": distance, "ethereum.syncing": isSyncing },
});
const clock = (offset: number, error: number) => ({
  dataset: "ethereum.clock",
  timestampUs: 2_000_000_000,
  fields: { "ethereum.clock.reachable": true, "ethereum.clock.offset_ms": offset, "ethereum.clock.error_ms": error },
});

test("a rule that needs most nodes is not judged while half of them stream, or are in sync", () => {
  const quality = createDataQuality({ chain, nodes: ["n1", "n2", "n3", "n4"] });
  for (const node of ["n1", "n2", "n3"]) quality.observe(stream(node, "up"));
  expect(quality.lacking(MAJORITY)).toBeUndefined();
  quality.observe(stream("n1", "down"));
  expect(quality.lacking(MAJORITY)).toBe(
    "Only 2 of 4 nodes can be relied on, 3 are needed: n1 is not streaming, n4 is not streaming.",
  );
  quality.observe(stream("n1", "up"));
  quality.observe(syncing("n2", "40"));
  expect(quality.lacking(MAJORITY)).toContain("n2 is behind");
  quality.observe(syncing("n2", 0));
  expect(quality.lacking(MAJORITY)).toBeUndefined();
  expect(quality.lacking({ nodes: 4, clock: false })).toContain("4 are needed");
});

test("slots without a block leave every head behind the clock, which is no reason not to judge", () => {
  const quality = createDataQuality({ chain, nodes: ["n1", "n2", "n3"] });
  for (const node of ["n1", "n2", "n3"]) {
    quality.observe(stream(node, "up"));
    quality.observe(syncing(node, 5));
  }
  expect(quality.lacking(MAJORITY)).toBeUndefined();
  quality.observe(syncing("n2", 8));
  quality.observe(syncing("n3", 9));
  expect(quality.lacking(MAJORITY)).toContain("n2 is behind, n3 is behind");
  const alone = createDataQuality({ chain, nodes: ["n1"] });
  alone.observe(stream("n1", "up"));
  alone.observe(syncing("n1", 5));
  expect(alone.lacking(MAJORITY)).toBeUndefined();
  alone.observe(syncing("n1", 5, true));
  expect(alone.lacking(MAJORITY)).toContain("n1 is behind");
});

test("moments are not judged by a clock that is surely off, and are by one whose server is inexact", () => {
  const quality = createDataQuality({ chain, nodes: ["n1"] });
  quality.observe(stream("n1", "up"));
  const needs = { nodes: 1, clock: true };
  expect(quality.lacking(needs)).toBeUndefined();
  quality.observe(clock(-900, 20));
  expect(quality.lacking(needs)).toBe("The clock that stamps arrivals is off by at least 880 ms.");
  expect(quality.lacking({ nodes: 1, clock: false })).toBeUndefined();
  quality.observe(clock(-900, 800));
  expect(quality.lacking(needs)).toBeUndefined();
});
