import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createChain } from "../chain/chain.ts";
import { createDeadlineClock } from "./deadline-clock.ts";

const chain = createChain({
  spec: { SECONDS_PER_SLOT: "6", SLOTS_PER_EPOCH: "8" },
  genesis: { genesis_time: 1_800_000_000 },
});
const at = (slot: number, ms = 0) => chain.slotStartUs(slot) + ms * 1000;

function clock() {
  const moments: string[] = [];
  const deadlines = createDeadlineClock({
    chain,
    onSlot: (slot) => moments.push(`${slot} begins`),
    onDeadline: ({ slot, deadline }) => moments.push(`${slot} ${deadline}`),
  });
  return { ...deadlines, told: () => moments.splice(0) };
}

const slotOf = (slot: number) => [
  `${slot} begins`,
  `${slot} attestation_due`,
  `${slot} aggregate_due`,
  `${slot} slot_end`,
];

describe("the moments of the slots", () => {
  test("come in their order, each once, whatever steps time takes", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 30 }), (steps) => {
        const { start, advance, told } = clock();
        let nowMs = 0;
        start(10, at(10));
        for (const step of steps) {
          nowMs += step;
          advance(at(10, nowMs));
        }
        const slots = Math.floor(nowMs / 6000);
        const intoMs = nowMs - slots * 6000;
        const whole = Array.from({ length: slots }, (_, i) => slotOf(10 + i)).flat();
        const passed = 1 + Number(intoMs >= 2000) + Number(intoMs >= 4000);
        expect(told()).toEqual([...whole, ...slotOf(10 + slots).slice(0, passed)]);
      }),
    );
  });

  test("do not come before the clock is started, and it is started once", () => {
    const { start, advance, told } = clock();
    advance(at(5));
    expect(told()).toEqual([]);
    start(6, at(6));
    start(90, at(90));
    advance(at(6, 2500));
    expect(told()).toEqual(["6 begins", "6 attestation_due"]);
  });

  test("that had passed when it was started were not witnessed", () => {
    const { start, advance, told } = clock();
    start(10, at(10, 2500));
    advance(at(11));
    expect(told()).toEqual(["10 begins", "10 aggregate_due", "10 slot_end", "11 begins"]);
  });

  test("of a slot whose block came early begin with it", () => {
    const { start, advance, told } = clock();
    start(10, at(10, -90));
    advance(at(10, 2000));
    expect(told()).toEqual(["10 begins", "10 attestation_due"]);
  });

  test("are not held up by a first block that claims a slot of tomorrow", () => {
    const { start, advance, told } = clock();
    start(10_000, at(10, 100));
    advance(at(11, 2000));
    expect(told()).toEqual(["11 begins", "11 attestation_due"]);
  });

  test("of slots that went by before the first event are begun, so that they can be judged", () => {
    const { start, told } = clock();
    start(7, at(10, 100));
    expect(told()).toEqual(["7 begins", "8 begins", "9 begins", "10 begins"]);
  });

  test("after a jump of days are gone through for the nearest slots alone", () => {
    const { start, advance, told } = clock();
    start(10, at(10));
    told();
    advance(at(1_000_000));
    const moments = told();
    expect(moments.length).toBeLessThan(40_000);
    expect(moments.at(-1)).toBe("1000000 begins");
    advance(at(1_000_000, 2000));
    expect(told()).toEqual(["1000000 attestation_due"]);
  });

  test("do not come again when the machine's clock is set back", () => {
    const { start, advance, told } = clock();
    start(10, at(10));
    advance(at(12));
    told();
    advance(at(11));
    advance(at(12));
    expect(told()).toEqual([]);
  });
});
