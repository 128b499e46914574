import type { Json } from "../../events/document.ts";
import type { Panel } from "../../panels/panel.ts";

type Tree = { readonly [part: string]: Json };
type Aggregations = ReadonlyMap<string, Tree>;

/**
 * Why a path of a panel leads elsewhere in Vega's expressions than on our pages, which find keys with dots in them, the
 * names of a list's elements and buckets by name; undefined where all are the same.
 */
export function unsayablePath({ view, request }: Pick<Panel, "view" | "request">): string | undefined {
  const aggregations: Aggregations = new Map(aggregationsIn(request.body as Tree));
  const ofAnswer = view.kind === "metric" ? [view.value, ...(view.of === undefined ? [] : [view.of])] : [view.property];
  if (view.kind !== "metric") {
    const [name = "", ...rest] = view.property.split(".").slice(-2);
    if (rest[0] === "buckets" && isKeyed(aggregations.get(name)))
      return `the rows at ${view.property} are buckets by name, and Vega takes lists alone`;
  }
  const ofRows = view.kind === "table" ? view.columns.map(({ path }) => path) : [];
  for (const path of [...ofAnswer, ...ofRows]) {
    const reason = breach(path, aggregations);
    if (reason !== undefined) return `${reason} at ${path}, which Vega's expressions cannot say`;
  }
  return undefined;
}

function breach(path: string, aggregations: Aggregations): string | undefined {
  for (const name of aggregations.keys())
    if (name.includes(".") && `.${path}.`.includes(`.${name}.`)) return `the name ${name} has dots`;
  if (/(?:^|\.)values\.\d+\.\d+(?:\.|$)/.test(path)) return "the names of percentiles have dots";
  if (/(?:^|\.)(?:hits\.hits|top)\.(?!\d+(?:\.|$))/.test(path)) return "a list has no place named";
  for (const [, name = "", next = ""] of path.matchAll(/([^.]+)\.buckets\.([^.]+)/g)) {
    const aggregation = aggregations.get(name);
    if (aggregation === undefined) continue;
    if (!isKeyed(aggregation)) {
      if (!/^\d+$/.test(next)) return "a list has no place named";
    } else if (!isNamedWithoutDots(aggregation, next)) return `the bucket ${next} may have dots in its name`;
  }
  return undefined;
}

/** Whether an aggregation answers its buckets by name, not as a list. */
function isKeyed(aggregation: Tree | undefined): boolean {
  const { keyed, filters } = optionsOf(aggregation);
  if (keyed !== undefined) return keyed === true;
  return typeof filters === "object" && filters !== null && !Array.isArray(filters);
}

/** A filter has the name that it was given; the name of a range is made of its bounds. */
function isNamedWithoutDots(aggregation: Tree, name: string): boolean {
  const { filters, ranges } = optionsOf(aggregation);
  const given = Array.isArray(ranges) ? ranges.map((range) => (range as Tree)["key"]) : Object.keys(filters ?? {});
  return given.includes(name) || name === "_other_";
}

function optionsOf(aggregation: Tree | undefined): Tree {
  const kind = Object.keys(aggregation ?? {}).find((name) => !["aggs", "aggregations", "meta"].includes(name));
  return (kind === undefined ? {} : aggregation?.[kind]) as Tree;
}

function aggregationsIn(body: Tree): [string, Tree][] {
  const inner = (body["aggs"] ?? body["aggregations"] ?? {}) as Tree;
  return Object.entries(inner).flatMap(([name, one]): [string, Tree][] => [
    [name, one as Tree],
    ...aggregationsIn(one as Tree),
  ]);
}
