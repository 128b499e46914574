import { DAYS, fieldValues, value } from "./cron-fields.ts";

/** Whether a day of a month is meant; `last` is the month's last day, `weekday` 1 for Sunday to 7. */
export type DayTest = (day: Day) => boolean;
export type Day = { day: number; last: number; weekday: number };

/** One part of the days of a month: `15`, `L`, `L-3`, `LW`, `15W`. Undefined for what is none. */
export function dayOfMonth(text: string): DayTest | undefined {
  const [, offset, nearest] = /^L(?:-(\d{1,2}))?(W)?$/i.exec(text) ?? (/^L$/i.test(text) ? ["L"] : []);
  if (/^L/i.test(text)) {
    if (offset === undefined && !/^LW?$/i.test(text)) return undefined;
    const before = Number(offset ?? 0);
    if (before > 30) return undefined;
    return nearest === undefined
      ? ({ day, last }) => day === last - before
      : (day) => isNearest(day, day.last - before);
  }
  const [, wanted] = /^(\d{1,2})W$/i.exec(text) ?? [];
  if (wanted !== undefined) {
    const number = value("dayOfMonth", wanted);
    return number === undefined ? undefined : (day) => day.last >= number && isNearest(day, number);
  }
  const values = fieldValues("dayOfMonth", text);
  return values && (({ day }) => values.includes(day));
}

/** One part of the days of a week: `MON-FRI`, `L` (Saturday), `6L` (the month's last Friday), `FRI#2`. */
export function dayOfWeek(text: string): DayTest | undefined {
  if (/^L$/i.test(text)) return ({ weekday }) => weekday === DAYS.length;
  const [, lastOf] = /^(\w+)L$/i.exec(text) ?? [];
  if (lastOf !== undefined) {
    const wanted = value("dayOfWeek", lastOf);
    return wanted === undefined ? undefined : ({ day, last, weekday }) => weekday === wanted && day > last - 7;
  }
  const [, of, nth] = /^(\w+)#([1-5])$/.exec(text) ?? [];
  if (of !== undefined) {
    const wanted = value("dayOfWeek", of);
    return wanted === undefined
      ? undefined
      : ({ day, weekday }) => weekday === wanted && Math.ceil(day / 7) === Number(nth);
  }
  const values = fieldValues("dayOfWeek", text);
  return values && (({ weekday }) => values.includes(weekday));
}

const [SUNDAY, SATURDAY] = [1, 7];

/** Whether it is the weekday nearest to a day of its month, which it never leaves. */
function isNearest({ day, last, weekday }: Day, wanted: number): boolean {
  if (weekday === SUNDAY || weekday === SATURDAY) return false;
  const weekdayOfWanted = ((((weekday - 1 + wanted - day) % 7) + 7) % 7) + 1;
  if (weekdayOfWanted === SATURDAY) return day === (wanted > 1 ? wanted - 1 : wanted + 2);
  if (weekdayOfWanted === SUNDAY) return day === (wanted < last ? wanted + 1 : wanted - 2);
  return day === wanted;
}
