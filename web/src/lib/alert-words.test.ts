import { expect, test } from "vitest";
import type { ChannelView } from "../../../src/serve/views.ts";
import { countOpen, countWords, isLoud, isTroubled, lastedWords, reachesSomebody } from "./alert-words.ts";

const channel = (changes: Partial<ChannelView> = {}): ChannelView => ({
  kind: "email",
  name: "smtp.example.org",
  configured: true,
  delivered: 0,
  failed: 0,
  waiting: 0,
  last_failure: null,
  last_failure_ms: null,
  failing_since_ms: null,
  ...changes,
});

test("only what is open is counted, and the worst of it named", () => {
  const count = countOpen([
    { state: "open", severity: "warning" },
    { state: "acknowledged", severity: "emergency" },
    { state: "over", severity: "critical" },
    { state: "open", severity: "high" },
  ]);
  expect(count).toEqual({ open: 2, worst: "high" });
  expect(countWords(count)).toBe("2 open alerts, the worst is high");
  expect(countWords(countOpen([]))).toBe("no open alert");
});

test("red begins with high", () => {
  expect((["info", "warning", "high", "critical", "emergency"] as const).filter(isLoud)).toEqual([
    "high",
    "critical",
    "emergency",
  ]);
});

test("an alert that lasts is told by how long, one that is over by how long it did", () => {
  expect(lastedWords({ since_ms: 1000, until_ms: null }, 61_000)).toBe("for 1 min");
  expect(lastedWords({ since_ms: 1000, until_ms: 31_000 }, 9e9)).toBe("lasted 30 s");
  expect(lastedWords({ since_ms: 1000, until_ms: 1000 }, 9e9)).toBe("a moment");
});

test("a channel is in trouble while nothing gets through, and never when it is not configured", () => {
  expect(isTroubled(channel({ waiting: 2, last_failure: "No." }))).toBe(false);
  expect(isTroubled(channel({ failing_since_ms: 5 }))).toBe(true);
  expect(isTroubled(channel({ failing_since_ms: 5, configured: false }))).toBe(false);
});

test("a log alone reaches nobody", () => {
  expect(reachesSomebody([channel({ kind: "logging" }), channel({ configured: false })])).toBe(false);
  expect(reachesSomebody([channel({ kind: "logging" }), channel({ kind: "slack" })])).toBe(true);
});
