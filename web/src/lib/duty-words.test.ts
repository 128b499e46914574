import { expect, test } from "vitest";
import { dutyRecord } from "../../../test/rigs/duty-fixtures.ts";
import { faultLook, faultTitle, sharedFaults, validatorsWords } from "./duty-words.ts";

test("faults that differ in their validator alone are one line, in the order they came", () => {
  const late = { outcome: "late", cause: "next_slot_empty", sentence: "Slot 9 has no block." } as const;
  const lines = sharedFaults([
    dutyRecord(9, 5),
    dutyRecord(8, 12, late),
    dutyRecord(8, 3, late),
    dutyRecord(8, 4, { ...late, sentence: "Another reason." }),
    dutyRecord(8, 6, { ...late, final: false }),
  ]);
  expect(lines.map(({ fault, validators }) => [fault.slot, validators])).toEqual([
    [9, [5]],
    [8, [3, 12]],
    [8, [4]],
    [8, [6]],
  ]);
  expect(lines.map(faultTitle)).toEqual(["vote missed", "2 votes late", "vote late", "vote late"]);
});

test("a fault is named by its duty and outcome", () => {
  const title = (changes: Parameters<typeof dutyRecord>[2]) =>
    faultTitle({ fault: dutyRecord(1, 1, changes), validators: [1] });
  expect(title({ outcome: "wrong_head" })).toBe("vote for a wrong head");
  expect(title({ kind: "proposal", outcome: "orphaned" })).toBe("proposal orphaned");
  expect(title({ kind: "sync" })).toBe("sync committee member without signatures");
  expect([faultLook("missed"), faultLook("late"), faultLook("wrong_target")]).toEqual(["missed", "late", "orphaned"]);
});

test("a long list of validators is cut, and says by how many", () => {
  expect(validatorsWords([7])).toBe("validator 7");
  expect(validatorsWords([7, 9])).toBe("validators 7, 9");
  expect(validatorsWords([1, 2, 3, 4, 5, 6])).toBe("validators 1, 2, 3, 4, 5, 6");
  expect(validatorsWords([1, 2, 3, 4, 5, 6, 7])).toBe("validators 1, 2, 3, 4, 5 and 2 more");
});
