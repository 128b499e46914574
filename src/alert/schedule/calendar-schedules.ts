import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { isJsonObject } from "../../events/json-object.ts";
import { earliest, type NextMs, parseCron } from "./cron.ts";
import { type DayTimes, isProblem, type Reading, readNumbers, readTimes, unknownField } from "./day-times.ts";

const DAY_NAMES = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const MONTH_NAMES = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];
const FIRST_DAY = "first_day";
const LAST_DAY = "last_day";

/** `{"minute": [0, 30]}` */
export function hourly(body: JsonObject): Reading<NextMs> {
  const unknown = unknownField(body, ["minute"]);
  if (unknown !== undefined) return { problem: `unexpected field [${unknown}]` };
  const minutes = readNumbers(body["minute"], { what: "time minute", least: 0, greatest: 59 });
  return isProblem(minutes) ? minutes : compiled([`0 ${minutes.join(",")} * * * ?`]);
}

/** `{"at": ["noon", "17:30"]}` */
export function daily(body: JsonObject): Reading<NextMs> {
  const unknown = unknownField(body, ["at"]);
  if (unknown !== undefined) return { problem: `unexpected field [${unknown}]` };
  const times = readTimes(body["at"]);
  return isProblem(times) ? times : compiled(times.map((time) => `${timeOf(time)} * * ?`));
}

/** `{"on": ["monday", "friday"], "at": "noon"}`, one or a list; days as numbers count from Sunday, 1. */
export function weekly(body: Json): Reading<NextMs> {
  return each(body, (one) => {
    const unknown = unknownField(one, ["on", "day", "at", "time"]);
    if (unknown !== undefined) return { problem: `unexpected field [${unknown}]` };
    const days = readNames(one["on"] ?? one["day"] ?? "monday", DAY_NAMES, "day of week");
    const times = readTimes(one["at"] ?? one["time"]);
    if (isProblem(days)) return days;
    return isProblem(times) ? times : times.map((time) => `${timeOf(time)} ? * ${days.join(",")}`);
  });
}

/** `{"on": [1, "last_day"], "at": "midnight"}`, one or a list. */
export function monthly(body: Json): Reading<NextMs> {
  return each(body, (one) => {
    const unknown = unknownField(one, ["on", "day", "at", "time"]);
    if (unknown !== undefined) return { problem: `unexpected field [${unknown}]` };
    return datesOf(one, "*");
  });
}

/** `{"in": "january", "on": 1, "at": "noon"}`, one or a list. */
export function yearly(body: Json): Reading<NextMs> {
  return each(body, (one) => {
    const unknown = unknownField(one, ["in", "month", "on", "day", "at", "time"]);
    if (unknown !== undefined) return { problem: `unexpected field [${unknown}]` };
    const months = readNames(one["in"] ?? one["month"] ?? "january", MONTH_NAMES, "month");
    return isProblem(months) ? months : datesOf(one, months.join(","));
  });
}

function datesOf(body: JsonObject, months: string): Reading<readonly string[]> {
  const days = readDays(body["on"] ?? body["day"] ?? 1);
  const times = readTimes(body["at"] ?? body["time"]);
  if (isProblem(days)) return days;
  return isProblem(times) ? times : times.map((time) => `${timeOf(time)} ${days.join(",")} ${months} ?`);
}

function readDays(value: Json): Reading<readonly string[]> {
  const days: string[] = [];
  for (const item of Array.isArray(value) ? value : [value]) {
    const text = String(item).toLowerCase();
    if (text === LAST_DAY || text === "32") days.push("L");
    else if (text === FIRST_DAY) days.push("1");
    else if (/^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= 31) days.push(text);
    else return { problem: `invalid month day [${text}]` };
  }
  return days.length === 0 ? ["1"] : days;
}

/** Names, their first three letters, or numbers from 1. */
function readNames(value: Json, names: readonly string[], what: string): Reading<readonly number[]> {
  const numbers: number[] = [];
  for (const item of Array.isArray(value) ? value : [value]) {
    const text = String(item).toLowerCase();
    const index = names.findIndex((name, at) => text === name || text === name.slice(0, 3) || text === String(at + 1));
    if (index < 0) return { problem: `unknown ${what} [${text}]` };
    numbers.push(index + 1);
  }
  return numbers;
}

function each(body: Json, read: (one: JsonObject) => Reading<readonly string[]>): Reading<NextMs> {
  const crons: string[] = [];
  for (const one of Array.isArray(body) ? body : [body]) {
    const made = isJsonObject(one) ? read(one) : { problem: "expected an object" };
    if (isProblem(made)) return made;
    crons.push(...made);
  }
  return crons.length === 0 ? { problem: "no times were given" } : compiled(crons);
}

function compiled(crons: readonly string[]): Reading<NextMs> {
  const schedules: NextMs[] = [];
  for (const cron of crons) {
    const parsed = parseCron(cron);
    if (isProblem(parsed)) return parsed;
    schedules.push(parsed);
  }
  return earliest(schedules);
}

/** Seconds, minutes and hours of a cron expression. */
function timeOf({ hours, minutes }: DayTimes): string {
  return `0 ${minutes} ${hours}`;
}
