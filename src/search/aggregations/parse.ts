import { isObject } from "../json-shape.ts";
import { unsupported } from "../search-fault.ts";

export type Aggregation = { name: string };

export function parseAggregations(value: unknown): Aggregation[] {
  if (value === undefined) return [];
  const [first] = isObject(value) ? Object.values(value) : [];
  throw unsupported(`aggregation [${isObject(first) ? Object.keys(first)[0] : ""}]`);
}
