import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../events/foreign.ts";
import { parseSchedule } from "./parse-schedule.ts";

const parse = (body: JsonObject) => parseSchedule(body, { watchId: "w", path: "trigger.schedule" });

/** The moments that follow a Saturday. */
function following(body: JsonObject): string[] {
  const next = parse(body);
  const moments: string[] = [];
  for (let at = Date.parse("2026-11-28T10:07:30.500Z"); moments.length < 3; ) {
    const ms = next(at);
    if (ms === undefined) break;
    moments.push(new Date(ms).toISOString().slice(0, 16).replace("T", " "));
    at = ms;
  }
  return moments;
}

describe("a schedule", () => {
  test.each<[JsonObject, string[]]>([
    [{ interval: "5m" }, ["2026-11-28 10:10", "2026-11-28 10:15", "2026-11-28 10:20"]],
    [{ interval: 3600 }, ["2026-11-28 11:00", "2026-11-28 12:00", "2026-11-28 13:00"]],
    [{ interval: "1d" }, ["2026-11-29 00:00", "2026-11-30 00:00", "2026-12-01 00:00"]],
    [{ cron: ["0 0 12 * * ?", "0 30 11 * * ?"] }, ["2026-11-28 11:30", "2026-11-28 12:00", "2026-11-29 11:30"]],
    [{ hourly: {} }, ["2026-11-28 11:00", "2026-11-28 12:00", "2026-11-28 13:00"]],
    [{ hourly: { minute: [0, "30"] } }, ["2026-11-28 10:30", "2026-11-28 11:00", "2026-11-28 11:30"]],
    [{ daily: {} }, ["2026-11-29 00:00", "2026-11-30 00:00", "2026-12-01 00:00"]],
    [{ daily: { at: "17:00" } }, ["2026-11-28 17:00", "2026-11-29 17:00", "2026-11-30 17:00"]],
    [{ daily: { at: ["noon", "midnight"] } }, ["2026-11-28 12:00", "2026-11-29 00:00", "2026-11-29 12:00"]],
    [
      { daily: { at: { hour: [11, 23], minute: [5, 50] } } },
      ["2026-11-28 11:05", "2026-11-28 11:50", "2026-11-28 23:05"],
    ],
    [{ weekly: {} }, ["2026-11-30 00:00", "2026-12-07 00:00", "2026-12-14 00:00"]],
    [{ weekly: { on: "friday", at: "17:00" } }, ["2026-12-04 17:00", "2026-12-11 17:00", "2026-12-18 17:00"]],
    [{ weekly: { on: ["tue", 6], at: ["noon"] } }, ["2026-12-01 12:00", "2026-12-04 12:00", "2026-12-08 12:00"]],
    [
      {
        weekly: [
          { on: "monday", at: "9:00" },
          { on: "sunday", at: "noon" },
        ],
      },
      ["2026-11-29 12:00", "2026-11-30 09:00", "2026-12-06 12:00"],
    ],
    [{ monthly: { on: 10, at: "noon" } }, ["2026-12-10 12:00", "2027-01-10 12:00", "2027-02-10 12:00"]],
    [{ monthly: { on: ["last_day", 1] } }, ["2026-11-30 00:00", "2026-12-01 00:00", "2026-12-31 00:00"]],
    [
      { yearly: { in: ["january", 7], on: "first_day", at: "noon" } },
      ["2027-01-01 12:00", "2027-07-01 12:00", "2028-01-01 12:00"],
    ],
    [{ timezone: "UTC", daily: { at: "noon" } }, ["2026-11-28 12:00", "2026-11-29 12:00", "2026-11-30 12:00"]],
  ])("%j", (body, expected) => {
    expect(following(body)).toEqual(expected);
  });

  test.each<[JsonObject, string]>([
    [{}, "could not parse schedule. expected a schedule type field, but no fields were found"],
    [{ interval: "5m", daily: {} }, "expected one schedule type, but found [interval, daily]"],
    [{ every: "5m" }, "could not parse schedule for [w]. unknown schedule type [every]"],
    [{ interval: "5x" }, "unrecognized interval format [5x]"],
    [{ interval: "0s" }, "interval can't be lower than 1000 ms, but [0s] was specified"],
    [{ interval: 0.5 }, "interval can't be lower than 1000 ms, but [0.5s] was specified"],
    [{ interval: {} }, "but found [START_OBJECT]"],
    [{ cron: "every day" }, "invalid cron expression [every day]. expected 6 or 7 fields"],
    [{ cron: [] }, "no cron expression found in cron array"],
    [{ cron: 5 }, "but found [VALUE_NUMBER]"],
    [{ hourly: { minute: 60 } }, "invalid time minute value [60] (possible values may be between 0 and 59 incl.)"],
    [{ hourly: { minutes: 1 } }, "could not parse [hourly] schedule. unexpected field [minutes]"],
    [{ daily: { at: "25:00" } }, "time hours must be between 0 and 23 incl."],
    [{ daily: { at: "5" } }, "time format must be in the form of hh:mm"],
    [{ daily: "noon" }, "expected an object, but found [VALUE_STRING]"],
    [{ weekly: { on: "someday" } }, "unknown day of week [someday]"],
    [{ monthly: { on: 33 } }, "invalid month day [33]"],
    [{ yearly: { in: "smarch" } }, "unknown month [smarch]"],
    [{ timezone: "Europe/Berlin", daily: {} }, "schedules are in UTC, [timezone: Europe/Berlin] is not supported"],
  ])("%j is refused", (body, reason) => {
    expect(() => parse(body)).toThrow(reason);
  });
});
