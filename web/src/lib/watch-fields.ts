import type { JsonPath } from "./json-spans.ts";

/** JSON as it was read. */
export type JsonValue = unknown;

type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function valueAtPath(value: JsonValue, path: JsonPath): JsonValue {
  return path.reduce<unknown>(
    (at, part) =>
      typeof at === "object" && at !== null && Object.hasOwn(at, part)
        ? (at as Record<string | number, unknown>)[part]
        : undefined,
    value,
  );
}

/** The value with another one at a path, whose objects are made where they are missing; undefined takes it away. */
export function withValueAt(value: JsonValue, path: JsonPath, next: JsonValue): JsonValue {
  const [part, ...rest] = path;
  if (part === undefined) return next;
  if (typeof part === "number") {
    const list = Array.isArray(value) ? value : [];
    if (rest.length === 0 && next === undefined) return list.filter((_, index) => index !== part);
    return list.with(part, withValueAt(list[part], rest, next));
  }
  const { [part]: before, ...others } = isRecord(value) ? value : {};
  if (rest.length === 0 && next === undefined) return others;
  const changed = withValueAt(before, rest, next);
  return isRecord(value) && Object.hasOwn(value, part) ? { ...value, [part]: changed } : { ...others, [part]: changed };
}

/** A number, a word or a switch of a watch that its conditions compare with. */
export type Threshold = {
  path: JsonPath;
  /** What is compared: `hits.total is more than`. */
  label: string;
  value: number | string | boolean;
};

const OPERATORS: Readonly<Record<string, string>> = {
  eq: "is",
  not_eq: "is not",
  gt: "is more than",
  gte: "is at least",
  lt: "is less than",
  lte: "is at most",
};

function operatorWords(operator: string): string {
  return OPERATORS[operator.toLowerCase()] ?? operator;
}

/** `ctx.payload.hits.total` as people say it. */
function fieldWords(path: string): string {
  return path.replace(/^ctx\.(?:payload\.|vars\.)?/, "");
}

/** What a condition compares with, wherever it stands; of a script its parameters. */
export function thresholdsOf(condition: JsonValue, at: JsonPath): Threshold[] {
  if (!isRecord(condition)) return [];
  return Object.entries(condition).flatMap(([kind, body]) => {
    const path = [...at, kind];
    if (kind === "compare") return comparisons(body, path);
    if (kind === "array_compare") return arrayComparisons(body, path);
    return kind === "script" ? scalarsOf(valueAtPath(body, ["params"]), [...path, "params"]) : [];
  });
}

function comparisons(body: JsonValue, at: JsonPath): Threshold[] {
  return entries(body).flatMap(([field, test]) =>
    entries(test).flatMap(([operator, value]) =>
      isThreshold(value)
        ? [{ path: [...at, field, operator], label: `${fieldWords(field)} ${operatorWords(operator)}`, value }]
        : [],
    ),
  );
}

function arrayComparisons(body: JsonValue, at: JsonPath): Threshold[] {
  return entries(body).flatMap(([list, test]) => {
    const element = valueAtPath(test, ["path"]);
    const of = typeof element === "string" && element !== "" ? `${element} in ${fieldWords(list)}` : fieldWords(list);
    return entries(test).flatMap(([operator, asked]) => {
      const value = valueAtPath(asked, ["value"]);
      const quantifier = valueAtPath(asked, ["quantifier"]) ?? "some";
      return isThreshold(value)
        ? [{ path: [...at, list, operator, "value"], label: `${quantifier} ${of} ${operatorWords(operator)}`, value }]
        : [];
    });
  });
}

/** Numbers and switches of the metadata, which conditions read; its texts say of the rule what it is. */
export function parametersOf(watch: JsonValue): Threshold[] {
  return entries(valueAtPath(watch, ["metadata"])).flatMap(([key, value]) =>
    key === "alert" ? [] : scalarsIn(value, ["metadata", key]).filter((one) => typeof one.value !== "string"),
  );
}

/** Limits of the ranges that a search filters by; of time it needs none. */
export function rangeLimitsOf(input: JsonValue, at: JsonPath): Threshold[] {
  if (Array.isArray(input)) return input.flatMap((item, index) => rangeLimitsOf(item, [...at, index]));
  return entries(input).flatMap(([key, body]) => {
    const path = [...at, key];
    if (key !== "range") return rangeLimitsOf(body, path);
    return entries(body).flatMap(([field, limits]) =>
      entries(limits).flatMap(([operator, value]) =>
        typeof value === "number"
          ? [{ path: [...path, field, operator], label: `${field} ${operatorWords(operator)}`, value }]
          : [],
      ),
    );
  });
}

const MOST_DEEP = 3;

function scalarsOf(value: JsonValue, at: JsonPath): Threshold[] {
  return entries(value).flatMap(([key, inner]) => scalarsIn(inner, [...at, key]));
}

function scalarsIn(value: JsonValue, at: JsonPath, deep = 0): Threshold[] {
  if (isThreshold(value)) return [{ path: at, label: at.slice(at.length - 1 - deep).join(" "), value }];
  if (deep >= MOST_DEEP || !isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => scalarsIn(inner, [...at, key], deep + 1));
}

/** Text that is a template or date math is no threshold: it is written in JSON. */
function isThreshold(value: unknown): value is Threshold["value"] {
  return (
    typeof value === "number" || typeof value === "boolean" || (typeof value === "string" && !/[{}<>]/.test(value))
  );
}

function entries(value: JsonValue): [string, unknown][] {
  return isRecord(value) ? Object.entries(value) : [];
}

/** What was written into the field of a threshold, as its value is: a number stays one. */
export function readThreshold(before: Threshold["value"], text: string): Threshold["value"] | undefined {
  if (typeof before === "boolean") return text === "true";
  if (typeof before === "string") return text;
  const number = Number(text.trim().replace(",", "."));
  return text.trim() === "" || !Number.isFinite(number) ? undefined : number;
}

/** A condition in words; a script as it stands. */
export function conditionWords(condition: JsonValue): string {
  if (!isRecord(condition)) return "always";
  const [[kind, body] = ["always", undefined]] = Object.entries(condition);
  if (kind === "compare") {
    return entries(body)
      .flatMap(([field, test]) =>
        entries(test).map(([operator, value]) => `${fieldWords(field)} ${operatorWords(operator)} ${textOf(value)}`),
      )
      .join(" and ");
  }
  if (kind === "array_compare") {
    const [[list, test] = ["", undefined]] = entries(body);
    const element = valueAtPath(test, ["path"]);
    const [operator, asked] = entries(test).find(([key]) => key !== "path") ?? [];
    if (operator === undefined) return "array_compare";
    const of = typeof element === "string" && element !== "" ? `${element} of ` : "";
    return `${valueAtPath(asked, ["quantifier"]) ?? "some"} ${of}${fieldWords(list)} ${operatorWords(operator)} ${textOf(valueAtPath(asked, ["value"]))}`;
  }
  return kind === "script" ? scriptOf(body) : kind;
}

/** The source of a script, however it is written. */
export function scriptOf(body: JsonValue): string {
  if (typeof body === "string") return body;
  const source = valueAtPath(body, ["source"]) ?? valueAtPath(body, ["inline"]);
  return typeof source === "string" ? source : "a script";
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
