import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readers } from "./readers.ts";
import { parsed, readVectors } from "./vectors.ts";

const valid = readVectors().filter(({ mustBeRead, object }) => mustBeRead && readers[object] !== undefined);
const valuesOf = (of: string) => valid.filter(({ object }) => object === of).map((vector) => parsed(vector)?.value);

type Mutation = (value: unknown) => unknown;

/** Stands for a value that is taken away; no JSON holds it. */
const GONE = Symbol("gone");

/** What may befall one value anywhere in an object: lost, of another type, longer, shorter, foreign, enormous. */
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.constant(() => GONE),
  fc.jsonValue({ maxDepth: 2 }).map(
    (other): Mutation =>
      () =>
        other,
  ),
  fc
    .constantFrom<unknown>(null, "", "0x", "-1", -1, 1e300, true, [], {}, "18446744073709551616", "9007199254740993")
    .map(
      (other): Mutation =>
        () =>
          other,
    ),
  fc.string({ unit: fc.constantFrom(..."0123456789abcdefABCDEFxg"), maxLength: 8 }).map(
    (tail): Mutation =>
      (value) =>
        typeof value === "string" ? value + tail : [value, tail],
  ),
  fc.nat(70).map(
    (length): Mutation =>
      (value) =>
        typeof value === "string" ? value.slice(0, length) : { value },
  ),
  fc.constantFrom(1_000, 200_000).map(
    (times): Mutation =>
      (value) =>
        typeof value === "string" ? value.padEnd(times, "ab") : Array.from({ length: times / 100 }, () => value),
  ),
);

/** The value with one of its inner values (the n-th on the way down, or itself) mutated. */
function mutated(value: unknown, way: readonly number[], mutate: Mutation): unknown {
  const [step, ...rest] = way;
  if (step === undefined || typeof value !== "object" || value === null) return mutate(value);
  const keys = Object.keys(value);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined) return mutate(value);
  const inner = mutated((value as Record<string, unknown>)[key], rest, mutate);
  if (Array.isArray(value)) {
    return inner === GONE ? value.toSpliced(Number(key), 1) : value.with(Number(key), inner);
  }
  const others = Object.entries(value).filter(([name]) => name !== key);
  return Object.fromEntries(inner === GONE ? others : [...others, [key, inner]]);
}

const way = fc.array(fc.nat(40), { maxLength: 9 });

describe.each(Object.keys(readers))("%s", (object) => {
  const values = valuesOf(object);

  test("is read or refused in words, whatever befalls one of its values", () => {
    fc.assert(
      fc.property(fc.constantFrom(...values), way, mutation, (value, steps, mutate) => {
        const changed = mutated(value, steps, mutate);
        for (const read of readers[object] ?? []) {
          const words = read(changed === GONE ? undefined : changed);
          expect(words === undefined || words.length > 5).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });

  test("is read as before with a field that nobody knows", () => {
    fc.assert(
      fc.property(fc.constantFrom(...values), way, fc.jsonValue(), (value, steps, extra) => {
        const changed = mutated(value, steps, (inner) =>
          typeof inner === "object" && inner !== null && !Array.isArray(inner)
            ? { ...inner, field_of_tomorrow: extra }
            : inner,
        );
        for (const read of readers[object] ?? []) expect(read(changed)).toBeUndefined();
      }),
      { numRuns: 10 },
    );
  });
});
