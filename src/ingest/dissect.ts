import { Fault } from "../lib/fault.ts";
import { quoted } from "./document/json.ts";
import { documentFault } from "./ingest-fault.ts";

export type Dissect = {
  /** Field and value of each key, appended ones joined. Fails the document when the text does not match. */
  match(text: string): [field: string, value: string][];
};

type Key = {
  name: string;
  /** `keep` a field, `skip` it, `append` to it, `label` or `value` of a pair whose label is in the text. */
  kind: "keep" | "skip" | "append" | "label" | "value";
  order: number;
  /** `->`: the delimiter after it may repeat. */
  padded: boolean;
  delimiter: string;
};

const KEY = /%\{([^}]*)\}/g;
const KINDS: Readonly<Record<string, Key["kind"]>> = { "+": "append", "?": "skip", "*": "label", "&": "value" };

/**
 * Compiles a pattern of Elasticsearch's dissect processor: `%{key}`, `%{}` and `%{?key}` (skipped), `%{+key}` and
 * `%{+key/2}` (appended, in that order), `%{key->}` (repeated delimiters), `%{*pair}` with `%{&pair}` (the name stands
 * in the text). No regular expressions: the time is the text's length. Throws `dissect_invalid`.
 */
export function compileDissect(options: { pattern: string; appendSeparator?: string }): Dissect {
  const { pattern, appendSeparator = "" } = options;
  const matches = [...pattern.matchAll(KEY)];
  const [first] = matches;
  if (first === undefined) throw invalid(pattern, "has no keys");
  const prefix = pattern.slice(0, first.index);
  const keys = matches.map((match, index): Key => {
    const end = match.index + match[0].length;
    const delimiter = pattern.slice(end, matches[index + 1]?.index);
    if (delimiter === "" && index < matches.length - 1) throw invalid(pattern, "has keys without a delimiter between");
    return { ...readKey(match[1] ?? "", pattern), delimiter };
  });
  checkPairs(keys, pattern);

  return {
    match(text) {
      const parts = text.startsWith(prefix) ? cut({ text, from: prefix.length, keys }) : undefined;
      if (parts === undefined)
        throw documentFault(
          `Unable to find match for dissect pattern: ${pattern} against source: ${quoted(text)}`,
          "find_match",
        );
      return collected({ keys, parts, appendSeparator });
    },
  };
}

function readKey(text: string, pattern: string): Omit<Key, "delimiter"> {
  const padded = text.endsWith("->");
  const body = padded ? text.slice(0, -2) : text;
  const kind = KINDS[body.charAt(0)];
  const match = /^(.*?)(?:\/(\d+))?$/s.exec(kind === undefined ? body : body.slice(1));
  const name = match?.[1] ?? "";
  if (match?.[2] !== undefined && kind !== "append") throw invalid(pattern, `has an order without + in [${text}]`);
  if (name === "" && kind !== undefined && kind !== "skip")
    throw invalid(pattern, `has a key without a name [${text}]`);
  return { name, kind: kind ?? (name === "" ? "skip" : "keep"), order: Number(match?.[2] ?? 0), padded };
}

function checkPairs(keys: readonly Key[], pattern: string): void {
  const labels = keys.filter(({ kind }) => kind === "label").map(({ name }) => name);
  const values = keys.filter(({ kind }) => kind === "value").map(({ name }) => name);
  if (labels.toSorted().join() !== values.toSorted().join())
    throw invalid(pattern, "must have as many * as & of one name");
}

/** The text of each key; undefined when a delimiter is missing. */
function cut(options: { text: string; from: number; keys: readonly Key[] }): string[] | undefined {
  const { text, keys } = options;
  const parts: string[] = [];
  let from = options.from;
  for (const { delimiter, padded } of keys) {
    if (delimiter === "") {
      parts.push(text.slice(from));
      return parts;
    }
    const end = text.indexOf(delimiter, from);
    if (end < 0) return undefined;
    parts.push(text.slice(from, end));
    from = end + delimiter.length;
    if (padded) while (text.startsWith(delimiter, from)) from += delimiter.length;
  }
  return parts;
}

function collected(options: {
  keys: readonly Key[];
  parts: readonly string[];
  appendSeparator: string;
}): [string, string][] {
  const { keys, parts, appendSeparator } = options;
  const plain = new Map<string, { order: number; text: string }[]>();
  const labels = new Map<string, string>();
  const values = new Map<string, string>();
  keys.forEach(({ kind, name, order }, index) => {
    const text = parts[index] ?? "";
    if (kind === "label") labels.set(name, text);
    else if (kind === "value") values.set(name, text);
    else if (kind !== "skip") plain.set(name, [...(kind === "append" ? (plain.get(name) ?? []) : []), { order, text }]);
  });
  return [
    ...[...plain].map(([name, pieces]): [string, string] => [
      name,
      pieces
        .toSorted((a, b) => a.order - b.order)
        .map(({ text }) => text)
        .join(appendSeparator),
    ]),
    ...[...labels].map(([name, label]): [string, string] => [label, values.get(name) ?? ""]),
  ];
}

function invalid(pattern: string, why: string): Fault {
  return new Fault("dissect_invalid", `Unable to parse pattern: ${pattern}: it ${why}`);
}
