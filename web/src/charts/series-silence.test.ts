import { expect, test } from "vitest";
import { silencesOf } from "./series-silence.ts";

const because = "no block was read whole.";
const line = (values: (number | null)[], reason: string | undefined = because) => ({
  label: "blocks",
  values,
  colour: "accent" as const,
  look: "solid" as const,
  ...(reason === "" ? {} : { because: reason }),
});
const xs = [10, 11, 12, 13, 14, 15];

test("a line that ends early says since when and why, one whose last values are still to come does not", () => {
  expect(silencesOf(xs, [line([1, 1, null, null, null, null])])).toEqual([{ label: "blocks", since: 11, because }]);
  expect(silencesOf(xs, [line([1, 1, 1, null, null, null])])).toEqual([]);
});

test("a line without any value says so, unless it is not expected to have one everywhere", () => {
  const none = [null, null, null, null, null, null];
  expect(silencesOf(xs, [line(none)])).toEqual([{ label: "blocks", since: undefined, because }]);
  expect(silencesOf(xs, [line(none, "")])).toEqual([]);
});
