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

/** The documents of a level with the number of each condition that holds, as one more column. */
export function withPlaces(options: {
  level: Level;
  name: string;
  conditions: readonly string[];
  other?: boolean;
}): Relation {
  const { level, name, conditions, other = false } = options;
  return (values) => {
    const found = `list_where([${conditions.map((_, i) => i).join(", ")}]::BIGINT[], [${conditions.map((condition) => `coalesce(${condition}, FALSE)`).join(", ")}])`;
    const kept = other ? `CASE WHEN len(${found}) = 0 THEN [${conditions.length}] ELSE ${found} END` : found;
    return `SELECT *, unnest(${kept}) AS ${name} FROM (${level.relation(values)})`;
  };
}
