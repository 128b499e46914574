import { addUnits, type CalendarUnit, floorToUnit } from "../../dates/calendar.ts";
import { dateFormat } from "../../dates/date-format.ts";
import type { TimeZone } from "../../dates/time-zone.ts";
import type { SqlResult } from "../../hits/sql-result.ts";
import { MAX_BUCKETS } from "../../limits.ts";
import { invalid, unsupported } from "../../search-fault.ts";
import { createSqlValues } from "../../sql-values.ts";
import type { Level, Run } from "../aggregation.ts";
import { jsonOf, pathOf } from "../bucket-path.ts";
import type { Relation, ValueColumn } from "../columns.ts";
import { type Kind, kindOptions, missingOption, requiredField } from "../kind.ts";
import { numberText } from "../number-format.ts";
import { missingDate, momentColumn, zoneOption } from "./date-histogram.ts";
import { withKey } from "./key-relation.ts";

/** Elasticsearch's steps: a unit, and how many of it make a bucket. */
const UNITS: readonly { unit: CalendarUnit; letter: string; counts: readonly number[] }[] = [
  { unit: "second", letter: "s", counts: [1, 5, 10, 30] },
  { unit: "minute", letter: "m", counts: [1, 5, 10, 30] },
  { unit: "hour", letter: "h", counts: [1, 3, 12] },
  { unit: "day", letter: "d", counts: [1, 7] },
  { unit: "month", letter: "M", counts: [1, 3] },
  { unit: "year", letter: "y", counts: [1, 5, 10, 20, 50, 100] },
];
const STEPS = UNITS.flatMap(({ unit, letter, counts }) => counts.map((count) => ({ unit, letter, count })));
type Step = { unit: CalendarUnit; letter: string; count: number };
const LAST_STEP: Step = { unit: "year", letter: "y", count: 100 };

export const autoDateHistogramKind: Kind = {
  family: "bucket",
  words: "A bucket for each of at most `buckets` (10) spans of time, of the shortest interval that makes so few.",
  options: ["field", "buckets", "time_zone", "minimum_interval", "missing", "format"],
  differs:
    "A document with several dates in one bucket counts once, where Elasticsearch may count it for each of them.",
  parse(body, context) {
    const options = kindOptions(context, body, autoDateHistogramKind);
    const field = requiredField(context, options);
    const wanted = options.count("buckets") ?? 10;
    if (wanted === 0)
      throw invalid(`buckets must be greater than 0 for [${context.name}]`, "x_content_parse_exception");
    const zone = zoneOption(options);
    const format = options.text("format");
    if (format !== undefined) dateFormat(format);
    const least = options.text("minimum_interval");
    if (least !== undefined && !UNITS.some(({ unit }) => unit === least)) {
      throw invalid(
        `minimum_interval must be one of [${UNITS.map(({ unit }) => unit).join(", ")}]`,
        "x_content_parse_exception",
      );
    }
    const steps = STEPS.slice(least === undefined ? 0 : STEPS.findIndex(({ unit }) => unit === least));
    const missing = missingOption(options);
    return {
      family: "bucket",
      plan(plan) {
        const { column, isDate } = momentColumn({
          field,
          type: context.type,
          plan,
          ...missingDate(missing, { format, zone, nowMs: plan.nowMs }),
        });
        if (!isDate) throw unsupported(`[auto_date_histogram] on [${field}], which is no date`);
        const name = plan.keyName();
        const text = numberText("date", format, zone);
        const chosen = new Map<string, Chosen>();
        return {
          keys: [{ name, sqlType: "BIGINT" }],
          fillsGaps: true,
          async prepare(level, run) {
            for (const { keys, minUs, maxUs } of await timeSpans(level, column, run)) {
              const spans = choose({ minMs: minUs / 1000, maxMs: maxUs / 1000, wanted, steps, zone });
              chosen.set(pathOf(keys), { keys, ...spans });
            }
          },
          relation: (level) => placedRelation({ level, column, name, chosen: [...chosen.values()] }),
          shape(rows, inner, path) {
            const { step, starts } = chosen.get(path) ?? { step: steps[0] ?? LAST_STEP, starts: [] };
            const byPlace = new Map(rows.map((row) => [Number(row.keys[0]), row]));
            const buckets = starts.map((key, place) => {
              const row = byPlace.get(place);
              const body = { key_as_string: text?.(key) ?? "", key };
              return { key, body, docCount: row?.count ?? 0, inner: inner(row) };
            });
            return { type: "auto_date_histogram", body: { interval: `${step.count}${step.letter}` }, buckets };
          },
        };
      },
    };
  },
};

/** The spans of the documents of one bucket above, by their beginnings in Unix milliseconds. */
type Spans = { step: Step; starts: readonly number[] };
type Chosen = Spans & { keys: readonly SqlResult[] };
type TimeSpan = { keys: readonly SqlResult[]; minUs: number; maxUs: number };

async function timeSpans(level: Level, column: ValueColumn, run: Run): Promise<TimeSpan[]> {
  const values = createSqlValues();
  const keys = level.keys.map(({ name }) => name);
  const [min, max] = column.list ? [`list_min(${column.sql})`, `list_max(${column.sql})`] : [column.sql, column.sql];
  const group = keys.length === 0 ? "" : `GROUP BY ${keys.join(", ")}`;
  const rows = await run({
    sql: `SELECT ${[...keys, `min(${min})`, `max(${max})`].join(", ")} FROM (${level.relation(values)}) ${group}`,
    values: values.list(),
  });
  return rows.flatMap((row) => {
    const [minUs, maxUs] = row.slice(keys.length);
    if (minUs === null || minUs === undefined) return [];
    return [{ keys: row.slice(0, keys.length), minUs: Number(minUs), maxUs: Number(maxUs) }];
  });
}

function choose(options: {
  minMs: number;
  maxMs: number;
  wanted: number;
  steps: readonly Step[];
  zone: TimeZone;
}): Spans {
  const { minMs, maxMs, wanted, steps, zone } = options;
  for (const step of steps) {
    const starts = startsOf({ step, minMs, maxMs, limit: wanted, zone });
    if (starts.length <= wanted) return { step, starts };
  }
  const step = steps.at(-1) ?? LAST_STEP;
  return { step, starts: startsOf({ step, minMs, maxMs, limit: MAX_BUCKETS, zone }) };
}

/** Spans of several units are counted from the first unit; one more than the limit at most. */
function startsOf(options: { step: Step; minMs: number; maxMs: number; limit: number; zone: TimeZone }): number[] {
  const { step, minMs, maxMs, limit, zone } = options;
  const starts: number[] = [];
  let ms = floorToUnit(step.unit, minMs, zone);
  while (ms <= maxMs && starts.length <= limit) {
    starts.push(ms);
    ms = addUnits({ unit: step.unit, utcMs: ms, count: step.count, zone });
  }
  return starts;
}

/** Each document with the place of its span among those of its bucket. */
function placedRelation(options: {
  level: Level;
  column: ValueColumn;
  name: string;
  chosen: readonly Chosen[];
}): Relation {
  const { level, column, name, chosen } = options;
  const shape = `[{${[...level.keys.map((key) => `"${key.name}":"${key.sqlType}"`), '"starts":["BIGINT"]'].join(",")}}]`;
  const rows = chosen.map(({ keys, starts }) => {
    const above = level.keys.map((key, i) => `"${key.name}":${jsonOf(keys[i] ?? null)}`);
    return `{${[...above, `"starts":[${starts.map((ms) => BigInt(ms) * 1000n).join(",")}]`].join(",")}}`;
  });
  return (values) => {
    const spans = `SELECT unnest(from_json(${values.bind(`[${rows.join(",")}]`)}, '${shape}'), recursive := true)`;
    const same = level.keys.map((key) => `r.${key.name} IS NOT DISTINCT FROM s.${key.name}`);
    const joined = `SELECT r.*, s.starts AS ${name}_starts FROM (${level.relation(values)}) r JOIN (${spans}) s ON ${["TRUE", ...same].join(" AND ")}`;
    const keySql = (us: string) => `len(list_filter(${name}_starts, lambda start: start <= ${us})) - 1`;
    return withKey({ level: { ...level, relation: () => joined }, column, name, keySql })(values);
  };
}
