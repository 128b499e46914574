import { any } from "../../sql-conditions.ts";
import type { Level } from "../aggregation.ts";
import type { Relation, ValueColumn } from "../columns.ts";

/**
 * The documents of a level with one more column, the key that `keySql` makes of each value. A document stands once for
 * each different key of its values, and not at all without one.
 */
export function withKey(options: {
  level: Level;
  column: Pick<ValueColumn, "sql" | "list">;
  name: string;
  keySql(value: string): string;
  /** Which keys are wanted. */
  where?: string;
}): Relation {
  const { level, column, name, keySql, where } = options;
  return (values) => {
    const from = level.relation(values);
    const keys = column.list ? `unnest(${distinctKeys(column.sql, keySql)})` : keySql(column.sql);
    const condition = [`${name} IS NOT NULL`, ...(where === undefined ? [] : [where])];
    const keyed = `SELECT *, ${keys} AS ${name} FROM (${from})`;
    return `SELECT * FROM (${keyed}) WHERE ${condition.join(" AND ")}`;
  };
}

/** Of one value there is nothing to tell apart, which is the usual case and much cheaper. */
function distinctKeys(list: string, keySql: (value: string) => string): string {
  const same = keySql("value") === "value";
  const keys = same ? list : `list_transform(${list}, lambda value: ${keySql("value")})`;
  return `CASE WHEN len(${list}) <= 1 THEN ${keys} ELSE list_distinct(${keys}) END`;
}

/**
 * The documents of a level with the number of each condition that holds, as one more column. Each document is put beside
 * each number; those where no condition holds are left out before, unless the rest is wanted, too.
 */
export function withPlaces(options: {
  level: Level;
  name: string;
  conditions: readonly string[];
  other?: boolean;
}): Relation {
  const { level, name, other = false } = options;
  const conditions = options.conditions.map((condition) => `coalesce(${condition}, FALSE)`);
  const places = [...conditions, ...(other ? [`NOT ${any(conditions)}`] : [])];
  const holds = places.map((condition, place) => `WHEN ${place} THEN ${condition}`).join(" ");
  return (values) => {
    const from = `SELECT * FROM (${level.relation(values)})${other ? "" : ` WHERE ${any(conditions)}`}`;
    const numbers = `SELECT unnest([${[...places.keys()].join(", ")}]::BIGINT[]) AS ${name}`;
    return `SELECT * FROM (${from}) CROSS JOIN (${numbers}) WHERE CASE ${name} ${holds} END`;
  };
}
