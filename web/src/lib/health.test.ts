import { expect, test } from "vitest";
import type { HealthReason, HealthView } from "../../../src/serve/views.ts";
import { healthSummary } from "./health.ts";
import { emptyLiveState } from "./live-state.ts";
import type { LiveView } from "./live-store.ts";

function view(health: Partial<HealthView>): LiveView {
  return {
    connection: { kind: "live" },
    phase: { kind: "ready" },
    state: {
      ...emptyLiveState,
      health: {
        status: "ok",
        reasons: [],
        started_ms: 0,
        store: { state: "ready", journaled: 0, loaded: 0, queued: 0, dropped: 0, rows: 0 },
        quarantined: 0,
        event_loop_delay_ms: { p50: 0, p99: 2, max: 3 },
        clock: null,
        ...health,
      },
    },
  };
}

const reason = (code: string, node?: string): HealthReason => ({
  code,
  sentence: `${code}.`,
  ...(node ? { node } : {}),
});

test("what is wrong with the clock leads to the clock, what is wrong with a node to the node", () => {
  const reasons = [reason("clock_off"), reason("event_loop_slow"), reason("node_down", "n 2"), reason("no_stream")];
  const { level, reasons: told } = healthSummary(view({ status: "degraded", reasons }));
  expect(level).toBe("degraded");
  expect(told.map(({ sentence, more }) => [sentence, more?.to])).toEqual([
    ["clock_off.", "/nodes#clock"],
    ["event_loop_slow.", "/nodes#clock"],
    ["node_down.", "/nodes/n%202"],
    ["no_stream.", undefined],
  ]);
});

test("when all is well it says what stamps are worth, where that is known", () => {
  const words = (health: Partial<HealthView>) => healthSummary(view(health)).reasons.map(({ sentence }) => sentence);
  const clock = { offset_ms: 3, error_ms: 4, server: "a", reachable: true, sampled_ms: 1, asked_ms: 1, servers: [] };
  expect(words({ clock })).toContain("99 of 100 stamps are off by 9.0 ms at most:");
  expect(words({})).toContain("What stamps are worth:");
});
