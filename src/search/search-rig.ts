import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  DuckDBInstance,
  DuckDBListValue,
  DuckDBTimestampValue,
  type DuckDBType,
  UBIGINT,
  VARCHAR,
} from "@duckdb/node-api";
import type { Json } from "../events/document.ts";
import { type DocumentValues, documentValues } from "./document-values.ts";
import { CLASS_SQL_TYPES, type FieldType, valueClassOf } from "./fields/field-type.ts";
import type { SqlResult } from "./hits/sql-result.ts";
import { parseSearch } from "./parse.ts";
import type { SearchParams } from "./request.ts";
import { carryOutSearch, type SearchAnswer } from "./search.ts";
import type { SqlValue, Statement } from "./sql-values.ts";
import {
  type MappedField,
  type Mapping,
  quotedName,
  quotedText,
  type SearchColumn,
  type SearchTarget,
} from "./target.ts";
import { storedWords } from "./text/stored-words.ts";

/** Documents of others as they came, in the order of their arrival. */
export type RigIndex = {
  index: string;
  mapping: Mapping;
  /** Fields with a column of their own: a list. */
  columns?: readonly string[];
  /** Whether the texts among them have their words in a second column. */
  words?: boolean;
  documents: readonly { id?: string; source: { readonly [key: string]: Json } }[];
};

export type SearchRig = {
  search(body: object, params?: SearchParams): Promise<SearchAnswer>;
  close(): void;
};

/** Tables of a real database with the given documents, as `SearchTarget` describes them. */
export async function createSearchRig(options: { indices: readonly RigIndex[]; nowMs?: number }): Promise<SearchRig> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  const targets: SearchTarget[] = [];
  let seq = 0;
  for (const [place, { index, mapping, columns = [], words = false, documents }] of options.indices.entries()) {
    const own = columns.map((name): SearchColumn => {
      const column = { name, type: mapping.get(name)?.type ?? "keyword", list: true };
      return words && valueClassOf(column.type) === "text" ? { ...column, words: `words of ${name}` } : column;
    });
    const types = own.map(({ name, type, words }) => {
      const values = `, ${quotedName(name)} ${CLASS_SQL_TYPES[valueClassOf(type)]}[]`;
      return words === undefined ? values : `${values}, ${quotedName(words)} VARCHAR`;
    });
    const table = `documents${place}`;
    await connection.run(
      `CREATE TABLE ${table} ("@timestamp" TIMESTAMP, _seq BIGINT, _id VARCHAR, _shape VARCHAR, _literals VARCHAR, _rest VARCHAR, _values JSON${types.join("")})`,
    );
    for (const { id, source } of documents) {
      const values = documentValues(source, new Map([...mapping, ["@timestamp", { type: "date" }]]));
      const [at = 0] = (values["@timestamp"] ?? []) as number[];
      const cells = own.flatMap(({ name, type, words }) => {
        const cell = cellSql(values[name], valueClassOf(type) === "date");
        return words === undefined ? [cell] : [cell, wordsSql(values[name])];
      });
      const left = Object.entries(values).filter(([name]) => name !== "@timestamp" && !columns.includes(name));
      seq += 1;
      const row = [
        BigInt(at),
        BigInt(seq),
        id ?? null,
        JSON.stringify(source),
        JSON.stringify(Object.fromEntries(left)),
      ];
      await connection.run(
        `INSERT INTO ${table} VALUES (make_timestamp($1), $2, $3, NULL, NULL, $4, $5${cells.map((cell) => `, ${cell}`).join("")})`,
        row,
        [BIGINT, BIGINT, VARCHAR, VARCHAR, VARCHAR],
      );
    }
    targets.push({
      index,
      kind: "stream",
      columns: new Map(own.map((column) => [column.name, column])),
      foreign: { mapping, columnOf: (field) => field },
      tables: [{ sql: table }],
    });
  }
  const run = async ({ sql, values }: Statement): Promise<SqlResult[][]> => {
    const reader = await connection.runAndReadAll(sql, values, values.map(duckdbType));
    return reader.getRows().map((row) => row.map(plainValue));
  };
  return {
    search: async (body, params = {}) =>
      carryOutSearch({ search: parseSearch(body), params, targets, nowMs: options.nowMs ?? Date.now(), run }),
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

function cellSql(values: DocumentValues[string] | undefined, date: boolean): string {
  if (values === undefined) return "NULL";
  const items = values.map((value) => {
    if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
    return date ? `make_timestamp(${String(value)})` : String(value);
  });
  return `[${items.join(", ")}]`;
}

function wordsSql(values: DocumentValues[string] | undefined): string {
  return values === undefined ? "NULL" : quotedText(storedWords(values.map(String)));
}

function duckdbType(value: SqlValue): DuckDBType {
  if (typeof value === "string") return VARCHAR;
  if (typeof value === "boolean") return BOOLEAN;
  if (typeof value === "number") return DOUBLE;
  return value > 2n ** 63n - 1n ? UBIGINT : BIGINT;
}

function plainValue(value: unknown): SqlResult {
  if (value instanceof DuckDBListValue) return value.items.map(plainValue);
  return value instanceof DuckDBTimestampValue ? value.micros : (value as SqlResult);
}

type Property = {
  type?: FieldType;
  ignore_above?: number;
  scaling_factor?: number;
  properties?: Readonly<Record<string, Property>>;
  fields?: Readonly<Record<string, Property>>;
};

/** The mapping of `properties` in Elasticsearch's form. */
export function mappingOf(root: { properties: Readonly<Record<string, Property>> }): Mapping {
  const mapping = new Map<string, MappedField>();
  const add = (properties: Readonly<Record<string, Property>>, prefix: string): void => {
    for (const [key, property] of Object.entries(properties)) {
      const path = `${prefix}${key}`;
      mapping.set(path, fieldOf(property));
      for (const [name, inner] of Object.entries(property.fields ?? {})) {
        mapping.set(`${path}.${name}`, { ...fieldOf(inner), of: path });
      }
      if (property.properties !== undefined) add(property.properties, `${path}.`);
    }
  };
  add(root.properties, "");
  return mapping;
}

function fieldOf({ type = "object", ignore_above, scaling_factor }: Property): MappedField {
  return {
    type,
    ...(ignore_above === undefined ? {} : { ignoreAbove: ignore_above }),
    ...(scaling_factor === undefined ? {} : { scalingFactor: scaling_factor }),
  };
}
