import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { isJsonObject } from "../../events/json-object.ts";

/** Hours and minutes of a day, as the fields of a cron expression. */
export type DayTimes = { hours: string; minutes: string };

/** Reads what a schedule says; a text is the reason why it cannot be. */
export type Reading<T> = T | { problem: string };

export function isProblem<T extends object>(reading: Reading<T>): reading is { problem: string } {
  return "problem" in reading;
}

const MIDNIGHT: DayTimes = { hours: "0", minutes: "0" };

/** `at`, one or a list: `17:00`, `noon`, `midnight`, `{"hour": [0, 12], "minute": 30}`. None: midnight. */
export function readTimes(value: Json | undefined): Reading<readonly DayTimes[]> {
  if (value === undefined) return [MIDNIGHT];
  const times = (Array.isArray(value) ? value : [value]).map((time: Json) => readTime(time));
  const [problem] = times.filter(isProblem);
  if (problem !== undefined) return problem;
  return times.length === 0 ? [MIDNIGHT] : times.flatMap((time) => (isProblem(time) ? [] : [time]));
}

function readTime(value: Json): Reading<DayTimes> {
  if (typeof value === "string") return readText(value);
  if (!isJsonObject(value)) return { problem: "could not parse time. expected string/number value or an object" };
  const unknown = Object.keys(value).find((key) => key !== "hour" && key !== "minute");
  if (unknown !== undefined) return { problem: `could not parse time. unexpected field [${unknown}]` };
  const hours = readNumbers(value["hour"], { what: "time hour", least: 0, greatest: 23 });
  const minutes = readNumbers(value["minute"], { what: "time minute", least: 0, greatest: 59 });
  if (isProblem(hours)) return hours;
  return isProblem(minutes) ? minutes : { hours: hours.join(","), minutes: minutes.join(",") };
}

function readText(text: string): Reading<DayTimes> {
  if (text === "noon") return { hours: "12", minutes: "0" };
  if (text === "midnight") return MIDNIGHT;
  const [, hour, minute] = /^(\d{1,2}):(\d{2})$/.exec(text) ?? [];
  if (hour === undefined || minute === undefined)
    return { problem: `could not parse time [${text}]. time format must be in the form of hh:mm` };
  if (Number(hour) > 23)
    return {
      problem: `invalid time [${text}]. invalid time hour value [${Number(hour)}]. time hours must be between 0 and 23 incl.`,
    };
  if (Number(minute) > 59)
    return {
      problem: `invalid time [${text}]. invalid time minute value [${Number(minute)}]. time minutes must be between 0 and 59 incl.`,
    };
  return { hours: String(Number(hour)), minutes: String(Number(minute)) };
}

type Numbers = { what: string; least: number; greatest: number };

/** One number or a list, as numbers or texts; none: 0. */
export function readNumbers(value: Json | undefined, { what, least, greatest }: Numbers): Reading<readonly number[]> {
  const items: readonly Json[] = value === undefined ? [0] : Array.isArray(value) ? value : [value as Json];
  const numbers: number[] = [];
  for (const item of items) {
    const number = typeof item === "string" && /^\d{1,3}$/.test(item) ? Number(item) : item;
    if (typeof number !== "number" || !Number.isInteger(number))
      return { problem: `invalid ${what} value [${String(item)}]` };
    if (number < least || number > greatest)
      return {
        problem: `invalid ${what} value [${number}] (possible values may be between ${least} and ${greatest} incl.)`,
      };
    numbers.push(number);
  }
  return numbers.length === 0 ? [0] : numbers;
}

/** The members of a schedule's object; the others are a problem. */
export function unknownField(object: JsonObject, known: readonly string[]): string | undefined {
  return Object.keys(object).find((key) => !known.includes(key));
}
