import fc from "fast-check";
import { expect, test } from "vitest";
import { textLines } from "./text-lines.ts";

async function linesOf(bytes: Uint8Array, chunkBytes: number): Promise<string[]> {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  }
  const lines: string[] = [];
  for await (const line of textLines(chunks())) lines.push(line);
  return lines;
}

test("lines are the same however their bytes are cut into chunks, and only a newline ends them", async () => {
  const unit = fc.constantFrom("a", "\u2028", "\u2029", "\u0085", "\v", "é", "\u{1F600}", " ", "");
  const lines = fc.array(fc.string({ unit }), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(lines, fc.integer({ min: 1, max: 9 }), fc.constantFrom("\n", "\r\n"), async (texts, size, end) => {
      const bytes = new TextEncoder().encode(texts.map((text) => text + end).join(""));
      expect(await linesOf(bytes, size)).toEqual(texts);
    }),
  );
});

test("the last line need not end, and no text has no lines", async () => {
  expect(await linesOf(Buffer.from("one\n\ntwo"), 2)).toEqual(["one", "", "two"]);
  expect(await linesOf(Buffer.from(""), 2)).toEqual([]);
});
