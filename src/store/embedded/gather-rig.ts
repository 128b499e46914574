import { DuckDBInstance } from "@duckdb/node-api";
import type { JsonObject } from "../../events/foreign.ts";
import type { EmbeddedStore } from "./embedded-store.ts";
import { readRows } from "./read-rows.ts";
import { storePaths } from "./store-paths.ts";
import { streamOf } from "./wide-rig.ts";

/** A stream whose documents are of three kinds in turn. Their day is over. */
export const KINDS = streamOf(
  { cpu: "double", "load.one": "double", line: "keyword", number: "long" },
  "logs-kinds-default",
);

export function ofKinds(numbers: readonly number[]): JsonObject[] {
  return numbers.map((number) => {
    if (number % 3 === 0) return { number, cpu: Math.sin(number) };
    return number % 3 === 1 ? { number, load: { one: Math.cos(number) } } : { line: `line ${number}`, number };
  });
}

/** All documents of the stream, in the order in which they came. */
export async function allOf(store: EmbeddedStore): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  for (let after: number | undefined; ; ) {
    const { hits } = await store.search(KINDS.name, {
      size: 10_000,
      sort: ["_seq"],
      ...(after === undefined ? {} : { search_after: [after] }),
    });
    if (hits.hits.length === 0) return found;
    found.push(...hits.hits.map(({ _source }) => _source));
    after = Number(hits.hits.at(-1)?.sort?.[0]);
  }
}

export type GatheredTable = {
  /** Rows up to the last one that was gathered, and behind it. */
  gathered: number;
  behind: number;
  tries: number;
  /** How often rows of different kinds follow each other. */
  changes: number;
};

/** What stands in a closed store's file, by table of others' documents. */
export async function gatheredTables(directory: string): Promise<GatheredTable[]> {
  return inFile(directory, async (query) => {
    const marks = await query("SELECT network, name, seq, tries FROM main._ethmon_gathered ORDER BY ALL");
    const tables: GatheredTable[] = [];
    for (const [network, name, seq, tries] of marks) {
      const [row] = await query(
        `SELECT count(*) FILTER (_seq <= ${seq}), count(*) FILTER (_seq > ${seq}), count(*) FILTER (_shape <> before)
         FROM (SELECT _seq, _shape, lag(_shape) OVER (ORDER BY rowid) AS before FROM "${network}"."${name}")`,
      );
      const [gathered = 0, behind = 0, changes = 0] = (row ?? []).map(Number);
      tables.push({ gathered, behind, tries: Number(tries), changes });
    }
    return tables;
  });
}

/** Asks a closed store's file, or changes it. */
export async function inFile<T>(
  directory: string,
  work: (query: (sql: string) => Promise<unknown[][]>) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create(storePaths(directory).file);
  const connection = await instance.connect();
  try {
    return await work((sql) => readRows(connection, sql));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
