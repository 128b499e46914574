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
  ["logs-*,-logs-ethereum.head-*", [0]],
  ["*,-ethmon-slot-mainnet", [0, 1, 3]],
  ["_all,-*slot*", [0, 1]],
  ["*,-*", []],
  ["*,-logs-absent-mainnet", [0, 1, 2, 3]],
  // What is taken away can be named again behind it, and what comes behind is not touched.
  ["*,-logs-*,logs-ethereum.head-mainnet", [1, 2, 3]],
  ["ethmon-*,-logs-*,logs-*", [0, 1, 2, 3]],
  ["logs-ethereum.block-mainnet,ethmon-*,-logs-*", [2, 3]],
])("%s reaches %j", (pattern, expected) => {
  expect([...matchIndices(pattern, names)].sort()).toEqual(expected.map((i) => names[i]).sort());
});

test("a name that does not exist is refused with 404 unless it has a star", () => {
  expect(() => matchIndices("logs-absent-mainnet", names)).toThrow("no such index [logs-absent-mainnet]");
  expect(matchIndices("logs-absent-*", names).size).toBe(0);
  expect(matchIndices("logs-absent-mainnet", names, { ignoreMissing: true }).size).toBe(0);
});

test("an exclusion counts only behind a wildcard: before one it is a name, or a pattern of names that begin so", () => {
  expect(() => matchIndices("-logs-ethereum.head-mainnet", names)).toThrow(
    "no such index [-logs-ethereum.head-mainnet]",
  );
  expect(() => matchIndices("logs-ethereum.block-mainnet,-ethmon-slot-mainnet", names)).toThrow("no such index");
  expect(matchIndices("-logs-*", names).size).toBe(0);
  expect([...matchIndices("-logs-*,ethmon-slot-mainnet", names)]).toEqual(["ethmon-slot-mainnet"]);
});

test.each(["*,-<logs-{now/d}>", "<logs-{now/d}>", "cluster:logs-*"])("%s is refused as not supported", (pattern) => {
  expect(() => matchIndices(pattern, names)).toThrow("is not supported by the embedded store");
});

test("any number of names is looked up; of patterns with stars there is a bound", () => {
  const many = Array.from({ length: 1_000 }, (_, at) => `logs-number.${at}-mainnet`);
  expect(matchIndices(many.join(","), [...many, ...names]).size).toBe(1_000);
  expect(matchIndices([...many, "ethmon-*"].join(","), [...many, ...names]).size).toBe(1_002);
  const starred = many.map((name) => `${name}*`).join(",");
  expect(() => matchIndices(starred, many)).toThrow("an index pattern this long is not supported");
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
