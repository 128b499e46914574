import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Dataset } from "../../events/dataset.ts";
import { type DocumentBlock, expandBlock } from "../../events/document.ts";
import { quarantineDataset } from "../../events/quarantine.ts";
import { systemClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import type { SearchHit } from "../../search/request.ts";
import { START_US } from "../contract-data.ts";
import { DAY_US } from "../retention.ts";
import { createEmbeddedStore, type EmbeddedStore } from "./embedded-store.ts";

const whole: Dataset = {
  kind: "stream",
  source: "own",
  keep: "votes",
  name: "test.vote",
  title: "Votes",
  words: "Numbered votes.",
  columns: [
    { name: "observer.name", type: "keyword", words: "Name of the node." },
    { name: "ethereum.delay_ms", type: "double", words: "Signed ms." },
    { name: "test.number", type: "long", words: "Counts from 1." },
    { name: "test.place", type: "long", words: "A place." },
    { name: "test.large", type: "unsigned_long", words: "A uint64." },
  ],
};
const split: Dataset = { ...whole, rowFields: ["test.number", "test.place"] };
const VOTES = "logs-test.vote-testnet";

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "ethmon-split-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function openStore(directory: string, dataset: Dataset): Promise<EmbeddedStore> {
  const store = await createEmbeddedStore({
    directory,
    network: "testnet",
    datasets: [dataset, quarantineDataset],
    clock: systemClock(),
    log: silentLog,
    commitEveryMs: 1,
  });
  onTestFinished(() => store.close());
  return store;
}

function block(numbers: readonly number[], options: { node?: string; atUs?: number } = {}): DocumentBlock {
  const { node = "n1", atUs = START_US } = options;
  return {
    dataset: "test.vote",
    fields: { "observer.name": node, "test.large": "18446744073709551615" },
    slotStartUs: START_US,
    timestampsUs: Float64Array.from(numbers, (_, i) => atUs + i * 125),
    rows: { "test.number": Uint32Array.from(numbers), "test.place": Uint32Array.from(numbers, (number) => number % 7) },
  };
}

async function stored(store: EmbeddedStore): Promise<SearchHit[]> {
  await store.settled();
  return [...(await store.search(VOTES, { size: 1000, sort: ["_seq"] })).hits.hits];
}

const sourcesOf = (hits: readonly SearchHit[]) => hits.map(({ _source }) => _source);

test("the rows of a block are found like documents that came one by one, each under its own position", async () => {
  const blocks = [block([1, 2, 4_294_967_295]), block([4], { node: "n2" }), block([5, 6], { atUs: START_US - 90_000 })];
  const [together, alone] = [await openStore(newDirectory(), split), await openStore(newDirectory(), whole)];
  await together.append(blocks);
  await alone.append(blocks.flatMap(expandBlock));
  const hits = await stored(together);
  expect(hits).toEqual(await stored(alone));
  expect(hits.length).toBe(6);
  expect(together.state().rows).toBe(6);
  for (const query of [
    { term: { "test.number": 4_294_967_295 } },
    { range: { "ethereum.delay_ms": { lt: 0 } } },
    { bool: { must: [{ term: { "observer.name": "n1" } }, { range: { "test.number": { gt: 1 } } }] } },
  ]) {
    const request = { query, sort: [{ "ethereum.delay_ms": "desc" as const }] };
    const [one, other] = [await together.search(VOTES, request), await alone.search(VOTES, request)];
    expect(one.hits).toEqual(other.hits);
    expect(one.hits.hits.length).toBeGreaterThan(0);
  }
});

test("a block that spans midnight, documents between blocks and values that are missing are stored as they are", async () => {
  const store = await openStore(newDirectory(), split);
  const midnight = Math.ceil(START_US / DAY_US) * DAY_US;
  const over = block([1, 2, 3], { atUs: midnight - 200 });
  const lone = { dataset: "test.vote", timestampUs: START_US, fields: { "test.number": 2 ** 53 - 1 } };
  await store.append([over, lone, block([4])]);
  const hits = await stored(store);
  expect(hits.map(({ _source }) => (_source["test"] as { number: number }).number)).toEqual([1, 2, 3, 2 ** 53 - 1, 4]);
  expect(hits[3]?._source).toEqual({ "@timestamp": "2026-11-22T10:00:00Z", test: { number: 2 ** 53 - 1 } });
  const { datasets } = await store.use();
  expect(datasets.find(({ dataset }) => dataset === "test.vote")).toMatchObject({ rows: 5, days: 2 });
});

test("rows of a block with a field that the dataset does not have go to quarantine one by one", async () => {
  const store = await openStore(newDirectory(), split);
  await store.append([{ ...block([1, 2]), fields: { "test.unknown": 1 } }, block([3])]);
  expect((await stored(store)).length).toBe(1);
  const { hits } = await store.search("logs-ethereum.quarantine-testnet", { size: 10 });
  expect(hits.hits.length).toBe(2);
  expect(JSON.stringify(hits.hits[0]?._source)).toContain("test.unknown is not a field of test.vote");
});

test("a day that an earlier version held in one table is taken apart, and more is added to it", async () => {
  const directory = newDirectory();
  const earlier = await openStore(directory, whole);
  await earlier.append([...expandBlock(block([1, 2])), ...expandBlock(block([3], { node: "n2" }))]);
  await earlier.append([{ dataset: "test.vote", timestampUs: START_US, fields: { "test.number": 4 } }]);
  const before = await stored(earlier);
  await earlier.close();

  const later = await openStore(directory, split);
  expect(await stored(later)).toEqual(before);
  await later.append([block([5], { node: "n2" })]);
  await later.settled();
  await later.close();

  const again = await openStore(directory, split);
  await again.append([block([6], { node: "n3" })]);
  const hits = await stored(again);
  expect(sourcesOf(hits.slice(0, 4))).toEqual(sourcesOf(before));
  expect(hits.slice(4).map(({ _source }) => [_source["observer"], _source["test"]])).toEqual([
    [{ name: "n2" }, { number: 5, place: 5, large: "18446744073709551615" }],
    [{ name: "n3" }, { number: 6, place: 6, large: "18446744073709551615" }],
  ]);
});

test("a field that the catalogue gained is there for what comes after", async () => {
  const directory = newDirectory();
  const earlier = await openStore(directory, split);
  await earlier.append([block([1])]);
  await earlier.settled();
  await earlier.close();
  const word = { name: "test.word", type: "keyword" as const, words: "A word." };
  const later = await openStore(directory, { ...split, columns: [...split.columns, word] });
  await later.append([{ ...block([2]), fields: { "observer.name": "n1", "test.word": "new" } }]);
  expect(sourcesOf(await stored(later)).map(({ test }) => test)).toEqual([
    { number: 1, place: 1, large: "18446744073709551615" },
    { number: 2, place: 2, word: "new" },
  ]);
});
