import { expect, test } from "vitest";
import { createToldParts } from "./told-parts.ts";

const PART = { expected: 4, seen: 3, late: 1, head: 2, included: 0 };

test("each client and group of a slot is told once, and again when its votes changed", () => {
  const parts = createToldParts();
  const record = { slot: 9, epoch: 1, clients: { teku: PART, nimbus: PART }, groups: { ours: PART } };
  const { slot, epoch } = record;
  expect(parts.changed([record])).toEqual([
    { slot, epoch, kind: "client", name: "teku", ...PART },
    { slot, epoch, kind: "client", name: "nimbus", ...PART },
    { slot, epoch, kind: "group", name: "ours", ...PART },
  ]);
  expect(parts.changed([record])).toEqual([]);
  const later = { ...record, clients: { ...record.clients, teku: { ...PART, included: 1 } } };
  expect(parts.changed([later])).toEqual([{ slot, epoch, kind: "client", name: "teku", ...PART, included: 1 }]);
});

test("slots of long ago are forgotten", () => {
  const parts = createToldParts();
  const at = (slot: number) => ({ slot, epoch: 1, clients: { teku: PART }, groups: {} });
  parts.changed([at(9)]);
  parts.changed([at(9 + 513)]);
  expect(parts.changed([at(9)])).toHaveLength(1);
});
