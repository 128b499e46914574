import type { JsonObject } from "../../events/foreign.ts";
import { foreignIndexDataset } from "../../events/foreign-index.ts";
import type { ForeignIndex } from "../foreign/foreign-tables.ts";
import type { Database } from "./database.ts";
import { type KnownIndex, knownIndex } from "./foreign-targets.ts";
import type { RunStatement } from "./query-pool.ts";
import { ID_COLUMN, quoted } from "./tables.ts";

export type ForeignIndices = {
  /** The version of what can be read now: taken before the transaction in which it is read. */
  version(): number;
  /** All foreign indices by name, read once for each version. */
  read(run: RunStatement, version: number): Promise<ReadonlyMap<string, KnownIndex>>;
};

export function createForeignIndices({ database, schema }: { database: Database; schema: string }): ForeignIndices {
  const table = foreignIndexDataset.name;
  let remembered: { version: number; indices: ReadonlyMap<string, KnownIndex> } | undefined;

  return {
    version: database.indicesVersion,
    async read(run, version) {
      if (remembered?.version === version) return remembered.indices;
      const rows = database.tables.has(table)
        ? await run({
            sql: `SELECT ${ID_COLUMN}, "index.kind", "index.created_ms", "index.mapping", "index.settings" FROM ${quoted(schema)}.${quoted(table)}`,
            values: [],
          })
        : [];
      const before = remembered?.indices;
      const indices = new Map(
        rows.map((row) => {
          const index = indexOf(row);
          const known = before?.get(index.name);
          const isSame = known !== undefined && JSON.stringify(known.mapping) === JSON.stringify(index.mapping);
          return [index.name, isSame ? known : knownIndex(index)] as const;
        }),
      );
      remembered = { version, indices };
      return indices;
    },
  };
}

function indexOf([name, kind, createdMs, mapping, settings]: readonly unknown[]): ForeignIndex {
  return {
    name: String(name),
    kind: kind === "index" ? "index" : "stream",
    createdMs: Number(createdMs ?? 0),
    mapping: JSON.parse(String(mapping ?? "{}")) as JsonObject,
    ...(typeof settings === "string" ? { settings: JSON.parse(settings) as JsonObject } : {}),
  };
}

/** What is told of an index to other processes. */
export function indexView({ name, kind, mapping, createdMs, settings }: ForeignIndex): ForeignIndex {
  return { name, kind, mapping, createdMs, ...(settings === undefined ? {} : { settings }) };
}
