import { DELAY_FIELD } from "../../events/document.ts";
import {
  leadingColumns,
  quoted,
  SEQ_COLUMN,
  type SqlColumn,
  sqlColumns,
  type TableDataset,
  TIMESTAMP_COLUMN,
} from "./tables.ts";

/**
 * Where documents differ in time and a few numbers alone, a day is held in two tables: `#rows` has what differs,
 * `#shared` all else, once for the rows that share it. A view with the day's own name puts them together, so that
 * searches see one table like any other. Of a million votes, 60 ways to say the rest were seen, and a row costs a
 * seventh of the time to append.
 */
export type SplitDataset = TableDataset & { rowFields: readonly string[] };

export function isSplit(dataset: TableDataset): dataset is SplitDataset {
  return dataset.rowFields !== undefined;
}

export const SHARED_COLUMN = "_shared";
/** The delay follows from the row's time: what is shared is the moment from which it is counted. */
const SLOT_START_COLUMN = "_slot_start_us";

const ROWS = "#rows";
const SHARED = "#shared";

export const rowsTable = (name: string): string => `${name}${ROWS}`;
export const sharedTable = (name: string): string => `${name}${SHARED}`;

/** What a table that the database lists holds of which day, by the name that searches use. */
export function readPart(table: string): { name: string; part: "whole" | "rows" | "shared" } {
  if (table.endsWith(ROWS)) return { name: table.slice(0, -ROWS.length), part: "rows" };
  if (table.endsWith(SHARED)) return { name: table.slice(0, -SHARED.length), part: "shared" };
  return { name: table, part: "whole" };
}

export function rowColumns(dataset: SplitDataset): SqlColumn[] {
  const own = sqlColumns(dataset).filter(({ name }) => dataset.rowFields.includes(name));
  return [...leadingColumns(dataset), { name: SHARED_COLUMN, type: "UINTEGER" }, ...own];
}

export function sharedColumns(dataset: SplitDataset): SqlColumn[] {
  return [
    { name: SHARED_COLUMN, type: "UINTEGER" },
    { name: SLOT_START_COLUMN, type: "BIGINT" },
    ...sharedFields(dataset),
  ];
}

/** The columns of the dataset that all rows of a block share, in their order. */
export function sharedFields(dataset: SplitDataset): SqlColumn[] {
  const byRow = new Set([...leadingColumns(dataset).map(({ name }) => name), ...dataset.rowFields, DELAY_FIELD]);
  return sqlColumns(dataset).filter(({ name }) => !byRow.has(name));
}

type Place = { schema: string; table: string; dataset: SplitDataset };

export function createSplitSql({ schema, table, dataset }: Place): string[] {
  const create = (name: string, columns: readonly SqlColumn[]) =>
    `CREATE TABLE IF NOT EXISTS ${quoted(schema)}.${quoted(name)}
     (${columns.map((column) => `${quoted(column.name)} ${column.type}`).join(", ")})`;
  return [
    create(rowsTable(table), rowColumns(dataset)),
    create(sharedTable(table), sharedColumns(dataset)),
    viewSql({ schema, table, dataset }),
  ];
}

/** Every column of the dataset under its name and in its order. */
export function viewSql({ schema, table, dataset }: Place): string {
  const byRow = new Set(rowColumns(dataset).map(({ name }) => name));
  const delay = `(epoch_us(r.${quoted(TIMESTAMP_COLUMN)}) - s.${SLOT_START_COLUMN}) / 1000`;
  const columns = sqlColumns(dataset).map(({ name }) => {
    if (name === DELAY_FIELD) return `${delay} AS ${quoted(name)}`;
    return `${byRow.has(name) ? "r" : "s"}.${quoted(name)}`;
  });
  return `CREATE OR REPLACE VIEW ${quoted(schema)}.${quoted(table)} AS SELECT ${columns.join(", ")}
    FROM ${quoted(schema)}.${quoted(rowsTable(table))} r
    JOIN ${quoted(schema)}.${quoted(sharedTable(table))} s USING (${SHARED_COLUMN})`;
}

export function dropSplitSql({ schema, table }: Omit<Place, "dataset">): string[] {
  return [
    `DROP VIEW ${quoted(schema)}.${quoted(table)}`,
    `DROP TABLE ${quoted(schema)}.${quoted(rowsTable(table))}`,
    `DROP TABLE ${quoted(schema)}.${quoted(sharedTable(table))}`,
  ];
}

/** Takes a day that an earlier version held in one table apart. */
export function splitTableSql({ schema, table, dataset }: Place): string[] {
  const at = (name: string) => `${quoted(schema)}.${quoted(name)}`;
  const whole = `${table}#whole`;
  const names = sharedFields(dataset).map(({ name }) => quoted(name));
  const start = `epoch_us(${quoted(TIMESTAMP_COLUMN)}) - round(${quoted(DELAY_FIELD)} * 1000)::BIGINT`;
  const keyed = `SELECT *, ${start} AS ${SLOT_START_COLUMN} FROM ${at(whole)}`;
  const same = [SLOT_START_COLUMN, ...names].map((name) => `w.${name} IS NOT DISTINCT FROM s.${name}`).join(" AND ");
  const byRow = [TIMESTAMP_COLUMN, SEQ_COLUMN].map((name) => `w.${quoted(name)}`);
  return [
    `ALTER TABLE ${at(table)} RENAME TO ${quoted(whole)}`,
    ...createSplitSql({ schema, table, dataset }),
    `INSERT INTO ${at(sharedTable(table))}
     SELECT row_number() OVER () - 1, * FROM (SELECT DISTINCT ${[SLOT_START_COLUMN, ...names].join(", ")} FROM (${keyed}))`,
    `INSERT INTO ${at(rowsTable(table))}
     SELECT ${[
       ...byRow,
       `s.${SHARED_COLUMN}`,
       ...rowColumns(dataset)
         .slice(byRow.length + 1)
         .map(({ name }) => `w.${quoted(name)}`),
     ].join(", ")}
     FROM (${keyed}) w JOIN ${at(sharedTable(table))} s ON ${same} ORDER BY w.${SEQ_COLUMN}`,
    `DROP TABLE ${at(whole)}`,
  ];
}
