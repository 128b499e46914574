import { describe, expect, test } from "vitest";
import { FAULT_WORDS, parsePlan } from "./plan.ts";

test("a plan is its steps in order", () => {
  expect(parsePlan("run:8, late:2:8:1300,partition:3:5,freeze:1:3")).toEqual([
    { word: "run", slots: 8 },
    { word: "late", node: "n2", slots: 8, ms: 1300 },
    { word: "partition", node: "n3", slots: 5, ms: 0 },
    { word: "freeze", node: "n1", slots: 3, ms: 0 },
  ]);
});

test("every word can be a step", () => {
  for (const [word, { takesMs }] of Object.entries(FAULT_WORDS)) {
    expect(parsePlan(`${word}:1:2${takesMs ? ":3" : ""}`)).toEqual([
      { word, node: "n1", slots: 2, ms: takesMs ? 3 : 0 },
    ]);
  }
});

describe("what is no step is refused, and named", () => {
  test.each([
    ["", "known"],
    ["run", "run:SLOTS"],
    ["run:0", "run:SLOTS"],
    ["run:1.5", "run:SLOTS"],
    ["run:4:1", "run:SLOTS"],
    ["run:4,", "known"],
    ["stop:1:3", "known"],
    ["toString:1:3", "known"],
    ["late:2:8", "late:NODE:SLOTS:MS"],
    ["late:2:8:0", "late:NODE:SLOTS:MS"],
    ["late:2:8:60001", "late:NODE:SLOTS:MS"],
    ["late:4:8:100", "late:NODE:SLOTS:MS"],
    ["freeze:1:3:100", "freeze:NODE:SLOTS"],
    ["freeze:n1:3", "freeze:NODE:SLOTS"],
  ])("%j", (text, expected) => {
    expect(() => parsePlan(text)).toThrow(
      expect.objectContaining({ code: "plan_invalid", message: expect.stringContaining(expected) }),
    );
  });
});
