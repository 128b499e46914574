import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonSpans, lineAt, pathAt, pathText, spanOf } from "./json-spans.ts";

const TEXT = `{
  "trigger": { "schedule": { "interval": "1m" } },
  "actions": [1, { "a.b": true }]
}`;

describe("the spans of a JSON text", () => {
  test("name the path of every place", () => {
    const spans = jsonSpans(TEXT);
    const at = (words: string) => pathText(pathAt(spans, TEXT.indexOf(words)));
    expect(at('"1m"')).toBe("trigger.schedule.interval");
    expect(at("interval")).toBe("trigger.schedule.interval");
    expect(at("true")).toBe("actions[1].a.b");
    expect(at("1, {")).toBe("actions[0]");
    expect(pathAt(spans, 0)).toEqual([]);
  });

  test("are those of a text that is still being written, too", () => {
    const half = '{"trigger": {"stream": {"dataset": "sl';
    expect(pathText(pathAt(jsonSpans(half), half.length))).toBe("trigger.stream.dataset");
    expect(jsonSpans("")).toHaveLength(1);
    expect(jsonSpans('{"a": 1, ]').map(({ path }) => pathText(path))).toEqual(["", "a"]);
  });

  test("hold the text of each value, whatever JSON it is", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.nat(3), (json, indent) => {
        const value = JSON.parse(json) as unknown;
        const text = JSON.stringify(value, null, indent);
        for (const { path, from, to } of jsonSpans(text)) {
          expect(JSON.parse(text.slice(from, to))).toEqual(reached(value, path));
        }
      }),
    );
  });

  test("never fail on text that is none", () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",: a1\n\\') }), (text) => void jsonSpans(text)));
  });
});

test("a path that is not there is found at what leads to it", () => {
  const spans = jsonSpans(TEXT);
  const found = spanOf(spans, ["trigger", "schedule", "cron", "x"]);
  expect(found?.path).toEqual(["trigger", "schedule"]);
  expect(lineAt(TEXT, found?.keyFrom ?? 0)).toBe(2);
  expect(lineAt(TEXT, 0)).toBe(1);
  expect(lineAt(TEXT, TEXT.length)).toBe(4);
});

function reached(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((at, part) => (at as Record<string | number, unknown>)[part], value);
}
