import { expect, test } from "vitest";
import type { ClockView, TimeServerView } from "../../../src/serve/views.ts";
import { formatMs, offsetWords, serverWords, stampError } from "./clock-words.ts";

const clock = (changes: Partial<ClockView>): ClockView => ({
  offset_ms: -3,
  error_ms: 8.5,
  server: "ntp.example",
  reachable: true,
  sampled_ms: 1,
  asked_ms: 1,
  servers: [],
  ...changes,
});

test.each([
  [0, "0.0 ms"],
  [-8.54, "8.5 ms"],
  [99.96, "100 ms"],
  [120.4, "120 ms"],
  [3_240, "3.2 s"],
  [86_400_000, "1 d"],
])("%f ms is told as %s", (ms, words) => {
  expect(formatMs(ms)).toBe(words);
});

test("what has to be added to the clock says on which side it is", () => {
  expect([offsetWords(3), offsetWords(-250)]).toEqual(["3.0 ms behind", "250 ms ahead"]);
});

test("a stamp is off by the clock's offset, its error and the program's delay; between nodes by the delay alone", () => {
  const delay = { p50: 0.1, p99: 20, max: 120 };
  expect(stampError(clock({}), delay)).toEqual({ absoluteMs: 31.5, betweenNodesMs: 20 });
  expect(stampError(clock({ offset_ms: 3 }), delay).absoluteMs).toBe(31.5);
});

test("while the clock is not known, nothing is claimed of a stamp against the network's time", () => {
  const delay = { p50: 0, p99: 1, max: 2 };
  expect(stampError(null, delay)).toEqual({ absoluteMs: undefined, betweenNodesMs: 1 });
  expect(stampError(clock({ offset_ms: null, error_ms: null }), delay).absoluteMs).toBeUndefined();
});

test.each<[Partial<TimeServerView>, string]>([
  [{ agrees: true }, "agrees"],
  [{ agrees: false }, "disagrees"],
  [{ reason: "ntp_kiss" }, "refuses clients"],
  [{ reason: "ntp_of_tomorrow" }, "no sample"],
  [{}, "not asked yet"],
])("a time server with %j is put into words", (told, words) => {
  const nothing = { offset_ms: null, error_ms: null, round_trip_ms: null, stratum: null, agrees: null, reason: null };
  expect(serverWords({ server: "ntp.example", ...nothing, ...told })).toBe(words);
});
