import { expect, test } from "vitest";
import { createPresent } from "./present.ts";

test("the present is the clock's slot while a node's blocks are new, whatever another one syncs", () => {
  const present = createPresent();
  expect(present.slotAt(1000)).toBe(1000);
  expect(present.noteBlock({ node: "n1", slot: 1000, clockSlot: 1000 })).toBe(false);
  expect(present.noteBlock({ node: "n2", slot: 20, clockSlot: 1000 })).toBe(true);
  expect(present.slotAt(1005)).toBe(1005);
});

test("by a clock that is ahead the present is where the blocks are, and a silence makes it the clock's again", () => {
  const present = createPresent();
  present.noteBlock({ node: "n1", slot: 1000, clockSlot: 1300 });
  expect(present.slotAt(1310)).toBe(1010);
  expect(present.slotAt(1400)).toBe(1400);
});

test("after a jump the present stays until a block says which clock was right", () => {
  const present = createPresent();
  present.noteJump(1000);
  expect(present.slotAt(1300)).toBe(1000);
  present.noteBlock({ node: "n1", slot: 1300, clockSlot: 1300 });
  expect(present.slotAt(1301)).toBe(1301);
});

test("a clock that is ahead by more than a day is followed, so that what is kept stays bounded", () => {
  const present = createPresent();
  present.noteJump(1000);
  expect(present.slotAt(1_000_000)).toBe(1_000_000 - 7200);
});
