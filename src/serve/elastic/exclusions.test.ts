import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type StoredFace, startStoredFace } from "../../../test/rigs/stored-face.ts";
import { EVENTS, event, QUARANTINE, THINGS, thing } from "../../store/contract-data.ts";

const STREAM_A = "logs-a-default";
const STREAM_B = "logs-b-default";
const INDEX_A = "lines-a";
const INDEX_B = "lines-b";
const FOREIGN = [INDEX_A, INDEX_B, STREAM_A, STREAM_B];

let face: StoredFace;
beforeAll(async () => {
  face = await startStoredFace();
  await face.store.append([event(1), thing("t", { "test.number": 1 })]);
  const source = { "@timestamp": "2026-11-22T10:00:00Z", n: 1 };
  const lines = FOREIGN.flatMap((_index) => [{ create: { _index } }, source]);
  expect((await face.bulk(lines, "/_bulk?refresh=true")).body.errors).toBe(false);
  await face.ask("PUT", `/${INDEX_A}/_alias/a`);
  await face.ask("PUT", `/${INDEX_B}/_alias/b`);
});
afterAll(() => face?.close());

type Named = { name: string };
/** The indices that an expression reaches, by what each operation tells; all of them in order. */
const ASKED: readonly [string, (expression: string) => Promise<readonly string[]>][] = [
  [
    "_search",
    async (expression) => {
      const { body } = await face.ask("POST", `/${expression}/_search`, { body: { size: 100 } });
      const hits: { _index: string }[] = body.hits.hits;
      // The quarantine holds nothing.
      const empty = body._shards.total > new Set(hits.map(({ _index }) => _index)).size ? [QUARANTINE] : [];
      return [...new Set(hits.map(({ _index }) => _index)), ...empty].sort();
    },
  ],
  [
    "_field_caps",
    async (expression) => (await face.ask("GET", `/${expression}/_field_caps?fields=@timestamp`)).body.indices,
  ],
  [
    "_cat/indices",
    async (expression) =>
      (await face.ask("GET", `/_cat/indices/${expression}?format=json&h=index`)).body.map(
        ({ index }: { index: string }) => index,
      ),
  ],
  [
    "_resolve/index",
    async (expression) => {
      const { indices, data_streams: streams } = (await face.ask("GET", `/_resolve/index/${expression}`)).body;
      return [...indices, ...streams].map(({ name }: Named) => name).sort();
    },
  ],
];

describe.each(ASKED)("%s", (_operation, reached) => {
  test.each([
    ["logs-*,-logs-a-*", [STREAM_B, QUARANTINE, EVENTS]],
    ["logs-*,-logs-a-default,-logs-ethereum.*", [STREAM_B, EVENTS]],
    ["*,-logs-*", [THINGS, INDEX_A, INDEX_B]],
    ["*,-lines-*,-ethmon-*", [STREAM_A, STREAM_B, QUARANTINE, EVENTS]],
    // What is taken away is there again where a later part names it.
    ["*,-*,lines-b", [INDEX_B]],
    ["lines-*,-logs-*,logs-a-*", [INDEX_A, INDEX_B, STREAM_A]],
    // Of what is not there nothing is taken away.
    ["lines-*,-absent", [INDEX_A, INDEX_B]],
  ])("%s reaches %j", async (expression, expected) => {
    expect(await reached(expression)).toEqual([...expected].sort());
  });
});

test("_resolve/index leaves out aliases, too", async () => {
  const { aliases } = (await face.ask("GET", "/_resolve/index/*,-b")).body;
  expect(aliases).toEqual([{ name: "a", indices: [INDEX_A] }]);
});

test.each(["_search", "_field_caps?fields=*"])(
  "%s takes `-` before any wildcard for a name's beginning",
  async (op) => {
    expect(await face.ask("GET", `/lines-a,-lines-b/${op}`)).toMatchObject({
      status: 404,
      body: { error: { type: "index_not_found_exception", reason: "no such index [-lines-b]" } },
    });
  },
);
