import { expect, test } from "vitest";
import { pathText } from "./json-spans.ts";
import { helpAt, WATCH_HELP } from "./watch-help.ts";
import type { Help } from "./watch-help-parts.ts";

test.each([
  [["trigger", "stream", "where", "compare", "ctx.payload.x", "gte"], "is as much or more"],
  [["metadata", "alert", "severity", 0, "when", "script", "params", "limit"], "A parameter."],
  [["input", "chain", "inputs", 0, "first", "search", "request", "indices"], /^Names and patterns of indices/],
  [["actions", "mail", "email", "to"], /^Who gets it/],
  [["metadata", "limits"], /^A value of your own/],
])("%j is explained", (path, words) => {
  const found = helpAt(path);
  expect(found.help.words).toMatch(words);
  expect(found.path).toEqual(path);
});

test("what is not known is explained by what holds it", () => {
  const found = helpAt(["input", "search", "request", "body", "query", "bool", "filter", 0]);
  expect(pathText(found.path)).toBe("input.search.request.body.query");
  expect(helpAt(["nonsense", "x"])).toEqual({ path: [], help: WATCH_HELP });
});

test("every example is JSON, and every word of help is a sentence or names a comparison", () => {
  const all = (help: Help, deep = 0): Help[] => [
    help,
    ...(deep > 8 ? [] : Object.values(help.keys ?? {}).flatMap((key) => all(key, deep + 1))),
    ...(deep > 4 || help.any === undefined ? [] : all(help.any(), deep + 1)),
  ];
  for (const { words, example } of all(WATCH_HELP)) {
    expect(words).toMatch(/^(?:.*\.|is .*)$/);
    if (example !== undefined) expect(() => JSON.parse(example) as unknown).not.toThrow();
  }
});
