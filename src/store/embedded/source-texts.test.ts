import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonObject } from "../../events/foreign.ts";
import { parseJsonExact } from "../../lib/json.ts";
import { documentValues } from "../../search/document-values.ts";
import { filterSource } from "../../search/hits/source-filter.ts";
import { jsonTexts, MAPPING } from "../../search/source/json-texts-rig.ts";
import { START_US } from "../contract-data.ts";
import type { ForeignIndex, ForeignRecord } from "../foreign/foreign-tables.ts";
import { searchMappingOf } from "../foreign/mapping/search-mapping.ts";
import type { EmbeddedStore } from "./embedded-store.ts";
import { readRows } from "./read-rows.ts";
import { storePaths } from "./store-paths.ts";
import { newDirectory, openStore } from "./store-rig.ts";

function indexOf(name: string, mapping: JsonObject = MAPPING): ForeignIndex {
  return { name, kind: "index", createdMs: START_US / 1000, mapping };
}

/** A document whose values the mapping refuses is stored without any: its text is the same. */
function record({ name, mapping }: ForeignIndex, [id, source]: readonly [string, string]): ForeignRecord {
  const read = (): ForeignRecord["values"] => {
    try {
      return documentValues(parseJsonExact(source) as JsonObject, searchMappingOf(mapping));
    } catch {
      return {};
    }
  };
  const values = read();
  const [at = START_US] = (values["@timestamp"] ?? []) as number[];
  return { index: name, kind: "index", timestampUs: at < 0 ? START_US : at, id, version: 1, source, values };
}

type Texts = ReadonlyMap<string, string>;

async function put(store: EmbeddedStore, index: ForeignIndex, texts: Texts): Promise<void> {
  const records = [...texts].map((text) => record(index, text));
  await store.foreign.append({ indices: [index], records });
  await store.settled();
}

async function textsOf(store: EmbeddedStore, index: string, ids: Iterable<string>): Promise<Texts> {
  const found = await store.foreign.lookup({ index, ids: [...ids] });
  return new Map([...found].map(([id, { source }]) => [id, source]));
}

test("documents are given back byte for byte, whatever is in them, and in hits what is asked of them", async () => {
  const store = await openStore(newDirectory());
  const patterns = fc.subarray(["k", "obj", "obj.l", "*.at", "nest", "fl*", "unknown", "1"]);
  let round = 0;
  await fc.assert(
    fc.asyncProperty(jsonTexts, patterns, patterns, async (texts, includes, excludes) => {
      round += 1;
      // Where too many shapes are new, texts are kept whole: not in the first documents of an index.
      const index = `texts-${Math.floor(round / 8)}`;
      const sent = new Map(texts.map((text, i) => [`${round} ${i}`, text]));
      await put(store, indexOf(index), sent);
      const back = await textsOf(store, index, sent.keys());
      expect(back).toEqual(sent);
      const { hits } = await store.search(index, {
        size: 100,
        query: { ids: { values: [...sent.keys()] } },
        _source: { includes, excludes },
      });
      expect(hits.hits.length).toBe(sent.size);
      for (const { _id, _source } of hits.hits) {
        const whole = parseJsonExact(sent.get(_id) ?? "") as JsonObject;
        // Between the processes -0 is 0.
        expect(JSON.stringify(_source)).toBe(JSON.stringify(filterSource(whole, { includes, excludes })));
      }
    }),
    { numRuns: 100 },
  );
}, 60_000);

test("hits are whole while documents bring new columns, and columns become lists", async () => {
  const store = await openStore(newDirectory());
  const fields = Array.from({ length: 60 }, (_, i) => `f${i}`);
  const growing = indexOf("growing", {
    properties: Object.fromEntries(fields.map((name) => [name, { type: "keyword" }])),
  });
  const texts = fields.map((name, i) => `{"${name}":"${i}","${fields[i - 1] ?? "f1"}":["a","${i}"]}`);
  let isLoading = true;
  const loading = (async () => {
    for (const [i, text] of texts.entries()) await put(store, growing, new Map([[String(i), text]]));
  })().finally(() => {
    isLoading = false;
  });
  let seen = 0;
  while (isLoading) {
    const { hits } = await store.search("growing*", { size: 100 });
    for (const { _id, _source } of hits.hits) expect(_source).toEqual(JSON.parse(texts[Number(_id)] ?? ""));
    seen += hits.hits.length;
  }
  await loading;
  expect(seen).toBeGreaterThan(texts.length);
}, 30_000);

test("a file from before, in which texts stand whole, is taken up: old documents are given back, changed and joined by new ones", async () => {
  const directory = newDirectory();
  const before = new Map([
    ["a", '{"k": "a", "l": 1}'],
    ["b", '{"k": "b", "obj": {"k": ["x", "y"]}}'],
  ]);
  const first = await openStore(directory);
  await put(first, indexOf("texts"), before);
  await first.close();
  await takeBack(directory, before);

  const store = await openStore(directory);
  expect(await textsOf(store, "texts", before.keys())).toEqual(before);
  const after = new Map([
    ["b", '{"k":"other","ip":"10.0.0.1"}'],
    ["c", '{"at":"2026-11-28T10:00:00.000Z","l":[1,2],"unknown":0.10}'],
  ]);
  await put(store, indexOf("texts"), after);
  const whole = new Map([...before, ...after]);
  const check = async (asked: EmbeddedStore) => {
    expect(await textsOf(asked, "texts", whole.keys())).toEqual(whole);
    const { hits } = await asked.search("texts", { sort: [{ _seq: "asc" }], query: { exists: { field: "l" } } });
    expect(hits.hits.map(({ _source }) => _source)).toEqual([
      { k: "a", l: 1 },
      { at: "2026-11-28T10:00:00.000Z", l: [1, 2], unknown: 0.1 },
    ]);
  };
  await check(store);
  await store.close();
  await check(await openStore(directory));
});

test("a file from before literals referred to cells is taken up: its documents are given back and joined by new ones", async () => {
  const directory = newDirectory();
  const before = new Map([
    ["a", '{"k":"validator-client","obj":{"k":"unknown leaf"},"unknown":"a line of the validator-client"}'],
    ["b", '{"k":"validator-client","obj":{"k":"b"},"unknown":"short"}'],
  ]);
  const first = await openStore(directory);
  await put(first, indexOf("texts"), before);
  await first.close();
  await changeFile(directory, async (table, run) => {
    for (const [id, text] of before) {
      const { unknown } = JSON.parse(text) as { unknown: string };
      await run(`UPDATE ${table} SET _rest = $1 WHERE _id = $2`, [JSON.stringify(unknown), id]);
    }
    await run(`ALTER TABLE ${table} DROP COLUMN "_literals"`);
    await run("UPDATE main._ethmon SET schema_version = 2");
  });

  const store = await openStore(directory);
  expect(await textsOf(store, "texts", before.keys())).toEqual(before);
  const line = "a line of the validator-client, ".repeat(40);
  const after = new Map([
    ["b", '{"k":"validator-client","unknown":"another line of the validator-client"}'],
    ["c", JSON.stringify({ k: "validator-client", unknown: line, off: { a: [line, "one", null] } })],
  ]);
  await put(store, indexOf("texts"), after);
  const whole = new Map([...before, ...after]);
  expect(await textsOf(store, "texts", whole.keys())).toEqual(whole);
  const { hits } = await store.search("texts", { sort: [{ _seq: "asc" }], _source: ["unknown"] });
  expect(hits.hits.map(({ _source }) => _source)).toEqual([
    { unknown: "a line of the validator-client" },
    { unknown: "another line of the validator-client" },
    { unknown: line },
  ]);
});

/** Makes of a closed store's file what the first version wrote. */
async function takeBack(directory: string, texts: Texts): Promise<void> {
  await changeFile(directory, async (table, run) => {
    for (const name of ["_shape", "_literals"]) await run(`ALTER TABLE ${table} DROP COLUMN "${name}"`);
    for (const [id, text] of texts) await run(`UPDATE ${table} SET _rest = $1 WHERE _id = $2`, [text, id]);
    await run(`ALTER TABLE ${table} RENAME "_rest" TO "_source"`);
    await run("UPDATE main._ethmon SET schema_version = 1");
  });
}

/** Changes the one table of others' documents in a closed store's file. */
async function changeFile(
  directory: string,
  change: (table: string, run: (sql: string, values?: string[]) => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const instance = await DuckDBInstance.create(storePaths(directory).file);
  const connection = await instance.connect();
  const [found] = await readRows(
    connection,
    "SELECT schema_name, table_name FROM duckdb_columns() WHERE column_name = '_shape'",
  );
  await change(`"${found?.[0]}"."${found?.[1]}"`, (sql, values = []) => connection.run(sql, values));
  connection.closeSync();
  instance.closeSync();
}
