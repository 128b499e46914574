import fc from "fast-check";
import { expect, test } from "vitest";
import { toCsv } from "./csv.ts";

/** RFC 4180, read back. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 1;
  while (at < text.length) {
    let value = "";
    if (text[at] === '"') {
      at += 1;
      while (text[at] !== '"' || text[at + 1] === '"') {
        at += text[at] === '"' ? 1 : 0;
        value += text[at];
        at += 1;
      }
      at += 1;
    } else while (text[at] !== "," && text[at] !== "\r") value += text[at++];
    row.push(value);
    if (text[at] === ",") at += 1;
    else {
      rows.push(row);
      row = [];
      at += 2;
    }
  }
  return rows;
}

test("every text is read back as it was, but for the apostrophe before a formula", () => {
  const text = fc.string({ unit: fc.constantFrom("a", '"', ",", "\r", "\n", "=", "+", "-", "@", "\t", "'", "é", " ") });
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { maxLength: 8 }), (rows) => {
      const read = parse(toCsv(["a", "b"], rows));
      expect(read[0]).toEqual(["a", "b"]);
      expect(read.slice(1)).toEqual(
        rows.map((row) => row.map((one) => (/^[=+\-@\t\r\n]/.test(one) ? `'${one}` : one))),
      );
    }),
  );
});

test("no cell begins as a formula, and numbers stay numbers", () => {
  expect(toCsv(["graffiti", "delay"], [['=HYPERLINK("http://x")', -12.5]])).toBe(
    `\uFEFFgraffiti,delay\r\n"'=HYPERLINK(""http://x"")",-12.5\r\n`,
  );
  expect(toCsv(["a"], [["@SUM(1)"], ["+1"], ["-1"], ["\t=1"], [null], [{ b: [1] }]])).toBe(
    `\uFEFFa\r\n'@SUM(1)\r\n'+1\r\n'-1\r\n'\t=1\r\n\r\n"{""b"":[1]}"\r\n`,
  );
});
