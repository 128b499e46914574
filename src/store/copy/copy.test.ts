import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { IS_LONG } from "../../../test/rigs/repetitions.ts";
import type { Document, Storable } from "../../events/document.ts";
import { systemClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import { documentValues } from "../../search/document-values.ts";
import type { SearchHit } from "../../search/request.ts";
import { EVENTS, event, START_US, THINGS, testDatasets, thing } from "../contract-data.ts";
import { createEmbeddedStore } from "../embedded/embedded-store.ts";
import type { ForeignIndex, ForeignRecord } from "../foreign/foreign-tables.ts";
import { searchMappingOf } from "../foreign/mapping/search-mapping.ts";
import { type CopyOptions, copyStore, type WritableSide } from "./copy.ts";
import { openEmbeddedSide } from "./embedded-side.ts";
import { withCopyProgress } from "./progress.ts";
import { readPages } from "./read-documents.ts";

const datasets = withCopyProgress(testDatasets);
const clock = systemClock();
const { signal } = new AbortController();

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "ethmon-copy-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

const open = (directory: string): Promise<WritableSide> =>
  openEmbeddedSide({ directory, network: "testnet", datasets, clock, log: silentLog, signal });

async function fill(directory: string, documents: readonly Storable[], foreign?: Foreign): Promise<void> {
  const store = await createEmbeddedStore({ directory, network: "testnet", datasets, clock, log: silentLog });
  await store.append(documents);
  if (foreign !== undefined) await store.foreign.append(foreign);
  await store.settled();
  await store.close();
}

const INDICES = [EVENTS, THINGS, "metrics-system.cpu-default", "telegraf"];
type Contents = Record<string, Pick<SearchHit, "_source">[]>;

/** Copies, and tells what either side holds afterwards. */
async function copy(from: string, to: string, more: Partial<CopyOptions> = {}) {
  const [source, target] = [await open(from), await open(to)];
  try {
    const fixed = { from: source, to: target, datasets: testDatasets, votes: false, bounds: {}, again: false };
    const comparisons = await copyStore({ ...fixed, clock, signal, ...more });
    return { comparisons, source: await contents(source), target: await contents(target) };
  } finally {
    await source.close();
    await target.close();
  }
}

/** What a side holds, by index and in the order of arrival; `_id` where it is no position. */
async function contents(side: WritableSide): Promise<Contents> {
  const held: Contents = {};
  for (const name of INDICES) {
    held[name] = [];
    for await (const hits of readPages(side, { index: { name }, bounds: {} })) {
      held[name].push(...hits.map(({ _id, _source }) => ({ ...(name === EVENTS ? {} : { _id }), _source })));
    }
  }
  return held;
}

type Foreign = { indices: ForeignIndex[]; records: ForeignRecord[] };

const STREAM: ForeignIndex = {
  name: "metrics-system.cpu-default",
  kind: "stream",
  createdMs: START_US / 1000,
  mapping: { properties: { "@timestamp": { type: "date" }, host: { type: "keyword" }, n: { type: "long" } } },
};
const INDEX: ForeignIndex = { ...STREAM, name: "telegraf", kind: "index" };

function record(of: ForeignIndex, source: string, more: Partial<ForeignRecord> = {}): ForeignRecord {
  const values = documentValues(JSON.parse(source), searchMappingOf(of.mapping));
  return { index: of.name, kind: of.kind, timestampUs: START_US, version: 1, source, values, ...more };
}

test("a copy holds what its source holds, and copying again changes nothing", async () => {
  const [x, y] = [newDirectory(), newDirectory()];
  const at = "2026-11-22T10:00:00.000Z";
  await fill(
    x,
    [
      ...Array.from({ length: 2_500 }, (_, i) => event(i, { "test.word": `word ${i % 7}` })),
      thing("a", { "test.number": 1 }),
      thing("b", { "test.number": 2 }),
      thing("a", { "test.number": 3 }),
    ],
    {
      indices: [STREAM, INDEX],
      records: [
        record(STREAM, `{"@timestamp":"${at}","host":"h1","n":1.0}`),
        record(STREAM, `{"@timestamp":"${at}","host":"h1","n":9007199254740993}`, { id: "given" }),
        record(INDEX, `{"host":"h2"}`, { id: "1", version: 7 }),
      ],
    },
  );
  const { comparisons: first, ...held } = await copy(x, y);
  expect(first.map(({ index, same, source, target }) => [index, same, source.documents, target.documents])).toEqual([
    [THINGS, true, 2, 2],
    [EVENTS, true, 2_500, 2_500],
    [STREAM.name, true, 2, 2],
    [INDEX.name, true, 1, 1],
  ]);
  expect(first.every(({ source, target }) => source.checksum === target.checksum)).toBe(true);
  expect(held.source[EVENTS]).toHaveLength(2_500);
  expect(held.target).toEqual(held.source);
  const target = await open(y);
  const sent = await target.sent({ name: STREAM.name, kind: "stream", foreign: STREAM }, [
    { id: "given", timestampUs: START_US },
  ]);
  expect(sent.get("given")?.source).toContain("9007199254740993");
  const index = await target.sent({ name: INDEX.name, kind: "index", foreign: INDEX }, [{ id: "1", timestampUs: 0 }]);
  expect(index.get("1")).toMatchObject({ version: 7, timestampUs: START_US });
  await target.close();

  expect(await copy(x, y)).toEqual({ comparisons: first, ...held });
  // What arrives afterwards is all that the next run copies; what was replaced is replaced there, too.
  await fill(x, [event(9_000), thing("b", { "test.number": 4 })]);
  const steps: string[] = [];
  const next = await copy(x, y, {
    onStep: ({ index, copied, documents }) => steps.push(`${index} ${copied}/${documents}`),
  });
  expect(next.comparisons.every(({ same }) => same)).toBe(true);
  expect(steps).toContain(`${EVENTS} 2500/2501`);
  expect(next.source[EVENTS]).toHaveLength(2_501);
  expect(next.target).toEqual(next.source);
}, 120_000);

test("a copy of a copy is that copy, whatever was stored", async () => {
  const word = fc.string({ unit: "grapheme", maxLength: 12 });
  const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)));
  const fields = fc.record(
    {
      "test.word": word,
      "test.words": fc.array(word, { maxLength: 3 }),
      "test.large": fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
      "test.ratio": fc.double({ noNaN: true, noDefaultInfinity: true }),
      "test.flag": fc.boolean(),
      "test.at": fc.integer({ min: 0, max: 2 ** 52 }),
      "test.moments": fc.array(fc.integer({ min: 0, max: 2 ** 52 }), { maxLength: 3 }),
      "test.object": json,
      "test.remark": word,
    },
    { requiredKeys: [] },
  );
  const one: fc.Arbitrary<Document> = fc.oneof(
    fc.tuple(fc.nat(), fields, fc.nat(3 * 86_400_000_000)).map(([n, own, us]) => event(n, own, START_US + us)),
    fc.tuple(fc.constantFrom("a", "b", "ü/*"), fc.nat()).map(([id, n]) => thing(id, { "test.number": n })),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 40 }), async (documents) => {
      const [x, y, z] = [newDirectory(), newDirectory(), newDirectory()];
      await fill(x, documents);
      const first = await copy(x, y);
      const second = await copy(y, z);
      expect(first.comparisons.every(({ same }) => same)).toBe(true);
      expect(first.target).toEqual(first.source);
      expect(second).toEqual(first);
    }),
    { numRuns: IS_LONG ? 12 : 2, seed: 7 },
  );
}, 120_000);

test("bounds of time are kept, and those that overlap earlier ones are refused", async () => {
  const [x, y] = [newDirectory(), newDirectory()];
  const hourUs = 3_600_000_000;
  await fill(
    x,
    [0, 1, 2, 3].map((hour) => event(hour, {}, START_US + hour * hourUs)),
  );
  const numbers = (held: Contents) => held[EVENTS]?.map(({ _source }) => _source["test"]);
  const hour = { sinceUs: START_US + hourUs, untilUs: START_US + 2 * hourUs };
  const first = await copy(x, y, { bounds: hour });
  expect(first.comparisons.map(({ target }) => target.documents)).toEqual([1]);
  expect(numbers(first.target)).toEqual([{ number: 1 }]);
  await expect(copy(x, y)).rejects.toMatchObject({ code: "copy_overlaps" });
  const later = await copy(x, y, { bounds: { sinceUs: hour.untilUs } });
  expect(later.comparisons.every(({ same }) => same)).toBe(true);
  expect(numbers(later.target)).toEqual([{ number: 1 }, { number: 2 }, { number: 3 }]);
}, 120_000);

test("what differs is told with examples", async () => {
  const [x, y] = [newDirectory(), newDirectory()];
  await fill(x, [event(1), event(2), thing("a", { "test.number": 1 }), thing("b", { "test.number": 1 })]);
  await copy(x, y);
  // The target's own monitor replaced one document, which is no difference; a document within the range is lost.
  await fill(y, [thing("a", { "test.number": 5 })]);
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(join(y, "ethmon.duckdb"));
  const connection = await instance.connect();
  await connection.run(`DELETE FROM testnet."test.event@2026-11-22" WHERE "test.number" = 2`);
  await connection.run(`UPDATE testnet.thing SET "test.word" = 'x' WHERE _id = 'b'`);
  connection.closeSync();
  instance.closeSync();
  const [things, events] = (await copy(x, y)).comparisons;
  expect(things).toMatchObject({
    same: false,
    superseded: 1,
    examples: [{ kind: "changed", id: "b", field: "test.word" }],
  });
  expect(events).toMatchObject({ same: false, source: { documents: 2 }, target: { documents: 1 } });
  expect(events?.examples).toEqual([{ kind: "missing", id: "2", seq: 2 }]);
}, 120_000);
