import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { boundType, withLiterals } from "./literals.ts";

const value = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("it's", "$1", "''", "\\", "--", '"', "\n"),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
  fc.double({ noNaN: true }),
  fc.boolean(),
);

test("a statement with its values written into it gives what it gives with its values bound", async () => {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  await fc.assert(
    fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 12 }), async (given) => {
      const values = given.filter((one) => typeof one !== "string" || !one.includes("\0"));
      const columns = values.map((_, i) => `$${i + 1}, typeof($${i + 1})`);
      const sql = `SELECT ${["'it''s $1'", '1 AS "$1 ""$2"""', ...columns].join(", ")}`;
      const bound = await connection.runAndReadAll(sql, values, values.map(boundType));
      const written = await connection.runAndReadAll(withLiterals({ sql, values }) ?? "");
      expect(written.getRows()).toEqual(bound.getRows());
      expect(written.columnNames()[1]).toBe('$1 "$2"');
    }),
  );
  connection.closeSync();
  instance.closeSync();
});

test("a text with a zero character cannot be written", () => {
  expect(withLiterals({ sql: "SELECT $1", values: ["a\0b"] })).toBeUndefined();
});
