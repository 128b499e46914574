import { unknownOption } from "../elsewhere.ts";
import type { Scalar } from "../fields/literals.ts";
import { isObject, isScalar } from "../json-shape.ts";
import { invalid } from "../search-fault.ts";
import type { Query } from "./query.ts";

/** What a clause needs to read the clauses within it. */
export type QueryParser = { parse(value: unknown): Query };

/** One clause of the Query DSL: what it is for, what it takes, how it is read. */
export type Clause = {
  words: string;
  /** Options beside `boost`, which every clause takes and which has no effect. */
  options: readonly string[];
  /** Options of Elasticsearch that are taken and have no effect here. */
  ignored?: readonly string[];
  /** How it differs from Elasticsearch. */
  differs?: string;
  parse(body: Record<string, unknown>, parser: QueryParser): Query;
};

/** Reads the options of one clause, each by its kind; what the clause does not take is refused by name. */
export type Options = {
  has(name: string): boolean;
  raw(name: string): unknown;
  scalar(name: string): Scalar;
  text(name: string): string | undefined;
  flag(name: string): boolean;
  /** A whole number of 0 or more. */
  count(name: string): number | undefined;
  list(name: string): unknown[] | undefined;
};

export function readOptions(
  clause: string,
  body: Record<string, unknown>,
  known: { options: readonly string[]; ignored?: readonly string[] },
  of: "query" | "object" = "query",
): Options {
  for (const [key, value] of Object.entries(body)) {
    if (key === "boost" && of === "query") checkBoost(clause, value);
    else if (!known.options.includes(key) && !known.ignored?.includes(key)) throw unknownOption(clause, key, of);
  }
  const type = of === "object" ? "x_content_parse_exception" : "parsing_exception";
  const wrong = (name: string, words: string) => invalid(`[${clause}] [${name}] must be ${words}`, type);
  return {
    has: (name) => body[name] !== undefined && body[name] !== null,
    raw: (name) => body[name],
    scalar(name) {
      const value = body[name];
      if (isScalar(value)) return value;
      if (value === undefined || value === null) {
        throw invalid("value cannot be null", "illegal_argument_exception");
      }
      throw invalid(`[${clause}] query does not support an array or object as [${name}]`);
    },
    text(name) {
      const value = body[name];
      if (value === undefined || value === null) return undefined;
      if (isScalar(value)) return String(value);
      throw wrong(name, "a text");
    },
    flag(name) {
      const value = body[name];
      if (value === undefined || value === null || value === false || value === "false") return false;
      if (value === true || value === "true") return true;
      throw invalid(
        `Failed to parse value [${String(value)}] as only [true] or [false] are allowed.`,
        "illegal_argument_exception",
      );
    },
    count(name) {
      const value = body[name];
      if (value === undefined || value === null) return undefined;
      const number = typeof value === "string" ? Number(value) : value;
      if (typeof number === "number" && Number.isSafeInteger(number) && number >= 0) return number;
      throw wrong(name, "a whole number of 0 or more");
    },
    list(name) {
      const value = body[name];
      if (value === undefined || value === null) return undefined;
      return Array.isArray(value) ? (value as unknown[]) : [value];
    },
  };
}

function checkBoost(clause: string, value: unknown): void {
  const number = typeof value === "string" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number)) throw invalid(`[${clause}] [boost] must be a number`);
  if (number < 0) {
    throw invalid(`negative [boost] are not allowed in [${clause}], use a value between 0 and 1 to deboost`);
  }
}

/** `{field: options}` with exactly one field; a value that is no object stands for the option `short`. */
export function fieldClause(
  clause: string,
  body: Record<string, unknown>,
  known: { options: readonly string[]; ignored?: readonly string[]; short?: string },
): { field: string; options: Options } {
  const [entry, second] = Object.entries(body);
  if (entry === undefined) throw invalid(`[${clause}] query malformed, no field`, "illegal_argument_exception");
  if (second !== undefined) {
    throw invalid(`[${clause}] query doesn't support multiple fields, found [${entry[0]}] and [${second[0]}]`);
  }
  const [field, given] = entry;
  const { short } = known;
  if (isObject(given)) return { field, options: readOptions(clause, given, known) };
  if (short === undefined) throw invalid(`[${clause}] query malformed, no start_object after query name`);
  if (Array.isArray(given)) throw invalid(`[${clause}] query does not support arrays`);
  return { field, options: readOptions(clause, { [short]: given }, known) };
}
