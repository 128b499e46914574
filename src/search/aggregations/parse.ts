import type { Json } from "../../events/document.ts";
import { unknownAggregation } from "../elsewhere.ts";
import { isObject } from "../json-shape.ts";
import { MAX_AGGREGATION_DEPTH, MAX_AGGREGATIONS } from "../limits.ts";
import { invalid } from "../search-fault.ts";
import type { Aggregation } from "./aggregation.ts";
import { splitProperty } from "./bucket-path.ts";
import type { Kind } from "./kind.ts";
import { kinds } from "./kinds.ts";

export type { Aggregation } from "./aggregation.ts";

/** Reads the aggregations of a request; what is not supported is refused by its name. */
export function parseAggregations(value: unknown): Aggregation[] {
  let left = MAX_AGGREGATIONS;
  const level = (body: unknown, parents: readonly string[]): Aggregation[] => {
    if (body === undefined || body === null) return [];
    if (!isObject(body)) throw invalid("Found [VALUE] under [aggs]: an object of aggregations is expected");
    if (parents.length > MAX_AGGREGATION_DEPTH)
      throw invalid(`Aggregations are nested deeper than ${MAX_AGGREGATION_DEPTH} levels`);
    const found = Object.entries(body).map(([name, parts]) => {
      left -= 1;
      if (left < 0)
        throw invalid(`The request has more than ${MAX_AGGREGATIONS} aggregations`, "illegal_argument_exception");
      return one(name, parts, parents);
    });
    checkPaths(found);
    return found;
  };
  const one = (name: string, parts: unknown, parents: readonly string[]): Aggregation => {
    if (/[[\]>]/.test(name) || name === "") {
      throw invalid(`Invalid aggregation name [${name}]. Aggregation names cannot contain '[', ']', and '>'`);
    }
    if (!isObject(parts)) {
      throw invalid(`Aggregation definition for [${name}] starts with a [VALUE], expected a [START_OBJECT].`);
    }
    const { meta, aggs, aggregations, ...rest } = parts;
    const [entry, second] = Object.entries(rest);
    if (entry === undefined) throw invalid(`Missing definition for aggregation [${name}]`);
    if (second !== undefined) {
      throw invalid(`Found two aggregation type definitions in [${name}]: [${entry[0]}] and [${second[0]}]`);
    }
    if (aggs !== undefined && aggregations !== undefined) {
      throw invalid(`Found two sub aggregation definitions under [${name}]`);
    }
    const [type, options] = entry;
    const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
    if (kind === undefined) throw unknownAggregation(type);
    if (!isObject(options)) throw invalid(`Expected [START_OBJECT] under [${type}], but got a [VALUE] in [${name}]`);
    const children = level(aggs ?? aggregations, [...parents, type]);
    if (children.length > 0 && kind.family !== "bucket") {
      throw invalid(
        `Aggregator [${name}] of type [${type}] cannot accept sub-aggregations`,
        kind.family === "pipeline" ? "illegal_argument_exception" : "aggregation_initialization_exception",
      );
    }
    checkParent({ kind, name, type, parent: parents.at(-1) });
    const parsed = kind.parse(options, { name, type, children });
    return { name, children, ...(isObject(meta) ? { meta: meta as { [key: string]: Json } } : {}), ...parsed };
  };
  return level(value, []);
}

function checkParent(options: { kind: Kind; name: string; type: string; parent: string | undefined }): void {
  const { kind, name, type, parent } = options;
  if (kind.topOnly === true && parent !== undefined) {
    throw invalid(
      `Aggregation [${name}] of type [${type}] cannot be used as a sub-aggregation: it is defined at the top only`,
      "aggregation_execution_exception",
    );
  }
  const { parents, alsoTop = false } = kind;
  if (parents === undefined || (parent === undefined ? alsoTop : parents.includes(parent))) return;
  if (kind.family === "bucket") {
    throw invalid(
      `[${type}] aggregation cannot be used with a parentAggregation of type: [${parent}]`,
      "illegal_argument_exception",
    );
  }
  throw invalid(
    `Validation Failed: 1: ${type} aggregation [${name}] must have a histogram, date_histogram or auto_date_histogram as parent;`,
    "action_request_validation_exception",
  );
}

/** The first step of every path names a neighbour. */
function checkPaths(aggregations: readonly Aggregation[]): void {
  const names = new Set(["_count", "_key", ...aggregations.map(({ name }) => name)]);
  for (const aggregation of aggregations) {
    if (aggregation.family !== "pipeline") continue;
    for (const path of aggregation.pipeline.paths) {
      const [first = ""] = path.split(">");
      if (names.has(first.trim()) || names.has(splitProperty(first.trim()).name)) continue;
      throw invalid(
        `Validation Failed: 1: No aggregation found for path [${path}];`,
        "action_request_validation_exception",
      );
    }
  }
}
