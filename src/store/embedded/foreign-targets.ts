import type { FieldType } from "../../search/fields/field-type.ts";
import type { Mapping, SearchColumn, SearchTarget } from "../../search/target.ts";
import type { ForeignIndex } from "../foreign/foreign-tables.ts";
import { hotFieldsOf } from "../foreign/hot-fields.ts";
import { searchMappingOf } from "../foreign/mapping/search-mapping.ts";
import type { Table } from "./database.ts";
import { foreignDatasetName } from "./foreign-datasets.ts";
import { quoted } from "./tables.ts";

/** A foreign index with what a search needs of it, read once from its mapping. */
export type KnownIndex = ForeignIndex & {
  columns: ReadonlyMap<string, SearchColumn>;
  fields: Mapping;
};

export function knownIndex(index: ForeignIndex): KnownIndex {
  const columns = new Map([...hotFieldsOf(index.mapping)].map(([name, type]) => [name, columnOf(name, type)]));
  return { ...index, columns, fields: searchMappingOf(index.mapping) };
}

function columnOf(name: string, type: FieldType): SearchColumn {
  return { name, type, list: false };
}

/** An index's documents with columns, and where there are such those without. */
export function foreignTargets(options: {
  known: KnownIndex;
  schema: string;
  tables: ReadonlyMap<string, readonly Table[]>;
}): SearchTarget[] {
  const { known, schema, tables } = options;
  const { name: index, kind, columns, fields } = known;
  const all = tables.get(foreignDatasetName({ index, kind })) ?? [];
  const target = (odd: boolean): SearchTarget => ({
    index,
    kind,
    columns: odd ? new Map() : columns,
    foreign: { mapping: fields },
    tables: all
      .filter((table) => table.odd === odd)
      .map(({ name, dayStartUs }) => ({
        sql: `${quoted(schema)}.${quoted(name)}`,
        ...(dayStartUs === undefined ? {} : { dayStartUs }),
      })),
  });
  return all.some(({ odd }) => odd) ? [target(false), target(true)] : [target(false)];
}
