/** A value bound to a statement: bigints are 64-bit integers, numbers are doubles. */
export type SqlValue = string | number | bigint | boolean;

export type SqlValues = {
  /** Remembers a value and gives the place-holder for it. */
  bind(value: SqlValue): string;
  list(): SqlValue[];
};

export function createSqlValues(): SqlValues {
  const values: SqlValue[] = [];
  return {
    bind(value) {
      values.push(value);
      return `$${values.length}`;
    },
    list: () => values,
  };
}

/** A statement with the values of its places `$1`, `$2`… */
export type Statement = { sql: string; values: SqlValue[] };
