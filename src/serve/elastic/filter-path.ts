import type { Json } from "../../events/document.ts";
import { wildcard } from "../../lib/wildcard.ts";

/** Keeps what the client asked for; undefined when nothing of the value is left. */
export type PathFilter = (value: Json) => Json | undefined;

/**
 * The part of a path from one of its names on. Each is made once, so that a set of them cannot grow with the depth of a
 * value. `deep` is a `**`, which goes on as `names` once it has found its first name.
 */
type Pattern =
  | { kind: "name"; matches: (name: string) => boolean; next: Pattern | undefined }
  | { kind: "deep"; begun: Pattern; next: Pattern | undefined }
  | { kind: "names"; next: Pattern | undefined };

const MAX_LENGTH = 8_192;
const MAX_PATTERNS = 256;

/**
 * Elasticsearch's `filter_path`: comma-separated paths, `*` within a name, `**` for one name or more, `-` before what is
 * to be left out; arrays are passed through, and what holds nothing that was asked for is left out. Undefined for an
 * empty one.
 */
export function parseFilterPath(text: string | undefined): PathFilter | undefined {
  const paths = (text ?? "")
    .slice(0, MAX_LENGTH)
    .split(",")
    .map((path) => path.trim())
    .filter((path) => path !== "")
    .slice(0, MAX_PATTERNS);
  const includes = paths.filter((path) => !path.startsWith("-")).map(parsePath);
  const excludes = paths.filter((path) => path.startsWith("-")).map((path) => parsePath(path.slice(1)));
  if (includes.length === 0 && excludes.length === 0) return undefined;
  return (value) => {
    const included = includes.length === 0 ? value : include(value, includes);
    return included === undefined || excludes.length === 0 ? included : exclude(included, excludes);
  };
}

function parsePath(path: string): Pattern {
  // A dot behind a backslash belongs to the name.
  const [first = "", ...rest] = path.split(/(?<!\\)\./);
  const next = rest.reduceRight<Pattern | undefined>((behind, part) => patternOf(part, behind), undefined);
  return patternOf(first, next);
}

function patternOf(part: string, next: Pattern | undefined): Pattern {
  if (part === "**") return { kind: "deep", begun: { kind: "names", next }, next };
  return { kind: "name", matches: wildcard(part.replaceAll("\\.", ".")), next };
}

/** What is left of the patterns below a field of this name; `whole` when one of them ends with it. */
function step(patterns: Iterable<Pattern>, name: string): { whole: boolean; below: ReadonlySet<Pattern> } {
  const below = new Set<Pattern>();
  let whole = false;
  const go = (pattern: Pattern): void => {
    if (pattern.kind === "name" && !pattern.matches(name)) return;
    if (pattern.kind === "names") {
      below.add(pattern);
      // Behind the first name that `**` stands for comes another one, or what follows it.
      if (pattern.next !== undefined) go(pattern.next);
      return;
    }
    whole ||= pattern.next === undefined;
    if (pattern.kind === "deep") below.add(pattern.begun);
    else if (pattern.next !== undefined) below.add(pattern.next);
  };
  for (const pattern of patterns) go(pattern);
  return { whole, below };
}

function include(value: Json, patterns: Iterable<Pattern>): Json | undefined {
  if (Array.isArray(value)) {
    const kept = value.flatMap((element: Json) => {
      const inner = include(element, patterns);
      return inner === undefined ? [] : [inner];
    });
    return kept.length === 0 ? undefined : kept;
  }
  if (!isObject(value)) return undefined;
  const kept = Object.entries(value).flatMap(([name, field]): [string, Json][] => {
    const { whole, below } = step(patterns, name);
    if (whole) return [[name, field]];
    const inner = below.size === 0 ? undefined : include(field, below);
    return inner === undefined ? [] : [[name, inner]];
  });
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

function exclude(value: Json, patterns: Iterable<Pattern>): Json | undefined {
  if (Array.isArray(value)) {
    const kept = value.flatMap((element: Json) => {
      const inner = exclude(element, patterns);
      return inner === undefined ? [] : [inner];
    });
    return kept.length === 0 ? undefined : kept;
  }
  if (!isObject(value)) return value;
  const kept = Object.entries(value).flatMap(([name, field]): [string, Json][] => {
    const { whole, below } = step(patterns, name);
    if (whole) return [];
    const inner = below.size === 0 ? field : exclude(field, below);
    return inner === undefined ? [] : [[name, inner]];
  });
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
