import { isObject, isScalar } from "./json-shape.ts";
import type { Query, RangeBounds, Scalar } from "./query.ts";
import { invalid, unsupported } from "./search-fault.ts";
import { type ClauseName, MAX_CLAUSES, MAX_DEPTH, MAX_TERMS, supportedClauses } from "./supported.ts";

type Bounds = { depth: number; clauses: { left: number } };

/** Reads a query of the supported subset; anything else is refused by its name. */
export function parseQuery(value: unknown): Query {
  return parseClause(value, { depth: 0, clauses: { left: MAX_CLAUSES } });
}

function parseClause(value: unknown, bounds: Bounds): Query {
  if (!isObject(value)) throw invalid("[query] malformed: an object with one clause is expected");
  const [entry, ...others] = Object.entries(value);
  if (entry === undefined) throw invalid("query malformed, empty clause found", "illegal_argument_exception");
  const [name, body] = entry;
  if (others.length > 0) {
    throw invalid(`[${name}] malformed query, expected [END_OBJECT] but found [${others[0]?.[0]}]`);
  }
  if (!Object.hasOwn(supportedClauses, name)) throw unsupported(`query [${name}]`);
  if (!isObject(body)) throw invalid(`[${name}] query malformed, no start_object after query name`);
  if (bounds.depth > MAX_DEPTH) throw invalid(`The query is nested deeper than ${MAX_DEPTH} levels`);
  bounds.clauses.left -= 1;
  if (bounds.clauses.left < 0) throw invalid(`The query has more than ${MAX_CLAUSES} clauses`, "too_many_clauses");
  return parsers[name as ClauseName](body, { ...bounds, depth: bounds.depth + 1 });
}

const parsers: Readonly<Record<ClauseName, (body: Record<string, unknown>, bounds: Bounds) => Query>> = {
  match_all: (body) => {
    checkOptions("match_all", body);
    return { kind: "match_all" };
  },
  match_none: (body) => {
    checkOptions("match_none", body);
    return { kind: "match_none" };
  },
  bool: parseBool,
  term: (body) => {
    const { field, options } = fieldClause("term", body);
    return { kind: "terms", field, values: [scalar("term", isObject(options) ? options["value"] : options)] };
  },
  terms: parseTerms,
  range: parseRange,
  exists: (body) => {
    checkOptions("exists", body);
    return { kind: "exists", field: text("exists", body["field"]) };
  },
  ids: (body) => {
    checkOptions("ids", body);
    const values = list("ids", body["values"]);
    return { kind: "ids", values: values.map((value) => text("ids", value)) };
  },
  prefix: (body) => {
    const { field, options } = fieldClause("prefix", body);
    return { kind: "prefix", field, value: text("prefix", isObject(options) ? options["value"] : options) };
  },
};

function parseBool(body: Record<string, unknown>, bounds: Bounds): Query {
  checkOptions("bool", body);
  const clauses = (name: string): Query[] => {
    const value = body[name];
    if (value === undefined) return [];
    return (Array.isArray(value) ? (value as unknown[]) : [value]).map((clause) => parseClause(clause, bounds));
  };
  const filter = [...clauses("must"), ...clauses("filter")];
  const should = clauses("should");
  const asked = body["minimum_should_match"];
  if (asked !== undefined && !(Number.isSafeInteger(asked) && (asked as number) >= 0)) {
    throw unsupported("[minimum_should_match] other than a whole number of 0 or more");
  }
  // Elasticsearch: at least one `should` has to match where nothing else has to.
  const minimumShouldMatch = (asked as number | undefined) ?? (should.length > 0 && filter.length === 0 ? 1 : 0);
  return { kind: "bool", filter, mustNot: clauses("must_not"), should, minimumShouldMatch };
}

function parseTerms(body: Record<string, unknown>): Query {
  const { field, options } = fieldClause("terms", body);
  if (isObject(options)) throw unsupported("terms lookup in [terms]");
  const values = list("terms", options);
  if (values.length > MAX_TERMS)
    throw invalid(`[terms] has more than ${MAX_TERMS} values`, "illegal_argument_exception");
  return { kind: "terms", field, values: values.map((value) => scalar("terms", value)) };
}

function parseRange(body: Record<string, unknown>): Query {
  const { field, options } = fieldClause("range", body);
  if (!isObject(options)) throw invalid("[range] query malformed, no start_object after field name");
  const bounds: RangeBounds = {};
  for (const name of supportedClauses.range.options) {
    const value = options[name];
    if (value === undefined || value === null) continue;
    if (typeof value !== "string" && !(typeof value === "number" && Number.isFinite(value))) {
      throw invalid(`[range] bound [${name}] of [${field}] must be a string or a number`);
    }
    bounds[name] = value;
  }
  return { kind: "range", field, bounds };
}

/** `{field: options}` with exactly one field; options that are an object are checked. */
function fieldClause(name: ClauseName, body: Record<string, unknown>): { field: string; options: unknown } {
  const [entry, second] = Object.entries(body);
  if (entry === undefined) throw invalid(`[${name}] query malformed, no field`);
  if (second !== undefined) {
    if (isOptionOf(second[0]) || isOptionOf(entry[0]))
      throw unsupported(`[${isOptionOf(second[0]) ? second[0] : entry[0]}] in [${name}]`);
    throw invalid(`[${name}] query doesn't support multiple fields, found [${entry[0]}] and [${second[0]}]`);
  }
  const [field, options] = entry;
  if (isObject(options) && name !== "terms") checkOptions(name, options);
  return { field, options };
}

/** Options of Elasticsearch that stand beside the field and not below it. */
function isOptionOf(key: string): boolean {
  return key === "boost" || key === "_name";
}

function checkOptions(name: ClauseName, body: Record<string, unknown>): void {
  const known: readonly string[] = supportedClauses[name].options;
  for (const key of Object.keys(body)) if (!known.includes(key)) throw unsupported(`[${key}] in [${name}]`);
}

function scalar(name: ClauseName, value: unknown): Scalar {
  if (isScalar(value)) return value;
  throw invalid(`[${name}] needs a string, a number or a boolean`, "illegal_argument_exception");
}

function text(name: ClauseName, value: unknown): string {
  if (typeof value === "string") return value;
  throw invalid(`[${name}] needs a string`, "illegal_argument_exception");
}

function list(name: ClauseName, value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw invalid(`[${name}] needs an array of values`);
}
