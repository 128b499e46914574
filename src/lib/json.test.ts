import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJsonExact } from "./json.ts";

test("an integer beyond 2^53 becomes its decimal string, wherever it stands", () => {
  expect(parseJsonExact('{"depth":18446744073709551614,"slot":7}')).toEqual({ depth: "18446744073709551614", slot: 7 });
  expect(parseJsonExact("[9007199254740993, 1]")).toEqual(["9007199254740993", 1]);
  expect(parseJsonExact("18446744073709551615")).toBe("18446744073709551615");
  expect(parseJsonExact('{"a":\n-9007199254740993}')).toEqual({ a: "-9007199254740993" });
});

test("the largest safe integers stay numbers", () => {
  expect(parseJsonExact('{"a":9007199254740991,"b":-9007199254740991}')).toEqual({
    a: Number.MAX_SAFE_INTEGER,
    b: Number.MIN_SAFE_INTEGER,
  });
});

test("digits within strings and long fractions are left as they are", () => {
  expect(parseJsonExact('{"a":"18446744073709551615","b":0.12345678901234568,"c":": 12345678901234567890"}')).toEqual({
    a: "18446744073709551615",
    b: 0.12345678901234568,
    c: ": 12345678901234567890",
  });
});

test("it equals JSON.parse for every value without such an integer, and keeps every integer's digits", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const plain = JSON.parse(text) as unknown;
      if (!/\d{16}/.test(text)) expect(parseJsonExact(text)).toEqual(plain);
    }),
  );
  fc.assert(
    fc.property(fc.oneof(integersBelow(2n ** 70n), integersBelow(2n ** 54n)), (integer) => {
      const { value } = parseJsonExact(`{"value":${integer}}`) as { value: number | string };
      expect(BigInt(value)).toBe(integer);
      expect(typeof value).toBe(integer <= 2n ** 53n - 1n && integer >= -(2n ** 53n) + 1n ? "number" : "string");
    }),
  );
});

test("what is not JSON throws a SyntaxError", () => {
  expect(() => parseJsonExact('{"a":12345678901234567890')).toThrow(SyntaxError);
  expect(() => parseJsonExact("")).toThrow(SyntaxError);
});

function integersBelow(bound: bigint): fc.Arbitrary<bigint> {
  return fc.bigInt({ min: -bound, max: bound });
}
