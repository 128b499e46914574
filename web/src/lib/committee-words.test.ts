import { expect, test } from "vitest";
import { committeeWords } from "./committee-words.ts";

test("a committee says what there is, and that it was not told", () => {
  const record = {
    slot: 1,
    index: 0,
    validators: 8,
    on_time: 5,
    late: 2,
    untimed: 0,
    missed: 1,
    wrong_head: 0,
    wrong_target: 0,
    included: 7,
  };
  expect(committeeWords(record)).toBe("5 on time, 2 late and 1 missed of 8 validators");
  expect(committeeWords(undefined)).toBe("not told");
});
