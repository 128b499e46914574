import { readSources } from "../../search/source/read-sources.ts";
import type { ForeignStored } from "../foreign/foreign-tables.ts";
import { DAY_US } from "../retention.ts";
import type { Database, Table } from "./database.ts";
import { plainValue } from "./duckdb-values.ts";
import { type ForeignName, foreignDatasetName, VERSION_COLUMN } from "./foreign-datasets.ts";
import type { RunStatement } from "./query-pool.ts";
import { ID_COLUMN, quoted } from "./tables.ts";
import { SHAPE_COLUMN, wideColumnName } from "./wide-columns.ts";

export type ForeignLookup = ForeignName & { ids: readonly string[]; timestampsUs?: readonly number[] | undefined };

const PLACE = 4;
const SHAPE_PLACE = 5;
const SEQ_ID = /^\d{1,16}$/;

/** The newest document of each id, in the tables of those days that are asked for. */
export async function lookUp(options: {
  lookup: ForeignLookup;
  database: Database;
  schema: string;
  run: RunStatement;
}): Promise<[id: string, stored: ForeignStored][]> {
  const { lookup, database, schema, run } = options;
  const { ids, kind, timestampsUs } = lookup;
  const name = foreignDatasetName(lookup);
  const days = timestampsUs && new Set(timestampsUs.map((timestampUs) => Math.floor(timestampUs / DAY_US)));
  const isAsked = ({ dataset, dayStartUs }: Table) =>
    dataset === name && (days === undefined || dayStartUs === undefined || days.has(dayStartUs / DAY_US));
  const tables = [...database.tables.values()].filter(isAsked);
  if (tables.length === 0 || ids.length === 0) return [];
  const seqs = kind === "stream" ? ids.filter((id) => SEQ_ID.test(id)) : [];
  const values = [...ids, ...seqs.map(BigInt)];
  const places = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => `$${from + i + 1}`).join(", ");
  const byId = `${ID_COLUMN} IN (${places(0, ids.length)})`;
  // A document whose sender gave it no id has its position for one.
  const bySeq = seqs.length === 0 ? "" : ` OR (${ID_COLUMN} IS NULL AND _seq IN (${places(ids.length, seqs.length)}))`;
  const parts = tables.map(
    ({ name: table }, place) => `SELECT coalesce(${ID_COLUMN}, CAST(_seq AS VARCHAR)) AS id, _seq AS seq,
      ${VERSION_COLUMN} AS version, epoch_us("@timestamp") AS at, ${place} AS place, ${SHAPE_COLUMN} AS shape
      FROM ${quoted(schema)}.${quoted(table)} WHERE ${byId}${bySeq}`,
  );
  const rows = await run({ sql: `SELECT * FROM (${parts.join(" UNION ALL ")}) ORDER BY seq`, values });
  // Of several with one id the newest stands last.
  const found = new Map(rows.map((row) => [String(row[0]), row]));
  const sources = new Map<unknown, string>();
  for (const [place, inTable] of Map.groupBy(found.values(), (row) => Number(row[PLACE]))) {
    const texts = await readSources({
      table: { sql: `${quoted(schema)}.${quoted(tables[place]?.name ?? "")}`, columnOf: wideColumnName },
      shapes: new Map(inTable.map((row) => [row[1] as bigint, row[SHAPE_PLACE] as string | null])),
      run: async (statement) => (await run(statement)).map((row) => row.map(plainValue)),
    });
    for (const [seq, text] of texts) sources.set(seq, text);
  }
  return [...found].map(([id, [, seq, version, timestampUs]]) => [
    id,
    {
      seqNo: Number(seq),
      version: Number(version),
      timestampUs: Number(timestampUs),
      source: sources.get(seq) ?? "",
    },
  ]);
}
