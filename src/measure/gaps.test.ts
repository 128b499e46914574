import { describe, expect, test } from "vitest";
import type { GapCause } from "../events/envelope.ts";
import { createGaps } from "./gaps.ts";

const SLOT_US = 6_000_000;
const GENESIS_US = 1_800_000_000_000_000;
const at = (slots: number) => GENESIS_US + slots * SLOT_US;
const ms = (slots: number) => at(slots) / 1000;

function watched() {
  const gaps = createGaps({ genesisUs: GENESIS_US, slotUs: SLOT_US });
  return {
    gaps,
    open: (node: string, slots: number) =>
      gaps.noteStream({ kind: "stream", node, receivedAtUs: at(slots), state: "open" }),
    end: (node: string, slots: number, how: { state?: "closed" | "error"; since?: number; cause?: GapCause } = {}) =>
      gaps.noteStream({
        kind: "stream",
        node,
        receivedAtUs: at(slots),
        state: how.state ?? "closed",
        ...(how.since === undefined ? {} : { sinceUs: at(how.since) }),
        ...(how.cause === undefined ? {} : { cause: how.cause }),
      }),
    event: (node: string, slots: number, headSlot?: number) =>
      gaps.noteEvent({ node, receivedAtUs: at(slots), headSlot }),
    syncing: (node: string, slots: number, headSlot: number) =>
      gaps.noteSyncing({ node, receivedAtUs: at(slots), headSlot }),
    taken: () => gaps.taken().gaps,
  };
}

describe("a gap", () => {
  test("lasts from the closing to the next opening, with the first cause, whatever errors come between", () => {
    const { open, end, taken } = watched();
    open("n1", 1);
    end("n1", 3);
    end("n1", 4, { state: "error" });
    end("n1", 5, { state: "error" });
    expect(taken()).toEqual([]);
    open("n1", 6);
    expect(taken()).toEqual([{ node: "n1", from_ms: ms(3), to_ms: ms(6), cause: "closed" }]);
    expect(taken()).toEqual([]);
  });

  test("begins where events were really last missed, when that is known", () => {
    const { open, end, taken } = watched();
    open("n1", 1);
    end("n1", 9, { since: 7, cause: "silent" });
    open("n1", 10);
    expect(taken()).toEqual([{ node: "n1", from_ms: ms(7), to_ms: ms(10), cause: "silent" }]);
  });

  test("misses nothing before genesis", () => {
    const { open, end, taken } = watched();
    end("n1", -5, { state: "error" });
    open("n1", -1);
    end("n2", -5, { state: "error" });
    open("n2", 2);
    expect(taken()).toEqual([{ node: "n2", from_ms: ms(0), to_ms: ms(2), cause: "error" }]);
  });

  test("that is open at the end ends with the recording", () => {
    const { gaps, open, end, taken } = watched();
    open("n1", 1);
    end("n1", 3);
    gaps.finish(at(8));
    expect(taken()).toEqual([{ node: "n1", from_ms: ms(3), to_ms: ms(8), cause: "closed" }]);
  });

  test("is each node's own, though they overlap", () => {
    const { open, end, taken } = watched();
    for (const node of ["n1", "n2"]) open(node, 1);
    end("n1", 3);
    end("n2", 4, { cause: "overflow" });
    open("n1", 6);
    open("n2", 5);
    expect(taken()).toEqual([
      { node: "n1", from_ms: ms(3), to_ms: ms(6), cause: "closed" },
      { node: "n2", from_ms: ms(4), to_ms: ms(5), cause: "overflow" },
    ]);
  });

  test("is over with an event, should the opening never have been told", () => {
    const { gaps, event, end, taken } = watched();
    event("n1", 1);
    expect(gaps.isUp("n1")).toBe(true);
    end("n1", 3);
    expect(gaps.isUp("n1")).toBe(false);
    event("n1", 4);
    expect(taken()).toEqual([{ node: "n1", from_ms: ms(3), to_ms: ms(4), cause: "closed" }]);
  });
});

describe("a silent stream", () => {
  test("is one whose node's head moved on by two slots, by REST, without a word", () => {
    const { event, syncing, taken } = watched();
    event("n1", 10, 10);
    syncing("n1", 11.5, 11);
    syncing("n1", 12.5, 12);
    syncing("n1", 13.5, 13);
    event("n1", 15, 15);
    expect(taken()).toEqual([{ node: "n1", from_ms: ms(10), to_ms: ms(15), cause: "silent" }]);
  });

  test("can be one that never said anything since it opened", () => {
    const { open, syncing, event, taken } = watched();
    open("n1", 10);
    for (const slot of [11, 12, 13, 14]) syncing("n1", slot + 0.5, slot);
    event("n1", 15, 15);
    expect(taken()).toEqual([{ node: "n1", from_ms: ms(10), to_ms: ms(15), cause: "silent" }]);
  });

  test("is not one whose node stands still: a frozen or cut off node", () => {
    const { event, syncing, gaps, taken } = watched();
    event("n1", 10, 10);
    for (const slot of [11, 12, 13, 14, 20]) syncing("n1", slot, 10);
    gaps.finish(at(21));
    expect(taken()).toEqual([]);
  });

  test("is not one that is a little behind its node, nor one that sends other events", () => {
    const { event, syncing, gaps, taken } = watched();
    for (let slot = 10; slot < 20; slot += 1) {
      event("n1", slot + 0.1, slot);
      syncing("n1", slot + 1.05, slot + 1);
      event("n2", slot + 0.5);
      syncing("n2", slot + 0.6, slot);
    }
    gaps.finish(at(21));
    expect(taken()).toEqual([]);
  });

  test("that closes then is missed until it opens again, and no later silence reaches back over that", () => {
    const { event, syncing, end, open, gaps, taken } = watched();
    event("n1", 10, 10);
    for (const slot of [11, 12, 13]) syncing("n1", slot + 0.5, slot);
    end("n1", 14);
    open("n1", 20);
    for (const slot of [20, 21, 22, 23]) syncing("n1", slot + 0.5, slot);
    gaps.finish(at(24));
    expect(taken()).toEqual([
      { node: "n1", from_ms: ms(10), to_ms: ms(20), cause: "silent" },
      { node: "n1", from_ms: ms(20), to_ms: ms(24), cause: "silent" },
    ]);
  });
});

describe("when any stream was up", () => {
  test("is known of each span, and forgotten with its time", () => {
    const { gaps, open, end } = watched();
    open("n1", 1);
    end("n1", 3);
    open("n2", 6);
    expect(gaps.wasUp(at(2), at(3))).toBe(true);
    expect(gaps.wasUp(at(3), at(6))).toBe(false);
    expect(gaps.wasUp(at(0), at(1))).toBe(false);
    expect(gaps.wasUp(at(100), at(101))).toBe(true);
    gaps.prune(at(5));
    expect(gaps.wasUp(at(2), at(3))).toBe(false);
    expect(gaps.wasUp(at(7), at(8))).toBe(true);
  });

  test("a stream that was not up once is told as such, and one that a restart found down is not", () => {
    const { gaps, open, end } = watched();
    end("n1", 1, { cause: "error" });
    end("n2", 1, { cause: "restart" });
    expect(gaps.taken().streams.map(({ node, never_up }) => [node, never_up])).toEqual([
      ["n1", true],
      ["n2", undefined],
    ]);
    open("n1", 2);
    end("n1", 3, { cause: "error" });
    expect(gaps.taken().streams).toEqual([{ node: "n1", state: "down", since_ms: ms(3), cause: "error" }]);
  });

  test("streams that went up or down are told once, with the cause", () => {
    const { gaps, open, end } = watched();
    open("n1", 1);
    open("n2", 1);
    end("n1", 3, { cause: "error" });
    expect(gaps.taken().streams).toEqual([
      { node: "n1", state: "down", since_ms: ms(3), cause: "error" },
      { node: "n2", state: "up", since_ms: ms(1), cause: null },
    ]);
    expect(gaps.taken().streams).toEqual([]);
  });
});
