import fc from "fast-check";
import { expect, test } from "vitest";
import { readGraffiti } from "./graffiti.ts";

const hexOf = (text: string) => `0x${Buffer.from(text).toString("hex").padEnd(64, "0")}`;
const clientsOf = (text: string) => {
  const { executionClient, consensusClient } = readGraffiti(hexOf(text));
  return [executionClient, consensusClient];
};

test.each([
  ["GE168dLH63af", "GE", "LH"],
  ["GE168dLH63afBob", "GE", "LH"],
  ["my own words NM16TK63", "NM", "TK"],
  ["teku-nethermind-2 TK8180NMa733", "NM", "TK"],
  ["teku-reth-2 TK96c73da8RH0ad7de48", "RH", "TK"],
  ["BU9b31PR1a2b", "BU", "PM"],
  ["NB12abNBcd34", "NB", "NB"],
  ["EXabcdGRabcd", null, "GR"],
  ["GE0x13LS8fa3", "GE", "LS"],
  ["XX0x00LS", null, "LS"],
  ["RHLSthis is my graffiti msg", "RH", "LS"],
  ["staked at home EGPM", "EG", "PM"],
  ["LH63af", null, "LH"],
  ["Lighthouse/v8.0.1-ced49dd", null, "LH"],
  ["Lodestar-v1.5.1/2115aa7", null, "LS"],
  ["teku/v25.7.1 besu/v25.1", "BU", "TK"],
] as const)("%s names %s and %s", (text, execution, consensus) => {
  expect(clientsOf(text)).toEqual([execution, consensus]);
});

test.each(["", "EGGROLL", "NO GEMS", "I love Lighthouse", "teku-reth-2", "GE", "geth 1.2", "n1 em-devnode"])(
  "%s names no client that could be relied on",
  (text) => {
    expect(clientsOf(text)).toEqual([null, null]);
  },
);

test("the text ends where the zero bytes begin, and what is no UTF-8 does not break it", () => {
  expect(readGraffiti(hexOf("em 🐼")).text).toBe("em 🐼");
  expect(readGraffiti(`0x${"00".repeat(32)}`).text).toBe("");
  expect(readGraffiti(`0xff00${"41".repeat(30)}`).text).toBe(`\ufffd\ufffd${"A".repeat(30)}`);
});

test("whatever stands in it, a client that is named is one of its kind", () => {
  const capitals = fc.string({ unit: fc.constantFrom(..."ABCEGHJKLMNPRSTUX0123456789abcdef /-v."), maxLength: 32 });
  fc.assert(
    fc.property(capitals, (text) => {
      const [execution, consensus] = clientsOf(text);
      expect([null, "BU", "EJ", "EG", "GE", "NB", "NM", "RH"]).toContain(execution);
      expect([null, "GR", "LH", "LS", "NB", "PM", "TK"]).toContain(consensus);
    }),
  );
});

test("the codes are found wherever the operator's words stand", () => {
  const words = fc.string({ unit: fc.constantFrom(..."abcdxyz "), maxLength: 12 });
  const pair = fc.tuple(
    fc.constantFrom("BU", "EJ", "EG", "GE", "NM", "RH"),
    fc.constantFrom("GR", "LH", "LS", "PM", "TK"),
  );
  fc.assert(
    fc.property(words, pair, fc.constantFrom(2, 4), fc.boolean(), (own, [execution, consensus], digits, before) => {
      const codes = `${execution}${"1f2e".slice(0, digits)}${consensus}${"03cd".slice(0, digits)}`;
      expect(clientsOf(before ? `${own} ${codes}` : `${codes} ${own}`)).toEqual([execution, consensus]);
    }),
  );
});
