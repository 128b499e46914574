import fc from "fast-check";
import { expect, test } from "vitest";
import { cutLoop, isRoot, type Loop, placeOfMs, placeOfSlot, rootInLoop } from "./loop.ts";

const slotsPerEpoch = 8;
const loops = fc
  .record({ firstSlot: fc.nat(500), recorded: fc.integer({ min: 24, max: 400 }) })
  .map(({ firstSlot, recorded }) => ({
    firstSlot,
    endSlot: firstSlot + recorded,
    loop: cutLoop({ firstSlot, endSlot: firstSlot + recorded, slotsPerEpoch }) as Loop,
  }));
const roots = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => `0x${Buffer.from(bytes).toString("hex")}`);

test("a loop is whole epochs within what was recorded, without the epoch of genesis", () => {
  fc.assert(
    fc.property(loops, ({ firstSlot, endSlot, loop }) => {
      expect(loop.fromSlot % slotsPerEpoch).toBe(0);
      expect(loop.spanSlots % slotsPerEpoch).toBe(0);
      expect(loop.fromSlot).toBeGreaterThanOrEqual(Math.max(firstSlot, slotsPerEpoch));
      expect(loop.toSlot).toBeLessThanOrEqual(endSlot);
      expect(endSlot - loop.toSlot).toBeLessThan(slotsPerEpoch);
    }),
  );
});

test("a recording without a whole epoch has no loop", () => {
  expect(cutLoop({ firstSlot: 1, endSlot: 15, slotsPerEpoch })).toBeUndefined();
  expect(cutLoop({ firstSlot: 1, endSlot: 16, slotsPerEpoch })).toEqual({ fromSlot: 8, toSlot: 16, spanSlots: 8 });
});

test("every slot has one place, and its moments have the same", () => {
  fc.assert(
    fc.property(loops, fc.nat(1_000_000), fc.nat(2999), ({ loop }, slot, intoSlotMs) => {
      const { loop: number, at } = placeOfSlot(loop, slot);
      expect(at + number * loop.spanSlots).toBe(slot);
      expect(at).toBeLessThan(loop.toSlot);
      if (number > 0) expect(at).toBeGreaterThanOrEqual(loop.fromSlot);
      const moment = placeOfMs({ loop, slotMs: 3000, sinceGenesisMs: slot * 3000 + intoSlotMs });
      expect(moment).toEqual({ loop: number, at: at * 3000 + intoSlotMs });
    }),
  );
});

test("different roots, and different loops, have different roots", () => {
  fc.assert(
    fc.property(roots, roots, fc.nat(10_000), fc.nat(10_000), (first, second, loop, other) => {
      expect(isRoot(rootInLoop(first, loop))).toBe(isRoot(first) || loop > 0);
      expect(rootInLoop(first, loop) === rootInLoop(second, loop)).toBe(first === second);
      expect(rootInLoop(first, loop) === rootInLoop(first, other)).toBe(loop === other);
    }),
  );
});

test("the root of a loop is the SHA-256 of its number and the recorded root", () => {
  const root = `0x${"11".repeat(32)}`;
  expect(rootInLoop(root, 0)).toBe(root);
  // printf '\0\0\0\0\0\0\0\1' + 32 bytes of 0x11 | sha256sum
  expect(rootInLoop(root, 1)).toBe("0xc88aa04c5ccac326fdbfc3eb1ea0473a44689f240a95a1f3a728c4868b46d201");
});

test("only 32 bytes that are not all zero are a root", () => {
  expect(isRoot(`0x${"0".repeat(64)}`)).toBe(false);
  expect(isRoot(`0x${"a".repeat(64)}`)).toBe(true);
  expect(isRoot(`0x${"a".repeat(96)}`)).toBe(false);
  expect(isRoot("64")).toBe(false);
});
