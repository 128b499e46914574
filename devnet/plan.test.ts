import { describe, expect, test } from "vitest";
import { FAULT_WORDS, formOf, parsePlan } from "./plan.ts";

test("a plan is its steps in order", () => {
  expect(parsePlan("run:8, late:2:8:1300,partition:3:5,freeze:1:3", "lodestar")).toEqual([
    { word: "run", slots: 8 },
    { word: "late", node: "n2", slots: 8, ms: 1300 },
    { word: "partition", node: "n3", slots: 5, ms: 0 },
    { word: "freeze", node: "n1", slots: 3, ms: 0 },
  ]);
});

test.each(Object.keys(FAULT_WORDS) as (keyof typeof FAULT_WORDS)[])("the word %s can be a step", (word) => {
  const hasMs = FAULT_WORDS[word].ms !== "none";
  expect(parsePlan(`${word}:1:2${hasMs ? ":3" : ""}`, "fulu")).toEqual([
    { word, node: "n1", slots: 2, ms: hasMs ? 3 : 0 },
  ]);
  expect(formOf(word)).toBe(`${word}:NODE:SLOTS${hasMs ? ":MS" : ""}`);
});

test("a clock can be behind as well", () => {
  expect(parsePlan("skew:2:4:-700", "fulu")).toEqual([{ word: "skew", node: "n2", slots: 4, ms: -700 }]);
});

test.each(["equivocate:1:2", "skew:1:2:300", "attoff:1:2", "attlate:1:2:300"])(
  "%s is refused for nodes that cannot do it",
  (text) => {
    expect(() => parsePlan(`run:1,${text}`, "lodestar")).toThrow(
      expect.objectContaining({ code: "plan_invalid", message: expect.stringContaining("needs --kind fulu") }),
    );
  },
);

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
    ["late:2:8:-100", "late:NODE:SLOTS:MS"],
    ["skew:2:8:-0", "skew:NODE:SLOTS:MS"],
    ["skew:2:8:--7", "skew:NODE:SLOTS:MS"],
    ["skew:2:8", "skew:NODE:SLOTS:MS"],
    ["late:4:8:100", "late:NODE:SLOTS:MS"],
    ["freeze:1:3:100", "freeze:NODE:SLOTS"],
    ["freeze:n1:3", "freeze:NODE:SLOTS"],
  ])("%j", (text, expected) => {
    expect(() => parsePlan(text, "fulu")).toThrow(
      expect.objectContaining({ code: "plan_invalid", message: expect.stringContaining(expected) }),
    );
  });
});
