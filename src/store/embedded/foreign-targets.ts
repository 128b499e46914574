import type { Mapping, SearchColumn, SearchTarget } from "../../search/target.ts";
import type { ForeignIndex } from "../foreign/foreign-tables.ts";
import { searchMappingOf } from "../foreign/mapping/search-mapping.ts";
import type { Table } from "./database.ts";
import { foreignDatasetName } from "./foreign-datasets.ts";
import { quoted } from "./tables.ts";
import { MAX_WIDE_COLUMNS, type WideColumns, wideColumnName, wordsColumnName } from "./wide-columns.ts";

/** A foreign index with what a search needs of it, read once from its mapping. */
export type KnownIndex = ForeignIndex & { fields: Mapping };

export function knownIndex(index: ForeignIndex): KnownIndex {
  return { ...index, fields: searchMappingOf(index.mapping) };
}

/** An index's documents: a target for all tables with the same columns, and one without a table where there is none. */
export function foreignTargets(options: {
  known: KnownIndex;
  schema: string;
  tables: ReadonlyMap<string, readonly Table[]>;
}): SearchTarget[] {
  const { known, schema, tables } = options;
  const { name: index, kind, fields } = known;
  const all = tables.get(foreignDatasetName({ index, kind })) ?? [];
  const groups = Map.groupBy(all, ({ wide }) => formOf(wide));
  const target = (wide: WideColumns, group: readonly Table[]): SearchTarget => ({
    index,
    kind,
    columns: searchColumns(wide, fields),
    foreign: { mapping: fields, noMoreValues: wide.size < MAX_WIDE_COLUMNS, columnOf: wideColumnName },
    tables: group.map(({ name, dayStartUs }) => ({
      sql: `${quoted(schema)}.${quoted(name)}`,
      ...(dayStartUs === undefined ? {} : { dayStartUs }),
    })),
  });
  const targets = [...groups.values()].map((group) => target(group[0]?.wide ?? new Map(), group));
  return targets.length === 0 ? [target(new Map(), [])] : targets;
}

/** Equal for tables with the same columns, those of words among them. */
function formOf(wide: WideColumns): string {
  const known = forms.get(wide);
  if (known !== undefined) return known;
  const form = JSON.stringify([...wide].map(([field, { list, words }]) => JSON.stringify([field, list, words])).sort());
  forms.set(wide, form);
  return form;
}

const forms = new WeakMap<WideColumns, string>();

function searchColumns(wide: WideColumns, fields: Mapping): Map<string, SearchColumn> {
  const columns = new Map<string, SearchColumn>();
  for (const [field, { list, words }] of wide) {
    const type = fields.get(field)?.type;
    if (type === undefined) continue;
    const column = { name: wideColumnName(field), type, list };
    columns.set(field, words ? { ...column, words: wordsColumnName(field) } : column);
  }
  return columns;
}
