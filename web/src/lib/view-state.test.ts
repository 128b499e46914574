import fc from "fast-check";
import { expect, test } from "vitest";
import { VARIABLES } from "../../../src/panels/panel.ts";
import { isMoment, readViewState, writeViewState } from "./view-state.ts";

const moment = fc.oneof(
  fc.constantFrom("now", "now-15m", "now-24h", "now-1d/d", "now/w"),
  fc
    .date({ min: new Date("1970-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true })
    .map((date) => date.toISOString()),
);
const name = fc.string({ minLength: 1, unit: "binary" }).filter((text) => text.isWellFormed());

test("a dashboard's address leads back to what was chosen, whatever nodes and groups are called", () => {
  const state = fc.record({
    time: fc.option(fc.record({ from: moment, to: moment }), { nil: undefined }),
    chosen: fc.record(
      Object.fromEntries(VARIABLES.map((variable) => [variable, fc.uniqueArray(name, { minLength: 1, maxLength: 4 })])),
      { requiredKeys: [] },
    ),
    refreshS: fc.option(fc.integer({ min: 0, max: 86_400 }), { nil: undefined }),
    full: fc.option(name, { nil: undefined }),
  });
  fc.assert(
    fc.property(state, (chosen) => {
      const address = writeViewState(chosen).toString();
      expect(readViewState(new URLSearchParams(address))).toEqual(chosen);
    }),
  );
});

test("what is no moment leaves the time to the dashboard", () => {
  for (const text of ["", "yesterday", "now-", "now-1q", "2026-13-41T00:00:00Z", "2026-11-28", "<script>"]) {
    expect(isMoment(text)).toBe(false);
    expect(readViewState(new URLSearchParams({ from: text, to: "now" })).time).toBeUndefined();
  }
});
