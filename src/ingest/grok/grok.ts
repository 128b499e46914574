import { Fault } from "../../lib/fault.ts";
import type { JsonValue } from "../document/json.ts";
import { documentFault } from "../ingest-fault.ts";
import type { Allowance } from "../regex/match.ts";
import { compileRegex, groupText, type RegexMatch } from "../regex/regex.ts";
import { standardPatterns } from "./bank/bank.ts";

const TYPES = ["int", "long", "float", "double", "boolean"] as const;
type CaptureType = (typeof TYPES)[number];

/** A field that a pattern fills, and the groups that may hold it; the first that took part gives the value. */
type Capture = { field: string; type: CaptureType | undefined; groups: number[] };

export type Grok = {
  /** Field and value of each part that took part; undefined when the text does not match. */
  match(text: string, allowance: Allowance): [field: string, value: JsonValue][] | undefined;
};

/** `%{NAME}`, `%{NAME:field}`, `%{NAME:field:type}` */
const REFERENCE = /%\{([A-Za-z0-9_-]+)(?::([\w@.[\]-]+)(?::(\w+))?)?\}/g;
/** What the references of one pattern may become. */
const MAX_EXPANDED = 65_536;

/**
 * Compiles one grok pattern. Grok's regular expressions have Ruby's syntax. Throws `regex_invalid` for a pattern or a
 * type that does not exist, for circles, and for a bad regular expression.
 */
export function compileGrok(options: { pattern: string; definitions?: Readonly<Record<string, string>> }): Grok {
  const { pattern, definitions = {} } = options;
  const captures: (Capture & { group: string })[] = [];
  let expandedLength = 0;

  const expand = (text: string, within: readonly string[]): string =>
    text.replace(REFERENCE, (_, name: string, field: string | undefined, type: string | undefined) => {
      if (within.includes(name))
        throw invalid(`circular reference detected: ${[...within.slice(within.indexOf(name)), name].join("->")}`);
      const definition = definitionOf(name);
      if (definition === undefined) throw invalid(`Unable to find pattern [${name}] in Grok's pattern dictionary`);
      const inner = expand(definition, [...within, name]);
      expandedLength += inner.length;
      if (expandedLength > MAX_EXPANDED) throw invalid(`the pattern [${pattern.slice(0, 100)}] becomes too long`);
      if (field === undefined) return `(?:${inner})`;
      const group = `field_${captures.length}_`;
      captures.push({ group, field: fieldPathOf(field), type: typeOf(type), groups: [] });
      return `(?<${group}>${inner})`;
    });
  const definitionOf = (name: string): string | undefined => {
    if (Object.hasOwn(definitions, name)) return definitions[name];
    return Object.hasOwn(standardPatterns, name) ? standardPatterns[name] : undefined;
  };

  const regex = compileRegex({ source: expand(pattern, []), dialect: "ruby" });
  const byField = new Map<string, Capture>();
  for (const [group, groups] of regex.names) {
    const { field, type } = captures.find((capture) => capture.group === group) ?? {
      field: fieldPathOf(group),
      type: undefined,
    };
    const key = `${field}:${type}`;
    const known = byField.get(key);
    if (known === undefined) byField.set(key, { field, type, groups: [...groups] });
    else known.groups.push(...groups);
  }
  const found = [...byField.values()].map((capture) => ({
    ...capture,
    groups: capture.groups.toSorted((a, b) => a - b),
  }));

  return {
    match(text, allowance) {
      const match = regex.exec(text, { allowance });
      if (match === undefined) return undefined;
      const values: [string, JsonValue][] = [];
      for (const { field, type, groups } of found) {
        const value = firstText(match, groups, text);
        if (value !== undefined) values.push([field, typed(value, type)]);
      }
      return values;
    },
  };
}

function firstText(match: RegexMatch, groups: readonly number[], text: string): string | undefined {
  for (const group of groups) {
    const value = groupText(match, group, text);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Logstash's way of naming nested fields, `[a][b]`, is `a.b` here. */
function fieldPathOf(name: string): string {
  return name.startsWith("[") ? name.replace(/^\[|\]$/g, "").replaceAll("][", ".") : name;
}

function typeOf(name: string | undefined): CaptureType | undefined {
  if (name === undefined) return undefined;
  const type = TYPES.find((known) => known === name);
  if (type === undefined) throw invalid(`[${name}] is no type of grok: ${TYPES.join(", ")}`);
  return type;
}

function typed(text: string, type: CaptureType | undefined): JsonValue {
  switch (type) {
    case undefined:
      return text;
    case "boolean":
      return text.toLowerCase() === "true";
    case "int":
    case "long":
      if (!/^[-+]?\d+$/.test(text)) throw documentFault(`For input string: "${text}"`, "number_format_exception");
      // Integers that numbers cannot hold stay as they are written.
      return Number.isSafeInteger(Number(text)) ? Number(text) : text;
    default: {
      const value = Number(text);
      if (text.trim() === "" || !Number.isFinite(value))
        throw documentFault(`For input string: "${text}"`, "number_format_exception");
      return value;
    }
  }
}

function invalid(reason: string): Fault {
  return new Fault("regex_invalid", reason);
}
