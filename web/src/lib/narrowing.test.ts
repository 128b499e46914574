import { describe, expect, test } from "vitest";
import { narrowingWords } from "./narrowing.ts";

const PANEL = { request: { index: "ethmon-slot-{network}", body: {} }, variables: { node: "observer.name" } };

describe("a panel", () => {
  test("says which of the chosen variables do not touch it", () => {
    expect(narrowingWords(PANEL, { client: ["teku"] })).toBe("Not narrowed by client.");
    expect(narrowingWords({ ...PANEL, variables: {} }, { group: ["home"], node: ["n1"] })).toBe(
      "Not narrowed by node or group.",
    );
  });

  test("says nothing where all that is chosen touches it, or nothing is chosen", () => {
    expect(narrowingWords(PANEL, { node: ["n1"], client: [] })).toBeUndefined();
    expect(narrowingWords(PANEL, {})).toBeUndefined();
  });

  test("is narrowed to a network by its index, or by a field", () => {
    expect(narrowingWords(PANEL, { network: ["mainnet"] })).toBeUndefined();
    const beats = { request: { index: "metricbeat-*", body: {} }, variables: {} };
    expect(narrowingWords(beats, { network: ["mainnet"] })).toBe("Not narrowed by network.");
  });
});
