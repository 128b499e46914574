import { expect, test } from "vitest";
import type { ReorgRecord } from "../../../src/events/reorg.ts";
import { abandonedSlots, reorgSortOf, sortedReorgs } from "./reorg-order.ts";

const reorgOf = (id: string, change: Partial<ReorgRecord>) =>
  ({ id, slot: 9, depth: 1, nodes: ["n1"], at_ms: 0, abandoned: [], withdrawn: false, ...change }) as ReorgRecord;

const reorgs = [
  reorgOf("0xa", { at_ms: 1, depth: 3 }),
  reorgOf("0xb", { at_ms: 3, nodes: ["n1", "n2"] }),
  reorgOf("0xc", { at_ms: 2, depth: 3 }),
  reorgOf("0xd", { at_ms: 4, depth: 9, withdrawn: true }),
];

test("reorgs come newest, deepest or widest first; withdrawn ones are none", () => {
  const order = (sort: "time" | "depth" | "nodes") => sortedReorgs(reorgs, sort).map(({ id }) => id);
  expect(order("time")).toEqual(["0xb", "0xc", "0xa"]);
  expect(order("depth")).toEqual(["0xc", "0xa", "0xb"]);
  expect(order("nodes")).toEqual(["0xb", "0xc", "0xa"]);
});

test("an address that names no known order means the newest first", () => {
  const sort = (query: string) => reorgSortOf({ path: "/reorgs", query: new URLSearchParams(query) });
  expect([sort(""), sort("sort=depth"), sort("sort=colour")]).toEqual(["time", "depth", "time"]);
});

test("a reorg is named by the slots whose blocks were left", () => {
  const left = (...slots: number[]) =>
    abandonedSlots(reorgOf("0xa", { abandoned: slots.map((slot) => ({ slot, root: `0x${slot}` })) }));
  expect([left(10), left(18, 19), left()]).toEqual(["slot 10", "slots 18–19", "slot 9"]);
});
