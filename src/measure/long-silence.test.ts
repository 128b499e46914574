import { expect, test } from "vitest";
import { createChain } from "../chain/chain.ts";
import type { SlotRecord, SlotStatus } from "../events/derived.ts";
import { createMeasures, type Measures, type MeasureUpdate } from "./measures.ts";

const chain = createChain({
  spec: { SECONDS_PER_SLOT: "12", SLOTS_PER_EPOCH: "32" },
  genesis: { genesis_time: 1_800_000_000 },
});
const FIRST = 101;
/** A day and some minutes. */
const LAST = FIRST + 7_250;

/** The last word on each slot. */
function statuses(updates: readonly MeasureUpdate[]): Map<number, SlotStatus> {
  const records = updates.flatMap((update) => (update.dataset === "slot" ? [update.record] : []));
  return new Map(records.map(({ slot, status }: SlotRecord) => [slot, status]));
}

function wakeUp(measures: Measures): Map<number, SlotStatus> {
  measures.advance(chain.slotStartUs(LAST + 3));
  return statuses(measures.flush());
}

test("after a day without a word every slot of it is told, as unknown where no stream was up", () => {
  const measures = createMeasures({ chain });
  measures.restore({ nodeSlots: [], epochs: [], lastSlot: FIRST - 1 });
  measures.observe({
    kind: "stream",
    node: "n1",
    receivedAtUs: chain.slotStartUs(LAST + 3),
    state: "closed",
    sinceUs: chain.slotStartUs(FIRST),
    cause: "restart",
  });
  const told = wakeUp(measures);
  for (let slot = FIRST; slot <= LAST; slot += 1) expect(told.get(slot), `slot ${slot}`).toBe("unknown");
});

test("a day without a block is told as missed while a stream was up", () => {
  const measures = createMeasures({ chain });
  measures.observe({ kind: "stream", node: "n1", receivedAtUs: chain.slotStartUs(FIRST), state: "open" });
  measures.restore({ nodeSlots: [], epochs: [], lastSlot: FIRST - 1 });
  const told = wakeUp(measures);
  for (let slot = FIRST; slot <= LAST; slot += 1) expect(told.get(slot), `slot ${slot}`).toBe("missed");
});
