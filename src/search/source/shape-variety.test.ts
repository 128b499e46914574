import { expect, test } from "vitest";
import { shapeVarietyOf } from "./shape-variety.ts";
import { takeApart } from "./take-apart.ts";

/** How many of the documents were taken apart. */
function taken(name: string, texts: readonly string[]): number {
  const variety = shapeVarietyOf(name);
  const parts = texts.map((text) => variety.tried(() => takeApart(text, { kind: name, storedOf: new Map() })));
  return parts.filter((part) => part !== undefined).length;
}

const sames = (count: number) => Array.from({ length: count }, (_, i) => `{"one":${i % 40},"n${i % 40}":true}`);
const others = (count: number, from = 0) => Array.from({ length: count }, (_, i) => `{"other${from + i}":1}`);

test("documents of a few dozen shapes are all taken apart", () => {
  expect(taken("few", sames(2_000))).toBe(2_000);
});

test("documents that all have a shape of their own are kept whole, but for a few that are tried", () => {
  expect(taken("many", others(4_000))).toBeLessThan(500);
});

test("once documents are of few shapes again they are taken apart again", () => {
  taken("back", others(1_000, 10_000));
  taken("back", sames(5_000));
  expect(taken("back", sames(500))).toBe(500);
});
