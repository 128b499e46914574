import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { isJsonObject } from "../../events/json-object.ts";
import { daily, hourly, monthly, weekly, yearly } from "../schedule/calendar-schedules.ts";
import { earliest, everyMs, type NextMs, parseCron } from "../schedule/cron.ts";
import { isProblem, type Reading } from "../schedule/day-times.ts";
import { onlyMember, tokenOf } from "./reading.ts";
import { below, illegalArgument, type Place, parseFault } from "./watch-fault.ts";

type ReadSchedule = (body: Json) => Reading<NextMs>;

/** Those that take one object alone. */
const ofObject =
  (read: (body: JsonObject) => Reading<NextMs>): ReadSchedule =>
  (body) =>
    isJsonObject(body) ? read(body) : { problem: `expected an object, but found [${tokenOf(body)}]` };

const SCHEDULES: ReadonlyMap<string, ReadSchedule> = new Map<string, ReadSchedule>([
  ["hourly", ofObject(hourly)],
  ["daily", ofObject(daily)],
  ["weekly", weekly],
  ["monthly", monthly],
  ["yearly", yearly],
]);

/** `{"interval": "5m"}`, `{"cron": "0 0/5 * * * ?"}`, hourly, daily, weekly, monthly, yearly; all in UTC. */
export function parseSchedule(body: JsonObject, place: Place): NextMs {
  const { timezone, ...rest } = body;
  if (timezone !== undefined && timezone !== "UTC" && timezone !== "Z")
    throw illegalArgument(
      below(place, "timezone"),
      `schedules are in UTC, [timezone: ${String(timezone)}] is not supported`,
    );
  const [type, inner] = onlyMember(rest) ?? [];
  if (type === undefined || inner === undefined) {
    const several = Object.keys(rest);
    throw parseFault(
      place,
      several.length === 0
        ? "could not parse schedule. expected a schedule type field, but no fields were found"
        : `could not parse schedule. expected one schedule type, but found [${several.join(", ")}]`,
    );
  }
  const at = below(place, type);
  if (type === "interval") return interval(inner, at);
  if (type === "cron") return cron(inner, at);
  const read = SCHEDULES.get(type);
  if (read === undefined)
    throw parseFault(at, `could not parse schedule for [${place.watchId}]. unknown schedule type [${type}]`);
  const schedule = read(inner);
  if (isProblem(schedule)) throw parseFault(at, `could not parse [${type}] schedule. ${schedule.problem}`);
  return schedule;
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A number of seconds, or a text with its unit. */
function interval(body: Json, place: Place): NextMs {
  if (typeof body === "number") {
    if (!Number.isInteger(body) || body < 1)
      throw parseFault(
        place,
        `could not parse schedule: interval can't be lower than 1000 ms, but [${body}s] was specified`,
      );
    return everyMs(body * 1000);
  }
  if (typeof body !== "string")
    throw parseFault(
      place,
      `could not parse [interval] schedule. expected either a numeric value (millis) or a string value representing time value (e.g. '5s'), but found [${tokenOf(body)}]`,
    );
  const [, count, unit = ""] = /^(\d{1,9})([smhdw])$/.exec(body) ?? [];
  const ms = Number(count) * (UNIT_MS[unit] ?? Number.NaN);
  if (Number.isNaN(ms))
    throw parseFault(
      place,
      `could not parse schedule: could not parse [interval] schedule. unrecognized interval format [${body}]`,
    );
  if (ms < 1000)
    throw parseFault(
      place,
      `could not parse schedule: interval can't be lower than 1000 ms, but [${body}] was specified`,
    );
  return everyMs(ms);
}

function cron(body: Json, place: Place): NextMs {
  const expressions: readonly Json[] = Array.isArray(body) ? body : [body];
  if (expressions.length === 0)
    throw parseFault(place, "could not parse [cron] schedule. no cron expression found in cron array");
  return earliest(
    expressions.map((expression) => {
      if (typeof expression !== "string")
        throw parseFault(
          place,
          `could not parse [cron] schedule. expected either a cron string value or an array of cron string values, but found [${tokenOf(expression)}]`,
        );
      const schedule = parseCron(expression);
      if (!isProblem(schedule)) return schedule;
      throw parseFault(place, `could not parse [cron] schedule`, {
        type: "illegal_argument_exception",
        reason: `invalid cron expression [${expression}]. ${schedule.problem}`,
      });
    }),
  );
}
