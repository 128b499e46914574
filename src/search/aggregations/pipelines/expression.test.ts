import fc from "fast-check";
import { expect, test } from "vitest";
import { mathFunctions, parseExpression } from "./expression.ts";
import { movingFunctions } from "./moving-functions.ts";

const evaluate = (source: string, params: Record<string, number> = {}, values: readonly number[] = []) =>
  parseExpression(source, { ...mathFunctions, ...movingFunctions })({ params, values });

test.each<[string, number | boolean | null]>([
  ["1 + 2 * 3", 7],
  ["(1 + 2) * 3", 9],
  ["-2 - -3", 1],
  ["7 / 2", 3],
  ["7 / 2.0", 3.5],
  ["-7 % 4", -3],
  ["params.a / params.b * 100", 25],
  ["params.a >= 1 && params.b <= 4 || false", true],
  ["!(params.a == 1)", false],
  ["params.a != params.b ? 10 : 20", 10],
  ["params.b < params.a ? 1 : params.a == 1 ? 2 : 3", 2],
  ["params.missing == null", true],
  ["Math.max(params.a, Math.pow(2, 3)) + Math.abs(-1)", 9],
  ["return Math.round(2.5);", 3],
  ["1e3 + .5d", 1000.5],
  ["Double.isNaN(Double.NaN)", true],
  ["MovingFunctions.sum(values)", 6],
  ["MovingFunctions.unweightedAvg(values) * 2", 4],
  ["MovingFunctions.stdDev(values, MovingFunctions.unweightedAvg(values))", Math.sqrt(2 / 3)],
])("%s is %s", (source, expected) => {
  expect(evaluate(source, { a: 1, b: 4 }, [1, 2, 3])).toEqual(expected);
});

test.each([
  "params['a']",
  "doc['x'].value",
  "ctx._source",
  "def x = 1; return x",
  "new Date()",
  "Math.constructor('x')",
  "params.a.b",
  "params.__proto__()",
  "this",
  "1; 2",
  "a = 1",
  "Math.max(1)",
  "1 +",
  "'text'",
  "x -> x",
])("%s is refused by what is not supported in it", (source) => {
  expect(() => evaluate(source)).toThrow("is not supported by the embedded store");
});

test("what is no number ends a computation", () => {
  expect(() => evaluate("params.missing > 0")).toThrow("runtime error");
  expect(() => evaluate("")).toThrow("must not be empty");
});

test("arithmetic is that of doubles, whatever the expression", () => {
  const { expression } = fc.letrec<{ expression: string }>((tie) => ({
    expression: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.integer({ min: 0, max: 99 }).map((number) => `${number}.0`),
      fc.constantFrom("params.a", "params.b"),
      fc
        .tuple(tie("expression"), fc.constantFrom("+", "-", "*", "/", "%"), tie("expression"))
        .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
      fc.tuple(tie("expression"), tie("expression")).map(([left, right]) => `${left} - ${right} * 2.0`),
    ),
  }));
  fc.assert(
    fc.property(expression, (source) => {
      fc.pre(source.length < 2000);
      const plain = new Function("params", `return ${source}`) as (params: object) => number;
      expect(evaluate(source, { a: 3, b: -0.5 })).toEqual(plain({ a: 3, b: -0.5 }));
    }),
  );
});
