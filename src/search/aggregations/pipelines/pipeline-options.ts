import { isObject } from "../../json-shape.ts";
import type { Options } from "../../queries/clause.ts";
import { invalid } from "../../search-fault.ts";
import type { KindContext } from "../kind.ts";
import { type NumberText, numberText } from "../number-format.ts";
import type { GapPolicy } from "./paths.ts";

export const HISTOGRAMS: readonly string[] = ["histogram", "date_histogram", "auto_date_histogram"];

/** What every pipeline of one path takes. */
export function onePath({ type, name }: KindContext, options: Options): string {
  const given = options.list("buckets_path") ?? [];
  const [path] = given;
  if (path === undefined) {
    throw invalid(`Missing required field [buckets_path] for ${type} aggregation [${name}]`);
  }
  if (given.length === 1 && typeof path === "string" && path !== "") return path;
  throw invalid(
    `Required one of fields [buckets_path], a single path, but none was specified. [${type}] aggregation [${name}]`,
    "illegal_argument_exception",
  );
}

/** Paths by the names of a script's parameters. */
export function namedPaths(context: KindContext, options: Options): Map<string, string> {
  const given = options.raw("buckets_path");
  if (isObject(given)) {
    return new Map(
      Object.entries(given).map(([name, path]) => {
        if (typeof path === "string") return [name, path];
        throw invalid(`[${context.type}] [buckets_path] holds paths by name`, "illegal_argument_exception");
      }),
    );
  }
  if (Array.isArray(given)) return new Map(given.map((path: unknown, i) => [`_value${i}`, String(path)]));
  return new Map([["_value", onePath(context, options)]]);
}

const POLICIES: readonly string[] = ["skip", "insert_zeros", "keep_values"] satisfies GapPolicy[];

export function gapPolicy(options: Options): GapPolicy {
  const policy = options.text("gap_policy")?.toLowerCase() ?? "skip";
  if (POLICIES.includes(policy)) return policy as GapPolicy;
  throw invalid(`Invalid gap policy: [${policy}], accepted values: [insert_zeros, skip, keep_values]`);
}

export function formatOption(options: Options): NumberText {
  const format = options.text("format");
  return format === undefined ? undefined : numberText(undefined, format);
}
