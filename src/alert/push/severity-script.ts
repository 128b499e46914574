import { SEVERITIES, type Severity } from "../../events/alert-records.ts";
import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { isJsonObject } from "../../events/json-object.ts";

type Grade = { severity: Severity; when: Json };

/** `metadata.alert.severity`, which was read before: the first grade whose condition is met, else `info`. */
function gradesOf(severity: Json | undefined): readonly Grade[] {
  if (!Array.isArray(severity)) return [{ severity: (severity ?? "warning") as Severity, when: { always: {} } }];
  return severity.map((grade: JsonObject) => ({
    severity: grade["severity"] as Severity,
    when: grade["when"] ?? { always: {} },
  }));
}

/** The severities that an alert can have, the least first. */
export function possibleSeverities(severity: Json | undefined): readonly Severity[] {
  const grades = gradesOf(severity);
  const found = new Set<Severity>(grades.map((grade) => grade.severity));
  const isCertain = grades.some(({ when }) => isJsonObject(when) && when["always"] !== undefined);
  if (!isCertain) found.add("info");
  return SEVERITIES.filter((one) => found.has(one));
}

/**
 * The severity as an expression of Painless over `base`, which stands where conditions say `ctx.payload`; undefined where
 * a condition cannot be said so.
 */
export function severityExpression(severity: Json | undefined, base: string): string | undefined {
  let expression = "'info'";
  for (const { severity: word, when } of gradesOf(severity).toReversed()) {
    const condition = conditionExpression(when, base);
    if (condition === undefined) return undefined;
    if (condition === "true") expression = `'${word}'`;
    else if (condition !== "false") expression = `${condition} ? '${word}' : ${expression}`;
  }
  return expression;
}

const OPERATORS: Readonly<Record<string, string>> = {
  eq: "==",
  not_eq: "!=",
  gt: ">",
  gte: ">=",
  lt: "<",
  lte: "<=",
};

function conditionExpression(when: Json, base: string): string | undefined {
  if (!isJsonObject(when)) return undefined;
  const [[kind, body] = ["", null]] = Object.entries(when);
  if (kind === "always") return "true";
  if (kind === "never") return "false";
  return kind === "compare" && isJsonObject(body) ? compareExpression(body, base) : undefined;
}

function compareExpression(body: JsonObject, base: string): string | undefined {
  const [[path, compared] = ["", null]] = Object.entries(body);
  if (!path.startsWith("ctx.payload.") || !isJsonObject(compared)) return undefined;
  const [[operator, value] = ["", null]] = Object.entries(compared);
  const sign = OPERATORS[operator];
  const literal = literalOf(value);
  if (sign === undefined || literal === undefined) return undefined;
  const keys = path.slice("ctx.payload.".length).split(".");
  if (!keys.every((key) => /^[A-Za-z_]\w*$/.test(key))) return undefined;
  const place = `${base}${keys.map((key, at) => `${at === 0 ? "." : "?."}${key}`).join("")}`;
  // What is missing is neither more nor less.
  return sign === "==" || sign === "!="
    ? `${place} ${sign} ${literal}`
    : `(${place} != null && ${place} ${sign} ${literal})`;
}

/** Moments and templates are no constants. */
function literalOf(value: Json): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string" || /[<{'\\]/.test(value)) return undefined;
  return `'${value}'`;
}
