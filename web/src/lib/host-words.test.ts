import { expect, test } from "vitest";
import type { LogLine, NodeHosts } from "../../../src/serve/views.ts";
import { anyCame, formatBytes, formatMs, formatPercent, isError, isFull, missingWords } from "./host-words.ts";

const nothing: NodeHosts = { node: "n1", hosts: [], packets: null, lines: null };
const lines = { seen: 1, errors: 0, warnings: 0, by_class: [], newest: [] };
const line: LogLine = { at_ms: 0, client: "geth", level: "error", error_type: null, slot: null, message: "" };

test("shares and bytes are told with as many digits as can be read", () => {
  expect([0, 0.004, 0.214, 1].map(formatPercent)).toEqual(["0 %", "0.4 %", "21 %", "100 %"]);
  expect([0, 999, 1000, 12_345, 999_400, 4_200_000, 2e13].map(formatBytes)).toEqual([
    "0 B",
    "999 B",
    "1.0 kB",
    "12.3 kB",
    "999 kB",
    "4.2 MB",
    "20.0 TB",
  ]);
  expect([0.25, 20.69, 2410].map(formatMs)).toEqual(["0.3 ms", "21 ms", "2.41 s"]);
});

test("what did not come of a node's servers is said", () => {
  expect(missingWords(nothing)).toBe("no figures, no packets and no log lines came");
  expect(missingWords({ ...nothing, lines })).toBe("no figures and no packets came");
  expect(anyCame({ from_ms: 0, to_ms: 1, step_ms: 1, nodes: [nothing] })).toBe(false);
  expect(anyCame({ from_ms: 0, to_ms: 1, step_ms: 1, nodes: [nothing, { ...nothing, lines }] })).toBe(true);
});

test("a line is an error by its level, and without one by its class", () => {
  expect(isError(line)).toBe(true);
  expect(isError({ ...line, level: "WARN" })).toBe(false);
  expect(isError({ ...line, level: null, error_type: "peer" })).toBe(true);
  expect(isError({ ...line, level: null })).toBe(false);
});

test("only what is nearly used up is marked", () => {
  expect(isFull("cpu_share", 0.97)).toBe(true);
  expect(isFull("cpu_share", 0.5)).toBe(false);
  expect(isFull("disk", undefined)).toBe(false);
});
