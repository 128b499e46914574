import type { Json } from "../../../events/document.ts";
import type { SqlResult } from "../../hits/sql-result.ts";
import type { Options } from "../../queries/clause.ts";
import { invalid, unsupported } from "../../search-fault.ts";
import { type Kind, type KindContext, kindOptions } from "../kind.ts";
import type { NumberText } from "../number-format.ts";
import type { AggResult } from "../result.ts";
import { aggregates, numberField, numberOf } from "./metric.ts";

const DEFAULT_PERCENTS = [1, 5, 25, 50, 75, 95, 99];
const exact = "Exact, with linear interpolation between neighbours, where Elasticsearch estimates by t-digest.";

export const percentilesKind: Kind = {
  family: "metric",
  words: "The values below which the given `percents` of all values lie.",
  options: ["field", "missing", "format", "percents", "keyed"],
  ignored: ["tdigest", "hdr"],
  differs: `${exact} \`tdigest\` and \`hdr\` have no effect.`,
  parse(body, context) {
    const options = kindOptions(context, body, percentilesKind);
    const find = numberField(context, options);
    const percents = numbers(context, options, "percents")?.sort((a, b) => a - b) ?? DEFAULT_PERCENTS;
    if (percents.some((percent) => percent < 0 || percent > 100)) {
      throw invalid("Failed to build [percentiles]: percent must be in [0,100]", "x_content_parse_exception");
    }
    if (percents.length === 0) {
      throw invalid("Failed to build [percentiles]: [percents] must not be empty", "x_content_parse_exception");
    }
    const keyed = isKeyed(options);
    return {
      family: "metric",
      plan(plan) {
        const { column, text } = find(plan);
        const fractions = `[${percents.map((percent) => `${percent / 100}::DOUBLE`).join(", ")}]`;
        const sql = (where: string, argument = fractions) =>
          aggregates.ofList(column, where, { name: "quantile_cont", argument });
        return {
          sql: (where) => [sql(where)],
          shape(values) {
            const found = (values?.[0] ?? percents.map(() => null)) as readonly SqlResult[];
            return keyedValues({
              type: options.has("hdr") ? "hdr_percentiles" : "tdigest_percentiles",
              keys: percents,
              values: found.map(numberOf),
              keyed,
              text,
            });
          },
          orderSql(property, where) {
            const percent = Number(property);
            return property === undefined || !percents.includes(percent)
              ? undefined
              : sql(where, String(percent / 100));
          },
        };
      },
    };
  },
};

export const percentileRanksKind: Kind = {
  family: "metric",
  words: "How many percent of all values are at most each of the given `values`.",
  options: ["field", "missing", "format", "values", "keyed"],
  ignored: ["tdigest", "hdr"],
  differs:
    "Exact, where Elasticsearch estimates by t-digest, which counts the half of what equals the value. `tdigest` and `hdr` have no effect.",
  parse(body, context) {
    const options = kindOptions(context, body, percentileRanksKind);
    const find = numberField(context, options);
    const wanted = numbers(context, options, "values")?.sort((a, b) => a - b);
    if (wanted === undefined || wanted.length === 0) {
      throw invalid("[values] must not be an empty array: [percentile_ranks]", "x_content_parse_exception");
    }
    const keyed = isKeyed(options);
    return {
      family: "metric",
      plan(plan) {
        const { column, text } = find(plan);
        const sql = (where: string) =>
          wanted.map((value) => {
            const { sql: values, list } = column;
            const below = list
              ? `sum(len(list_filter(${values}, lambda value: value <= ${value})))`
              : `sum(CASE WHEN ${values} <= ${value} THEN 1 ELSE 0 END)`;
            return `100.0 * ${below}${where} / nullif(${aggregates.count(column, where)}, 0)`;
          });
        return {
          sql,
          shape: (values) =>
            keyedValues({
              type: "tdigest_percentile_ranks",
              keys: wanted,
              values: wanted.map((_, i) => numberOf(values?.[i])),
              keyed,
              text,
            }),
          orderSql(property, where) {
            const place = wanted.indexOf(Number(property));
            return property === undefined || place < 0 ? undefined : sql(where)[place];
          },
        };
      },
    };
  },
};

export const boxplotKind: Kind = {
  family: "metric",
  words: "Extremes, quartiles, and the outermost values within one and a half interquartile ranges.",
  options: ["field", "missing", "format"],
  ignored: ["compression", "execution_hint"],
  differs: exact,
  parse(body, context) {
    const find = numberField(context, kindOptions(context, body, boxplotKind));
    return {
      family: "metric",
      plan(plan) {
        const { column, text } = find(plan);
        const quartiles = (where: string) =>
          aggregates.ofList(column, where, {
            name: "quantile_cont",
            argument: "[0.25::DOUBLE, 0.5::DOUBLE, 0.75::DOUBLE]",
          });
        const every = (where: string) =>
          column.list ? `flatten(list(${column.sql})${where})` : `list(${column.sql})${where}`;
        const whisker = (where: string, low: boolean) => {
          const [q1, q3] = [`${quartiles(where)}[1]`, `${quartiles(where)}[3]`];
          const edge = low ? `${q1} - 1.5 * (${q3} - ${q1})` : `${q3} + 1.5 * (${q3} - ${q1})`;
          return `list_filter(${every(where)}, lambda value: value ${low ? ">=" : "<="} ${edge})`;
        };
        const sql = (where: string) => [
          aggregates.min(column, where),
          aggregates.max(column, where),
          quartiles(where),
          `list_min(${whisker(where, true)})`,
          `list_max(${whisker(where, false)})`,
        ];
        return {
          sql,
          shape: (values) => boxplotResult(values, text),
          orderSql(property, where) {
            const [min, max, box, lower, upper] = sql(where) as [string, string, string, string, string];
            const known: Record<string, string> = {
              min,
              max,
              q1: `${box}[1]`,
              q2: `${box}[2]`,
              q3: `${box}[3]`,
              lower,
              upper,
            };
            return property === undefined || !Object.hasOwn(known, property) ? undefined : known[property];
          },
        };
      },
    };
  },
};

/** Of no values Elasticsearch tells infinities for the extremes, which are strings in its JSON, and NaN for the quartiles. */
function boxplotResult(values: readonly SqlResult[] | undefined, text: NumberText): AggResult {
  const [q1, q2, q3] = ((values?.[2] ?? [null, null, null]) as readonly SqlResult[]).map(numberOf);
  const [min, max, lower, upper] = [values?.[0], values?.[1], values?.[3], values?.[4]].map(numberOf);
  const figures = { min, max, q1, q2, q3, lower, upper };
  const empty: Record<string, string> = { min: "Infinity", max: "-Infinity" };
  const body: { [part: string]: Json } = {};
  for (const [name, value] of Object.entries(figures)) {
    body[name] = value ?? empty[name] ?? "NaN";
    if (text !== undefined && value !== null && value !== undefined) body[`${name}_as_string`] = text(value);
  }
  return {
    type: "boxplot",
    body,
    number: (property) => (property === undefined ? undefined : figures[property as keyof typeof figures]),
  };
}

function keyedValues(options: {
  type: string;
  keys: readonly number[];
  values: readonly (number | null)[];
  keyed: boolean;
  text: NumberText;
}): AggResult {
  const { type, keys, values, keyed, text } = options;
  const sorted = keys.map((key, i) => ({ key, value: values[i] ?? null })).sort((a, b) => a.key - b.key);
  const entries = sorted.map(({ key, value }) => {
    const written = value === null || text === undefined ? {} : { as_string: text(value) };
    return { key, value, written };
  });
  const body: Json = keyed
    ? Object.fromEntries(
        entries.flatMap(({ key, value, written }): [string, Json][] => {
          const name = javaDouble(key);
          return [
            [name, value],
            ...Object.values(written).map((words): [string, Json] => [`${name}_as_string`, words]),
          ];
        }),
      )
    : entries.map(({ key, value, written }) => {
        return { key, value, ...("as_string" in written ? { value_as_string: written.as_string } : {}) };
      });
  return {
    type,
    body: { values: body },
    number: (property) => sorted.find(({ key }) => property !== undefined && key === Number(property))?.value,
  };
}

/** As Java writes a double: `50.0`. */
export function javaDouble(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e7 ? `${value}.0` : String(value);
}

function numbers({ type }: KindContext, options: Options, name: string): number[] | undefined {
  return options.list(name)?.map((value) => {
    const number = typeof value === "string" ? Number(value) : value;
    if (typeof number === "number" && Number.isFinite(number)) return number;
    throw invalid(`[${type}] [${name}] holds numbers`, "illegal_argument_exception");
  });
}

function isKeyed(options: Options): boolean {
  const { hdr, tdigest } = { hdr: options.raw("hdr"), tdigest: options.raw("tdigest") };
  if (hdr !== undefined && tdigest !== undefined) throw unsupported("[hdr] and [tdigest] at once");
  return !options.has("keyed") || options.flag("keyed");
}
