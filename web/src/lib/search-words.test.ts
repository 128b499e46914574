import fc from "fast-check";
import { expect, test } from "vitest";
import { completed, fieldsFor, valueText, wordAt } from "./search-words.ts";

const field = (name: string) => ({ name, type: "keyword", searchable: true, aggregatable: true });

test("the caret stands in a field's name or in a field's value", () => {
  expect(wordAt("host.na", 7)).toEqual({ kind: "field", start: 0, end: 7, text: "host.na" });
  expect(wordAt("a:b AND -host", 13)).toEqual({ kind: "field", start: 9, end: 13, text: "host" });
  expect(wordAt("(host.name:n", 12)).toEqual({ kind: "value", start: 11, end: 12, text: "n", field: "host.name" });
  expect(wordAt('host.name:"n 1', 14)).toEqual({ kind: "value", start: 10, end: 14, text: "n 1", field: "host.name" });
  expect(wordAt('"just words', 6)).toBeUndefined();
});

test("fields that begin with the word come first, then those with a part that does", () => {
  const fields = ["ethereum.slot", "slot", "slot.late", "a.nslot"].map(field);
  expect(fieldsFor(fields, "slot", 10).map(({ name }) => name)).toEqual([
    "slot",
    "slot.late",
    "ethereum.slot",
    "a.nslot",
  ]);
});

test("a completed word stands in the query, with the caret behind it", () => {
  const word = wordAt("level:er and more", 8);
  if (word === undefined) throw new Error("no word");
  expect(completed("level:er and more", word, "error")).toEqual({ query: "level:error and more", caret: 12 });
  const name = wordAt("le", 2);
  if (name === undefined) throw new Error("no word");
  expect(completed("le", name, "log.level")).toEqual({ query: "log.level:", caret: 10 });
});

test("any value is one word or one phrase of the query", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1 }), (value) => {
      const text = valueText(value);
      if (text.startsWith('"') && text.length > 1) {
        expect(text.slice(1, -1).replace(/\\(["\\])/g, "$1")).toBe(value);
        expect(text.slice(1, -1)).not.toMatch(/(?<!\\)(\\\\)*"/);
      } else expect(text).toBe(value);
    }),
  );
});
