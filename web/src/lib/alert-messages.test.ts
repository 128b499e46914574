import { describe, expect, test } from "vitest";
import type { Told } from "../../../src/serve/views.ts";
import { type AlertStep, recipientsOf, stepsOf } from "./alert-messages.ts";
import { alertOf, deliveryOf } from "./alert-rig.ts";

const told = (at_ms: number, changes: Partial<Told> = {}): Told => ({
  action: "email",
  stage: "new",
  at_ms,
  status: "pending",
  ...changes,
});

describe("the steps of an alert", () => {
  test("tell its beginning, each round of messages, the acknowledgement and the end, in order", () => {
    const alert = alertOf(1000, {
      state: "over",
      acknowledged_ms: 5000,
      until_ms: 7000,
      told: [told(1000), told(1020, { action: "chat" }), told(4000, { stage: "worse" }), told(9000, { stage: "over" })],
    });
    const steps = stepsOf(alert, []);
    expect(wordsOf(steps)).toEqual(["with new 2", "worse 1", "acknowledged", "over", "over 1"]);
  });

  test("tell the beginning by itself where it was told later, and the end with its message where that was at once", () => {
    const alert = alertOf(1000, {
      state: "over",
      until_ms: 90_100,
      told: [told(60_000), told(90_000, { stage: "over" })],
    });
    expect(wordsOf(stepsOf(alert, []))).toEqual(["began", "new 1", "with over 1"]);
  });

  test("of a moment have no end of their own", () => {
    expect(wordsOf(stepsOf(alertOf(1000, { state: "over", until_ms: 1000 }), []))).toEqual(["began"]);
  });

  test("take recipients and attempts from the deliveries, and the status from what is newer", () => {
    const worse = told(4000, { stage: "worse", status: "failed", reason: "No.", delivery: "b" });
    const alert = alertOf(1000, { told: [told(1000, { delivery: "a" }), worse] });
    const steps = stepsOf(alert, [
      deliveryOf(alert, { id: "a", attempts: 3, decided_ms: 1000.0004, by_fallback: true }),
      deliveryOf(alert, { id: "b", stage: "worse", decided_ms: 4000, status: "pending", done_ms: null }),
    ]);
    expect(steps.flatMap((step) => (step.kind === "told" ? step.messages : []))).toEqual([
      {
        action: "email",
        kind: "email",
        stage: "new",
        atMs: 1000.0004,
        status: "delivered",
        to: "ops@example.org",
        note: "at once, in 3 attempts, by the fallback",
      },
      {
        action: "email",
        kind: "email",
        stage: "worse",
        atMs: 4000,
        status: "failed",
        to: "ops@example.org",
        note: "No",
      },
    ]);
  });

  test("say until when they were silenced, and why", () => {
    const reason = "Silenced until 2026-11-28T20:14:30.903Z: Client update";
    const alert = alertOf(1000, { told: [told(1000, { status: "silenced", reason })] });
    expect(stepsOf(alert, [])).toMatchObject([
      { messages: [{ note: "until 2026-11-28 20:14:30 UTC: Client update" }] },
    ]);
  });

  test("hold messages that the alert's own record has forgotten", () => {
    const alert = alertOf(1000, { told: [told(8000, { stage: "repeat" })] });
    expect(stepsOf(alert, [deliveryOf(alert)]).filter(({ kind }) => kind === "told")).toHaveLength(2);
  });
});

function wordsOf(steps: readonly AlertStep[]): string[] {
  return steps.map((step) =>
    step.kind === "told" ? `${step.with ? "with " : ""}${step.stage} ${step.messages.length}` : step.kind,
  );
}

test.each([
  [{ action: { to: "a@b.example" } }, "a@b.example"],
  [{ action: { to: ["a@b.example", "c@d.example"] }, delivered_to: ["a@b.example"] }, "a@b.example"],
  [{ action: { url: "https://hooks.example/T00/secret" } }, "hooks.example"],
  [{ action: { index: "alerts" } }, "alerts"],
  [{ action: { text: "late" } }, undefined],
  ["nothing", undefined],
  [null, undefined],
])("the recipients of %j are %s", (content, recipients) => {
  expect(recipientsOf({ content })).toBe(recipients);
});
