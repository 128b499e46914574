import fc from "fast-check";
import { expect, test } from "vitest";
import { indexName, matchIndices } from "./index-pattern.ts";

const names = [
  "logs-ethereum.block-mainnet",
  "logs-ethereum.head-mainnet",
  "ethmon-slot-mainnet",
  "ethmon-node_slot-mainnet",
];

test("indices are named by kind, dataset and network", () => {
  expect(indexName({ name: "ethereum.block", kind: "stream" }, "mainnet")).toBe(names[0]);
  expect(indexName({ name: "slot", kind: "index" }, "mainnet")).toBe(names[2]);
});

test.each([
  ["logs-ethereum.block-mainnet", [0]],
  ["logs-ethereum.*-*", [0, 1]],
  ["*slot*", [2, 3]],
  ["ethmon-slot-*,logs-*head*", [1, 2]],
  ["*", [0, 1, 2, 3]],
  ["_all", [0, 1, 2, 3]],
  ["", [0, 1, 2, 3]],
  ["logs-*-testnet", []],
  ["ethmon-slot-mainnet*mainnet", []],
])("%s reaches %j", (pattern, expected) => {
  expect([...matchIndices(pattern, names)].sort()).toEqual(expected.map((i) => names[i]).sort());
});

test("a name that does not exist is refused with 404 unless it has a star", () => {
  expect(() => matchIndices("logs-absent-mainnet", names)).toThrow("no such index [logs-absent-mainnet]");
  expect(matchIndices("logs-absent-*", names).size).toBe(0);
  expect(matchIndices("logs-absent-mainnet", names, { ignoreMissing: true }).size).toBe(0);
});

test.each(["-logs-*", "<logs-{now/d}>", "cluster:logs-*"])("%s is refused as not supported", (pattern) => {
  expect(() => matchIndices(pattern, names)).toThrow("is not supported by the embedded store");
});

test("a pattern matches what its regular expression would", () => {
  const piece = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
  const name = fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1, maxLength: 10 });
  fc.assert(
    fc.property(piece, name, (pattern, text) => {
      fc.pre(pattern.includes("*"));
      const expected = new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(text);
      expect(matchIndices(pattern, [text]).has(text)).toBe(expected);
    }),
  );
});
