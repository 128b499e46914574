import { expect, test } from "vitest";
import { createActionStatuses } from "./action-statuses.ts";

const WATCH = {
  throttlePeriodMs: undefined,
  actions: [
    {
      id: "mail",
      kind: "email" as const,
      throttlePeriodMs: 60_000,
      render: () => ({ kind: "contents" as const, contents: [] }),
    },
    {
      id: "log",
      kind: "logging" as const,
      throttlePeriodMs: undefined,
      render: () => ({ kind: "contents" as const, contents: [] }),
    },
  ],
};

test("an action is held back for its period, five seconds where none is set", () => {
  const statuses = createActionStatuses(WATCH, 0);
  expect(statuses.held("mail", 0)).toBeUndefined();
  statuses.executed("mail", { nowMs: 0 });
  statuses.executed("log", { nowMs: 0 });
  expect(statuses.held("mail", 59_999)).toMatchObject({ state: "throttled" });
  expect(statuses.held("mail", 60_000)).toBeUndefined();
  expect(statuses.held("log", 4_999)).toMatchObject({ state: "throttled" });
  expect(statuses.held("log", 5_000)).toBeUndefined();
});

test("what failed is not held back", () => {
  const statuses = createActionStatuses(WATCH, 0);
  statuses.executed("mail", { nowMs: 0, reason: "no recipient" });
  expect(statuses.held("mail", 1)).toBeUndefined();
  expect(statuses.view()).toMatchObject({
    mail: {
      ack: { state: "awaits_successful_execution" },
      last_execution: { successful: false, reason: "no recipient" },
    },
  });
});

test("an acknowledged action is silent until the condition is not met, over a restart, too", () => {
  const before = createActionStatuses(WATCH, 0);
  before.acknowledge(undefined, 1);
  expect(before.view()).toMatchObject({ mail: { ack: { state: "awaits_successful_execution" } } });
  before.executed("mail", { nowMs: 0 });
  before.executed("log", { nowMs: 0 });
  before.acknowledge(["mail"], 1);
  const statuses = createActionStatuses(WATCH, 100, before.view());
  expect(statuses.held("mail", 3_600_000)).toMatchObject({ state: "acknowledged" });
  expect(statuses.held("log", 3_600_000)).toBeUndefined();
  expect(statuses.notMet(3_700_000)).toBe(true);
  expect(statuses.notMet(3_700_001)).toBe(false);
  expect(statuses.held("mail", 3_700_002)).toBeUndefined();
});
