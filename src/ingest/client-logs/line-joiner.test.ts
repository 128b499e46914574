import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clients } from "./clients.ts";
import { createLineJoiner, type Entry, firstLineTest } from "./line-joiner.ts";

const isFirst = (text: string) => text.startsWith(">");
const texts = (entries: readonly Entry<unknown>[]) => entries.map(({ source, text }) => `${source}:${text}`);

describe("joining lines", () => {
  test("what is no first line belongs to the entry before it of its source", () => {
    const joiner = createLineJoiner<number>({ isFirst });
    const push = (source: string, text: string, item: number) => texts(joiner.push({ source, text, item }, item));
    expect(push("a", ">one", 1)).toEqual([]);
    expect(push("b", ">other", 2)).toEqual([]);
    expect(push("a", "\tat x", 3)).toEqual([]);
    expect(push("a", ">two", 4)).toEqual(["a:>one\n\tat x"]);
    expect(texts(joiner.takeAll())).toEqual(["b:>other", "a:>two"]);
    expect(joiner.takeAll()).toEqual([]);
  });

  test("an entry waits no longer than it may", () => {
    const joiner = createLineJoiner<number>({ isFirst, waitUs: 100 });
    joiner.push({ source: "a", text: ">a", item: 1 }, 0);
    joiner.push({ source: "b", text: ">b", item: 2 }, 50);
    joiner.push({ source: "a", text: "more", item: 3 }, 60);
    expect(texts(joiner.takeWaited(149))).toEqual([]);
    expect(texts(joiner.takeWaited(150))).toEqual(["b:>b"]);
    expect(texts(joiner.takeWaited(160))).toEqual(["a:>a\nmore"]);
  });

  test("sources, lines and characters are bounded, and nothing is lost in silence", () => {
    const joiner = createLineJoiner<number>({ isFirst, maxSources: 2, maxLines: 3, maxCharacters: 20 });
    joiner.push({ source: "a", text: ">a", item: 0 }, 0);
    for (let item = 1; item <= 5; item += 1) joiner.push({ source: "a", text: `l${item}`, item }, item);
    joiner.push({ source: "b", text: ">b", item: 6 }, 6);
    const [given] = joiner.push({ source: "c", text: ">c", item: 7 }, 7);
    expect(given).toEqual({ source: "a", text: ">a\nl1\nl2", items: [0, 1, 2, 3, 4, 5], cut: 3 });
    joiner.push({ source: "c", text: "x".repeat(30), item: 8 }, 8);
    expect(joiner.takeAll().map(({ cut }) => cut)).toEqual([0, 1]);
  });

  test("every line comes out once, in the order of its source", () => {
    const line = fc.record({
      source: fc.constantFrom("a", "b", "c", "d"),
      text: fc.constantFrom(">x", "y", "", ">"),
      waits: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), fc.integer({ min: 1, max: 3 }), (lines, maxSources) => {
        const joiner = createLineJoiner<number>({ isFirst, maxSources, waitUs: 3, maxLines: 4 });
        const out: Entry<number>[] = [];
        lines.forEach(({ source, text, waits }, item) => {
          out.push(...joiner.push({ source, text, item }, item));
          if (waits) out.push(...joiner.takeWaited(item));
        });
        out.push(...joiner.takeAll());
        for (const source of ["a", "b", "c", "d"]) {
          const sent = lines.flatMap((entry, item) => (entry.source === source ? [item] : []));
          expect(out.filter((entry) => entry.source === source).flatMap(({ items }) => items)).toEqual(sent);
        }
        for (const { text, items, cut } of out) expect(text.split("\n")).toHaveLength(items.length - cut);
      }),
    );
  });

  test("the first line of each client's own lines is one, what follows it is not", () => {
    for (const { name } of clients) {
      const path = fileURLToPath(new URL(`../../../test/data/client-logs/${name}.json`, import.meta.url));
      const cases: { line: string }[] = JSON.parse(readFileSync(path, "utf8"));
      for (const test of [firstLineTest(name), firstLineTest()]) {
        for (const { line } of cases) {
          const [head = "", ...rest] = line.split("\n");
          expect([name, head, test(head)]).toEqual([name, head, true]);
          for (const other of rest) expect([name, other, test(other)]).toEqual([name, other, false]);
        }
      }
    }
  });
});
