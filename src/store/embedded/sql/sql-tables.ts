import { indexName } from "../../../search/index-pattern.ts";
import type { SqlTable } from "../../store.ts";
import type { Table } from "../database.ts";
import { foreignDatasetName } from "../foreign-datasets.ts";
import type { KnownIndex } from "../foreign-targets.ts";
import {
  ID_COLUMN,
  quoted,
  SEQ_COLUMN,
  SQL_TYPES,
  sqlColumns,
  type TableDataset,
  TIMESTAMP_COLUMN,
} from "../tables.ts";
import { SHAPE_FIELD, wideColumnName } from "../wide-columns.ts";

/** A table as SQL sees it: a view over all tables of a dataset. */
export type SqlView = SqlTable & {
  /** What the view selects. */
  select: string;
};

/** Kept for the program itself. */
const HIDDEN: ReadonlySet<string> = new Set(["foreign_index", "copy", "saved"]);

/** A column of a view: its type, and what it is in one of the tables. */
type ViewColumn = { field: string; type: string; of: (table: Table) => string };

/** The views over our own datasets, which are there before their first document, and over the documents of others. */
export function sqlViews(options: {
  namespace: string;
  datasets: readonly TableDataset[];
  titles: Readonly<Record<string, string>>;
  present: readonly Table[];
  foreign: ReadonlyMap<string, KnownIndex>;
}): SqlView[] {
  const { namespace, datasets, titles, present, foreign } = options;
  const tables = Map.groupBy(present, (table) => table.dataset);
  const taken = new Set<string>();
  const shown = datasets.filter(({ name }) => !HIDDEN.has(name));
  // An index has its plain name; a stream of the same name is told from it.
  const ordered = [...shown.filter(({ kind }) => kind === "index"), ...shown.filter(({ kind }) => kind === "stream")];
  const own = ordered.map((dataset) => {
    const plain = plainName(dataset.name);
    const name = unique(taken.has(plain) ? `${plain}_event` : plain, taken);
    const columns = sqlColumns(dataset).map(
      (column): ViewColumn => ({
        field: column.name,
        type: column.type,
        of: () => quoted(column.name),
      }),
    );
    const title = titles[dataset.name] ?? indexName(dataset, namespace);
    return view({ name, title, columns, tables: tables.get(dataset.name) ?? [], namespace });
  });
  const others = [...foreign.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((index) => {
      const of = tables.get(foreignDatasetName({ index: index.name, kind: index.kind })) ?? [];
      const name = unique(plainName(index.name), taken);
      return view({ name, title: index.name, columns: foreignColumns(of), tables: of, namespace });
    });
  return [...own, ...others];
}

function view(options: {
  name: string;
  title: string;
  columns: readonly ViewColumn[];
  tables: readonly Table[];
  namespace: string;
}): SqlView {
  const { name, title, columns, tables, namespace } = options;
  const taken = new Set<string>();
  const named = columns.map((column) => ({ ...column, name: unique(plainName(column.field), taken) }));
  const selectOf = (source: string, of: (column: ViewColumn) => string) =>
    `SELECT ${named.map((column) => `${of(column)} AS ${quoted(column.name)}`).join(", ")}${source}`;
  const parts = tables.map((table) =>
    selectOf(` FROM ${quoted(namespace)}.${quoted(table.name)}`, (column) => column.of(table)),
  );
  return {
    name,
    title,
    columns: named.map((column) => ({ name: column.name, type: column.type, field: column.field })),
    select: parts.length > 0 ? parts.join(" UNION ALL ") : selectOf(" WHERE false", ({ type }) => `NULL::${type}`),
  };
}

/** Of documents of others, the fields that have columns in any of the tables; one that is a list in one is one in all. */
function foreignColumns(tables: readonly Table[]): ViewColumn[] {
  const leading = [
    { field: TIMESTAMP_COLUMN, type: "TIMESTAMP" },
    { field: SEQ_COLUMN, type: "BIGINT" },
    { field: ID_COLUMN, type: "VARCHAR" },
  ].map(({ field, type }): ViewColumn => ({ field, type, of: () => quoted(field) }));
  const fields = new Map<string, { types: Set<string>; list: boolean }>();
  for (const { wide } of tables) {
    for (const [field, { type, list }] of wide) {
      if (field === SHAPE_FIELD) continue;
      const known = fields.get(field) ?? { types: new Set(), list: false };
      fields.set(field, { types: known.types.add(SQL_TYPES[type]), list: known.list || list });
    }
  }
  const wide = [...fields].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    ...leading,
    ...wide.map(([field, { types, list }]): ViewColumn => {
      const [only = "VARCHAR"] = types.size === 1 ? types : [];
      const type = `${only}${list ? "[]" : ""}`;
      return {
        field,
        type,
        of(table) {
          const column = table.wide.get(field);
          if (column === undefined) return `NULL::${type}`;
          const value = quoted(wideColumnName(field));
          const listed = list && !column.list ? `CASE WHEN ${value} IS NOT NULL THEN [${value}] END` : value;
          return types.size === 1 ? listed : `${listed}::${type}`;
        },
      };
    }),
  ];
}

/** A name that SQL takes without quotes: `ethereum.block.root` is `block_root`, `@timestamp` is `timestamp`. */
function plainName(name: string): string {
  const plain = name
    .replace(/^ethereum\./, "")
    .replace(/^@/, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]+/g, "_");
  return /^[a-z_]/.test(plain) ? plain : `_${plain}`;
}

/** The name, or with a number behind it where it is taken. */
function unique(name: string, taken: Set<string>): string {
  let free = name;
  for (let i = 2; taken.has(free); i += 1) free = `${name}_${i}`;
  taken.add(free);
  return free;
}
