import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Comparison, solveDifferences } from "./least-squares.ts";

describe("least squares over pairs", () => {
  it("recover planted values from exact differences, whatever pairs are missing, with a sum of 0", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 12 }),
        fc.array(fc.boolean(), { minLength: 66, maxLength: 66 }),
        (values, kept) => {
          const comparisons: Comparison[] = [];
          for (const [i, a] of values.entries()) {
            for (const [j, b] of values.entries()) {
              // Neighbours stay, so that all are joined.
              if (j === i + 1 || (j > i && kept[(i * 7 + j) % kept.length]))
                comparisons.push({ a: `n${i}`, b: `n${j}`, difference: b - a, error: 1 + ((i * j) % 5) });
            }
          }
          const found = solveDifferences(comparisons);
          const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
          for (const [i, value] of values.entries()) expect(found.get(`n${i}`)?.value).toBeCloseTo(value - mean, 6);
        },
      ),
    );
  });

  it("weigh by the errors", () => {
    const found = solveDifferences([
      { a: "a", b: "b", difference: 10, error: 1 },
      { a: "a", b: "b", difference: 40, error: 2 },
    ]);
    expect(found.get("b")?.value).toBeCloseTo(8);
    expect(found.get("a")?.value).toBeCloseTo(-8);
  });

  it("give two nodes half the error of their difference each", () => {
    const found = solveDifferences([{ a: "a", b: "b", difference: 10, error: 3 }]);
    expect(found.get("a")?.error).toBeCloseTo(1.5);
  });

  it("raise the errors where pairs contradict each other", () => {
    const pairs = (around: number) => [
      { a: "a", b: "b", difference: 10, error: 1 },
      { a: "b", b: "c", difference: 10, error: 1 },
      { a: "a", b: "c", difference: around, error: 1 },
    ];
    const agreed = solveDifferences(pairs(20)).get("a")?.error ?? Number.NaN;
    expect(solveDifferences(pairs(50)).get("a")?.error).toBeCloseTo(agreed * Math.sqrt(300), 6);
  });

  it("have nothing to say without pairs", () => {
    expect(solveDifferences([]).size).toBe(0);
  });
});
