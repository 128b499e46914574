import { expect, test } from "vitest";
import { isSetBack } from "./clock-jumps.ts";

const HOUR_US = 3_600_000_000;
const FROM_US = 1_800_000_000_000_000;

test.each([
  ["an hour back", -HOUR_US, true],
  ["a second back, as a recorder writes its lines", -1_000_000, false],
  ["years back, as a broken line has it", -1e15, false],
  ["ahead", HOUR_US, false],
])("a stamp %s", (_, byUs, expected) => {
  expect(isSetBack({ fromUs: FROM_US, toUs: FROM_US + byUs, jump: undefined })).toBe(expected);
});

test("what was stamped before the clock jumped ahead, and came after, does not set it back", () => {
  const jump = { fromUs: FROM_US - HOUR_US, toUs: FROM_US };
  expect(isSetBack({ fromUs: FROM_US + 5, toUs: jump.fromUs - 2_000, jump })).toBe(false);
  expect(isSetBack({ fromUs: FROM_US + 5, toUs: jump.fromUs + 2_000, jump })).toBe(true);
  expect(isSetBack({ fromUs: FROM_US + HOUR_US, toUs: jump.fromUs - 2_000, jump })).toBe(true);
});
