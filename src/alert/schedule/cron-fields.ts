/** What one field of a cron expression takes, ascending. */
export type FieldValues = readonly number[];

export type FieldKind = "second" | "minute" | "hour" | "dayOfMonth" | "month" | "dayOfWeek" | "year";

type Bounds = { least: number; greatest: number; names: readonly string[] };

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
/** Quartz counts the days of a week from Sunday, 1. */
export const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
export const FIRST_YEAR = 1970;
export const LAST_YEAR = 2199;

const BOUNDS: Readonly<Record<FieldKind, Bounds>> = {
  second: { least: 0, greatest: 59, names: [] },
  minute: { least: 0, greatest: 59, names: [] },
  hour: { least: 0, greatest: 23, names: [] },
  dayOfMonth: { least: 1, greatest: 31, names: [] },
  month: { least: 1, greatest: 12, names: MONTHS },
  dayOfWeek: { least: 1, greatest: 7, names: DAYS },
  year: { least: FIRST_YEAR, greatest: LAST_YEAR, names: [] },
};

/** `*`, `5`, `MON-FRI`, `0/15`, `10-30/5`; undefined for what is none of these. A range may run over the end. */
export function fieldValues(kind: FieldKind, text: string): FieldValues | undefined {
  const { least, greatest } = BOUNDS[kind];
  const [, from, to, stepText] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d{1,4}))?$/.exec(text) ?? [];
  if (from === undefined || (from === "*" && to !== undefined)) return undefined;
  const step = stepText === undefined ? 1 : Number(stepText);
  const first = from === "*" ? least : value(kind, from);
  const open = from === "*" || (to === undefined && stepText !== undefined);
  const last = open ? greatest : value(kind, to ?? from);
  if (first === undefined || last === undefined || step < 1 || step > greatest) return undefined;
  // FRI-MON and 22-2 run over the end; years do not.
  const length = last >= first ? last - first : kind === "year" ? -1 : last - first + (greatest - least + 1);
  if (length < 0) return undefined;
  const taken = Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => first + index * step);
  return taken.map((number) => (number > greatest ? number - (greatest - least + 1) : number)).sort((a, b) => a - b);
}

/** A number or a name of the field. */
export function value(kind: FieldKind, text: string): number | undefined {
  const { least, greatest, names } = BOUNDS[kind];
  const named = names.indexOf(text.toUpperCase());
  if (named >= 0) return named + 1;
  const number = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  return number >= least && number <= greatest ? number : undefined;
}
