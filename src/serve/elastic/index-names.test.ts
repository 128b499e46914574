import { describe, expect, test } from "vitest";
import { readExpansions, resolveIndices } from "./index-names.ts";

const views = ["logs-a", "logs-b", "metrics-2026.11.28", ".hidden"].map((name) => ({
  name,
  kind: "index" as const,
  documents: 1,
  bytes: 1,
}));
const aliases = new Map([
  ["all-logs", ["logs-a", "logs-b", "gone"]],
  ["latest", ["logs-b"]],
]);

const resolve = (
  expression: string | undefined,
  options: { ignoreUnavailable?: boolean; allowNoIndices?: boolean; expand?: readonly string[] } = {},
) =>
  resolveIndices({
    expression,
    views,
    aliases,
    options: {
      ignoreUnavailable: options.ignoreUnavailable ?? false,
      allowNoIndices: options.allowNoIndices ?? true,
      expand: readExpansions(options.expand ?? ["open"]),
    },
    nowMs: Date.parse("2026-11-28T01:00:00Z"),
  });

describe("an index expression", () => {
  test.each([
    [undefined, ["logs-a", "logs-b", "metrics-2026.11.28"]],
    ["_all", ["logs-a", "logs-b", "metrics-2026.11.28"]],
    ["*", ["logs-a", "logs-b", "metrics-2026.11.28"]],
    ["logs-b,logs-a,logs-b", ["logs-a", "logs-b"]],
    ["logs-*,-logs-a", ["logs-b"]],
    ["*,-*", []],
    ["<metrics-{now/d}>", ["metrics-2026.11.28"]],
    ["<metrics-{now/d{yyyy.MM.dd|UTC}}>,logs-a", ["logs-a", "metrics-2026.11.28"]],
    ["all-logs", ["logs-a", "logs-b"]],
    ["lat*", ["logs-b"]],
    [".hid*", [".hidden"]],
    [".hidden", [".hidden"]],
    ["nothing*", []],
  ])("%s is %j", (expression, names) => {
    expect(resolve(expression)).toEqual(names);
  });

  test("hidden ones are reached by wildcards that ask for them, and none where none may be expanded", () => {
    expect(resolve("*", { expand: ["all"] })).toContain(".hidden");
    expect(resolve("*", { expand: ["open", "hidden"] })).toContain(".hidden");
    expect(resolve("*", { expand: ["none"] })).toEqual([]);
    expect(() => resolve("*", { expand: ["some"] })).toThrow("No valid expand wildcard value [some]");
  });

  test("what is not there is 404, unless it may be", () => {
    for (const expression of ["none", "logs-a,none", "-logs-a", "<none-{now/d}>"]) {
      expect(() => resolve(expression)).toThrow(
        expect.objectContaining({ details: expect.objectContaining({ status: 404 }) }),
      );
    }
    expect(resolve("logs-a,none", { ignoreUnavailable: true })).toEqual(["logs-a"]);
    expect(() => resolve("none*", { allowNoIndices: false })).toThrow("no such index [none*]");
    expect(() => resolve("none", { ignoreUnavailable: true, allowNoIndices: false })).toThrow("no such index [none]");
    expect(() => resolve("far:logs-*")).toThrow("no such remote cluster: [far]");
  });
});
