import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SqlResult } from "../hits/sql-result.ts";
import { putTogether, referredIn } from "./put-together.ts";
import { narrowShape, readShape } from "./source-shape.ts";
import { takeApart } from "./take-apart.ts";
import type { StoredCells } from "./take-cell.ts";

type Fields = Readonly<Record<string, string | number>>;

/** Cells of all fields but those that begin with `line`. */
function storedOf(fields: Fields): Map<string, StoredCells> {
  const told = Object.entries(fields).filter(([name]) => !name.startsWith("line"));
  return new Map(
    told.map(([name, value]) => [
      name,
      typeof value === "string" ? { type: "keyword", cells: [value] } : { type: "long", cells: [BigInt(value)] },
    ]),
  );
}

/** What is left of a text, whole and with some leaves alone; undefined where it is kept whole. */
function taken(fields: Fields, wanted: readonly string[] = []): string | undefined {
  const stored = storedOf(fields);
  const text = JSON.stringify(fields);
  const parts = takeApart(text, { kind: `lines ${Object.keys(fields).join()}`, storedOf: stored });
  if (parts === undefined) return undefined;
  const shape = readShape(parts.shape);
  const rest = parts.rest ?? null;
  expect(putTogether(shape, { cellsOf: (field) => stored.get(field)?.cells ?? [], rest })).toBe(text);
  // Of what is not wanted no cells are there but those to which the literals refer.
  const narrowed = narrowShape(shape, (path) => wanted.includes(path));
  const needed = new Set([...wanted, ...referredIn(narrowed, rest).map(({ node }) => node.path)]);
  const cellsOf = (field: string): readonly SqlResult[] => {
    expect(needed).toContain(field);
    return stored.get(field)?.cells ?? [];
  };
  const shown = Object.entries(fields).map(([name, value]) => [name, wanted.includes(name) ? value : null]);
  expect(JSON.parse(putTogether(narrowed, { cellsOf, rest }))).toEqual(Object.fromEntries(shown));
  return parts.rest;
}

const REFERENCE = "\u0002";

describe("a literal", () => {
  it("refers to cells whose texts stand in it, so that lines of one form leave the same", () => {
    const line = (slot: number, root: string) => {
      const message = `Published attestation for block ${root}`;
      return { line: `INFO  validator: ${message} slot=${slot} "${root}"`, logger: "validator", message, slot, root };
    };
    const [first, second] = [taken(line(12_349_956, "0xd29c68a1")), taken(line(12_349_957, "0x01234567"))];
    expect(first).toBe(second);
    expect(first).toMatch(/^"INFO {2}.{2}: .{2} slot=.{2} \\".{2}\\""$/);
  });

  it("refers to the longest text that stands in it, and never into another reference", () => {
    const rest = taken({ line: "a long line: one two three, one two!", part: "one two", whole: "one two three" });
    expect(rest).toBe(`"a long line: ${REFERENCE}"${", "}${REFERENCE}!!"`);
  });

  it("stays as it is where it is short, or nothing long of it stands elsewhere", () => {
    expect(taken({ line: "a validator", logger: "validator" })).toBe('"a validator"');
    expect(taken({ line: "a long line about slot 77", slot: 77, level: "line" })).toBe('"a long line about slot 77"');
  });

  it("from before there were references is given back as it stands", () => {
    const fields = { line: "a long line of the validator", logger: "validator" };
    const stored = storedOf(fields);
    const text = JSON.stringify(fields);
    const { shape } = takeApart(text, { kind: "before", storedOf: stored }) ?? { shape: "" };
    const cellsOf = (field: string) => stored.get(field)?.cells ?? [];
    expect(putTogether(readShape(shape), { cellsOf, rest: JSON.stringify(fields.line) })).toBe(text);
  });

  it.each(['{"logger":"validator","line":"a long line \u0002! validator"}', '{"logger":"validator","line":\u0002}'])(
    "with a control character, which JSON has within escapes alone, leaves its text whole: %j",
    (text) => {
      const stored = storedOf({ logger: "validator" });
      // A shape of its kind may be known, which looks the same.
      takeApart('{"logger":"validator","line":"a long line of the validator"}', { kind: "raw", storedOf: stored });
      expect(takeApart(text, { kind: "raw", storedOf: stored })).toBeUndefined();
    },
  );

  it("is given back whatever stands in it, also where it is shown alone", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 12 }).filter((text) => text.isWellFormed()),
      fc.constantFrom("validator", "validators", 'qu"ot\\ed', "\u0001\u0002\u0003", "\u0002! \u0002", "aaaaa", "12345"),
    );
    const fields = fc.record({
      before: piece,
      slot: fc.integer({ min: 0, max: 20_000_000 }),
      pieces: fc.array(piece, { maxLength: 6 }),
      order: fc.array(fc.nat(), { maxLength: 14 }),
    });
    fc.assert(
      fc.property(fields, fc.subarray(["line", "line2", "p0", "slot"]), ({ before, slot, pieces, order }, wanted) => {
        const all = [before, String(slot), ...pieces];
        const line = order.map((place) => all[place % all.length]).join("");
        const told = Object.fromEntries(pieces.map((text, i) => [`p${i}`, text]));
        taken({ line, before, ...told, slot, line2: `${before}: ${line}` }, wanted);
      }),
      { numRuns: 500 },
    );
  });
});
