import { describe, expect, test } from "vitest";
import { HELP, readOptions } from "./options.ts";
import { FAULT_WORDS } from "./plan.ts";

test("without options there are Lodestar nodes, slots of 6 s and no plan", () => {
  expect(readOptions([])).toEqual({
    help: false,
    kind: "lodestar",
    fuluEpoch: 0,
    slotSeconds: 6,
    port: 8420,
    plan: [],
  });
});

test("a plan is read for the kind of nodes that is asked for, wherever it stands", () => {
  const options = readOptions(["--plan", "equivocate:1:2", "--kind", "fulu", "--fulu-epoch", "3"]);
  expect(options).toMatchObject({ kind: "fulu", fuluEpoch: 3, plan: [{ word: "equivocate" }] });
});

describe("refused is", () => {
  test.each([
    [["--kind", "prysm"], "usage", "--kind must be lodestar or fulu"],
    [["--fulu-epoch", "1"], "usage", "--fulu-epoch needs --kind fulu"],
    [["--kind", "fulu", "--fulu-epoch", "x"], "usage", "--fulu-epoch must be a whole number"],
    [["--slot-seconds", "1"], "usage", "--slot-seconds must be a whole number from 2"],
    [["--unheard-of"], "usage", "--help says what there is"],
    [["--plan", "skew:1:2:300"], "plan_invalid", "skew needs --kind fulu"],
  ])("%j", (args, code, message) => {
    expect(() => readOptions(args)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });
});

test("the help names every word of a plan", () => {
  for (const word of Object.keys(FAULT_WORDS)) expect(HELP).toContain(`  ${word}:NODE:SLOTS`);
});
