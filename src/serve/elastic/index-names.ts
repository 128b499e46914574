import { resolveDateMath } from "../../events/index-date-math.ts";
import { illegalArgument, indexNotFound, refusal } from "../../events/refusal.ts";
import { wildcard } from "../../lib/wildcard.ts";
import type { Parameters } from "./parameters.ts";
import type { IndexView } from "./search-backend.ts";

/** How names that are not there, and wildcards, are taken. */
export type IndicesOptions = {
  ignoreUnavailable: boolean;
  allowNoIndices: boolean;
  /** Of `open`, `closed` and `hidden`; nothing here is ever closed. */
  expand: ReadonlySet<string>;
};

export const INDICES_PARAMETERS: readonly string[] = [
  "ignore_unavailable",
  "allow_no_indices",
  "expand_wildcards",
  "ignore_throttled",
];

const EXPANSIONS = ["open", "closed", "hidden", "none", "all"];

export function indicesOptionsOf(parameters: Parameters): IndicesOptions {
  return {
    ignoreUnavailable: flagOf(parameters, "ignore_unavailable") ?? false,
    allowNoIndices: flagOf(parameters, "allow_no_indices") ?? true,
    expand: readExpansions(parameters.list("expand_wildcards") ?? ["open"]),
  };
}

function flagOf(parameters: Parameters, name: string): boolean | undefined {
  try {
    return parameters.flag(name);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw illegalArgument(`Could not convert [${name}] to boolean`, { type: "illegal_argument_exception", reason });
  }
}

export function readExpansions(words: readonly string[]): ReadonlySet<string> {
  const expand = new Set<string>();
  for (const word of words) {
    if (!EXPANSIONS.includes(word)) throw illegalArgument(`No valid expand wildcard value [${word}]`);
    if (word === "none") expand.clear();
    else if (word === "all") for (const each of ["open", "closed", "hidden"]) expand.add(each);
    else expand.add(word);
  }
  return expand;
}

/** Aliases by name, with the indices that each stands for. */
export type Aliases = ReadonlyMap<string, readonly string[]>;

const MAX_LENGTH = 65_536;

/**
 * The indices that an expression such as `logs-*,-logs-debug-*,<metrics-{now/d}>` stands for, in the order of their
 * names. Throws Elasticsearch's 404 for what is not there, unless the options allow it.
 */
export function resolveIndices(input: {
  expression: string | undefined;
  views: readonly IndexView[];
  aliases: Aliases;
  options: IndicesOptions;
  nowMs: number;
}): readonly string[] {
  const { expression = "_all", views, aliases, options, nowMs } = input;
  if (expression.length > MAX_LENGTH) throw illegalArgument("the index expression is too long");
  const names = new Set(views.map(({ name }) => name));
  const found = new Set<string>();
  let hasWildcard = false;
  for (const raw of partsOf(expression)) {
    const isExclusion = hasWildcard && raw.startsWith("-");
    const part = resolveDateMath(isExclusion ? raw.slice(1) : raw, nowMs);
    if (part.includes(":")) throw noRemoteCluster(part);
    const isWildcard = part.includes("*") || part === "_all" || part === "";
    hasWildcard ||= isWildcard;
    const matching = isWildcard ? expanded({ part, views, aliases, options }) : named(part, names, aliases);
    if (isExclusion) {
      for (const name of matching) found.delete(name);
      continue;
    }
    const isMissing = matching.length === 0 && (isWildcard ? !options.allowNoIndices : !options.ignoreUnavailable);
    if (isMissing) throw indexNotFound(part === "" ? "_all" : part);
    for (const name of matching) found.add(name);
  }
  if (found.size === 0 && !options.allowNoIndices) throw indexNotFound(expression);
  return [...found].sort();
}

/** Commas within the braces of date math divide nothing. */
function partsOf(expression: string): readonly string[] {
  return (expression.match(/<[^>]*>|[^,]+/g) ?? [""]).map((part) => part.trim());
}

function named(part: string, names: ReadonlySet<string>, aliases: Aliases): readonly string[] {
  return names.has(part) ? [part] : (aliases.get(part) ?? []).filter((name) => names.has(name));
}

function expanded(input: {
  part: string;
  views: readonly IndexView[];
  aliases: Aliases;
  options: IndicesOptions;
}): readonly string[] {
  const { part, views, aliases, options } = input;
  if (!options.expand.has("open") && !options.expand.has("hidden")) return [];
  const matches = wildcard(part === "_all" || part === "" ? "*" : part);
  const showsHidden = options.expand.has("hidden") || part.startsWith(".");
  const names = new Set(views.map(({ name }) => name));
  const own = views
    .filter(({ name, hidden }) => matches(name) && (showsHidden || !(hidden ?? name.startsWith("."))))
    .map(({ name }) => name);
  const behind = [...aliases]
    .filter(([alias]) => matches(alias))
    .flatMap(([, targets]) => targets.filter((name) => names.has(name)));
  return [...own, ...behind];
}

function noRemoteCluster(part: string): Error {
  const cluster = part.slice(0, part.indexOf(":"));
  return refusal({
    type: "no_such_remote_cluster_exception",
    reason: `no such remote cluster: [${cluster}]`,
    status: 404,
  });
}
