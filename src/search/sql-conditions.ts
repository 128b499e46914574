/** The condition that all of the given ones hold. */
export function all(conditions: readonly string[]): string {
  return conditions.length === 0 ? "TRUE" : `(${conditions.join(" AND ")})`;
}

export function any(conditions: readonly string[]): string {
  return conditions.length === 0 ? "FALSE" : `(${conditions.join(" OR ")})`;
}

/** The condition that so many of the given ones hold. NULL where one of those that are counted is. */
export function atLeast(needed: number, conditions: readonly string[]): string {
  if (needed >= conditions.length) return all(conditions);
  if (needed <= 1) return any(conditions);
  return `(${conditions.map((condition) => `CAST(${condition} AS INTEGER)`).join(" + ")}) >= ${needed}`;
}

/** A list matches when one of its elements does. To look for equal elements `list_has_any` is much cheaper. */
export function onElements(field: { sql: string; list: boolean }, condition: (sql: string) => string): string {
  return field.list ? `len(list_filter(${field.sql}, lambda item: ${condition("item")})) > 0` : condition(field.sql);
}
