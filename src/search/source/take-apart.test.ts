import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ColumnType } from "../../events/dataset.ts";
import type { SqlResult } from "../hits/sql-result.ts";
import { jsonTexts } from "./json-texts-rig.ts";
import { putTogether } from "./put-together.ts";
import { narrowShape, readShape } from "./source-shape.ts";
import { takeApart } from "./take-apart.ts";
import type { StoredCells } from "./take-cell.ts";

type Columns = Readonly<Record<string, readonly [ColumnType, ...SqlResult[]]>>;

function storedIn(columns: Columns): Map<string, StoredCells> {
  return new Map(Object.entries(columns).map(([field, [type, ...cells]]) => [field, { type, cells }]));
}

/** What of a text no column holds, and that the text comes back. */
function left(text: string, columns: Columns, kind = "one"): string[] | "all" {
  const storedOf = storedIn(columns);
  const parts = takeApart(text, { kind, storedOf });
  if (parts === undefined) return "all";
  const rest = parts.rest ?? null;
  expect(putTogether(readShape(parts.shape), { cellsOf: (field) => storedOf.get(field)?.cells ?? [], rest })).toBe(
    text,
  );
  return parts.rest?.split("\u0001") ?? [];
}

describe("a document's text", () => {
  it("is nothing but its shape where columns hold all of its leaves", () => {
    const text = `{"@timestamp":"2026-11-28T10:00:00.000Z","host":{"name":"a","ip":["10.0.0.1","fe80::1"]},
      "log.offset" : 12,"up":true,"load":0.07,"none":null,"Ü":"\\"ß\\n"}`;
    const columns: Columns = {
      "@timestamp": ["date", 1_795_860_000_000_000n],
      "host.name": ["keyword", "a"],
      "host.ip": ["keyword", "00000000000000000000ffff0a000001", "fe800000000000000000000000000001"],
      "log.offset": ["long", 12n],
      up: ["boolean", true],
      load: ["double", Math.fround(0.07)],
      Ü: ["keyword", '"ß\n'],
    };
    expect(left(text, columns)).toEqual([]);
    // The second time the shape is known.
    expect(left(text, columns)).toEqual([]);
    expect(left(text.replace("0.07", "0.08"), { ...columns, load: ["double", Math.fround(0.08)] })).toEqual([]);
  });

  it.each<[string, ColumnType, SqlResult]>([
    ["12", "keyword", "12"],
    ["true", "keyword", "true"],
    ['"\\u003ca\\u003e"', "keyword", "<a>"],
    ['"12"', "long", 12n],
    ["12.0", "long", 12n],
    ['"18446744073709551615"', "unsigned_long", 18_446_744_073_709_551_615n],
    ["1.0", "double", 1],
    ["1e+21", "double", 1e21],
    ['"false"', "boolean", false],
    ['"2026-11-28T10:00:00Z"', "date", 1_795_860_000_000_000n],
    ['"2026-11-28T10:00:00.000250Z"', "date", 1_795_860_000_000_250n],
    ['"1901-02-03T04:05:06.700Z"', "date", BigInt(Date.parse("1901-02-03T04:05:06.700Z")) * 1000n],
  ])("has no %s where a column of %s holds %s", (token, type, cell) => {
    expect(left(`{"a":${token}}`, { a: [type, cell] }, token)).toEqual([]);
  });

  it.each<[string, ColumnType, SqlResult]>([
    ["-0", "double", -0],
    ["0.1234", "double", 0.12],
    ['"\\u0000"', "keyword", "\0"],
    ['"\\ud800"', "keyword", "\ud800"],
    ['"a\\/b"', "keyword", "a/b"],
    ['"2026-11-28T10:00:00.123456789Z"', "date", 1_795_860_000_123_456n],
    ['"2026-11-28"', "date", 1_795_824_000_000_000n],
    ['"2001:DB8::1"', "keyword", "20010db8000000000000000000000001"],
  ])("keeps %s, which no column of %s gives back", (token, type, cell) => {
    expect(left(`{"a":${token}}`, { a: [type, cell] }, token)).toEqual([token]);
  });

  it("keeps what is rounded more often than not, so that documents are of few shapes", () => {
    const shapes = new Set<string>();
    for (let i = 0; i < 400; i += 1) {
      const sent = [i / 1000, i / 700, (i * 7) / 1000].map((value) => Number(value.toFixed(4)));
      const text = JSON.stringify({ share: { x: sent[0], y: sent[1], z: sent[2] } });
      const held = sent.map((value) => Math.round(value * 100) / 100);
      const stored = storedIn({
        "share.x": ["double", held[0] ?? null],
        "share.y": ["double", held[1] ?? null],
        "share.z": ["double", held[2] ?? null],
      });
      shapes.add(takeApart(text, { kind: "shares", storedOf: stored })?.shape ?? "");
    }
    expect(shapes.size).toBeLessThanOrEqual(8);
  });

  it("stays whole where its names alone are too long, or it is nested too deeply", () => {
    expect(left(`{"${"a".repeat(5_000)}":1}`, {})).toBe("all");
    expect(left(`${'{"a":'.repeat(300)}1${"}".repeat(300)}`, {})).toBe("all");
  });

  it("comes back as it came whatever the columns hold", () => {
    const cell = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
      fc.double(),
      fc.boolean(),
    );
    const type = fc.constantFrom<ColumnType[]>("keyword", "long", "double", "boolean", "date");
    const fields = fc.constantFrom("k", "t", "l", "d", "f", "b", "at", "ip", "obj.k", "obj.l", "1", "10", "unknown");
    const cells = fc.dictionary(fields, fc.tuple(type, cell, cell) as fc.Arbitrary<[ColumnType, ...SqlResult[]]>);
    fc.assert(
      fc.property(jsonTexts, cells, (texts, columns) => {
        for (const text of texts) left(text, columns, "any");
      }),
      { numRuns: 500 },
    );
  });

  it("has null for leaves that are not wanted, and all others", () => {
    fc.assert(
      fc.property(jsonTexts, fc.constantFrom("k", "l", "obj.k", "nest.k", "unknown"), (texts, wanted) => {
        for (const text of texts) {
          const parts = takeApart(text, { kind: "wanted", storedOf: new Map() });
          if (parts === undefined) continue;
          const shape = narrowShape(readShape(parts.shape), (path) => path === wanted);
          const narrowed = putTogether(shape, { cellsOf: () => [], rest: parts.rest ?? null });
          expect(leavesAt(JSON.parse(narrowed), wanted)).toEqual(leavesAt(JSON.parse(text), wanted));
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** The leaves that stand at a path, however objects, lists and dotted names lead to it. */
function leavesAt(value: unknown, wanted: string, path?: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => leavesAt(item, wanted, path));
  if (typeof value !== "object" || value === null) return path === wanted ? [value] : [];
  return Object.entries(value).flatMap(([key, item]) =>
    leavesAt(item, wanted, path === undefined ? key : `${path}.${key}`),
  );
}
