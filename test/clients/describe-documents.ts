import { Client } from "@elastic/elasticsearch";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

type Server = { name: string; slot?: number; seen?: string; note?: string };

/** Single documents by their ids, and what their index tells, over the face at an address, whatever store is behind it. */
export function describeDocuments(url: () => string): void {
  describe("documents by id", () => {
    const index = "servers";
    let client: Client;
    beforeAll(async () => {
      client = new Client({ node: url() });
      await client.indices.create({
        index,
        mappings: { properties: { name: { type: "keyword" }, slot: { type: "long" }, seen: { type: "date" } } },
      });
    });
    afterAll(() => client?.close());

    test("are written, read, changed in part and deleted", async () => {
      const seen = "2026-11-28T10:00:00.123456Z";
      const made = await client.index({ index, id: "a", document: { name: "n1", slot: 7, seen }, refresh: true });
      expect(made).toMatchObject({ result: "created", _version: 1 });
      const got = await client.get<Server>({ index, id: "a" });
      expect(got).toMatchObject({ found: true, _version: 1, _source: { name: "n1", slot: 7, seen } });

      const changed = await client.update({ index, id: "a", doc: { slot: 8, note: "moved" }, refresh: true });
      expect(changed).toMatchObject({ result: "updated", _version: 2 });
      expect((await client.get<Server>({ index, id: "a" }))._source).toEqual({
        name: "n1",
        slot: 8,
        seen,
        note: "moved",
      });
      expect(await idsWith({ term: { slot: 8 } })).toEqual(["a"]);
      expect(await idsWith({ term: { slot: 7 } })).toEqual([]);
      expect(await idsWith({ match: { note: "MOVED" } })).toEqual(["a"]);

      expect(await client.delete({ index, id: "a", refresh: true })).toMatchObject({ result: "deleted", _version: 3 });
      expect(await client.exists({ index, id: "a" })).toBe(false);
      expect(await idsWith({ match_all: {} })).toEqual([]);
      await expect(client.delete({ index, id: "a" })).rejects.toMatchObject({ statusCode: 404 });
      expect(await client.index({ index, id: "a", document: { name: "n1" } })).toMatchObject({ result: "created" });
      await client.delete({ index, id: "a", refresh: true });
    });

    test("are written once by `create`, and by their sequence number only if nobody else wrote", async () => {
      const { _seq_no: first } = await client.create({ index, id: "b", document: { name: "n2" } });
      await expect(client.create({ index, id: "b", document: { name: "other" } })).rejects.toMatchObject({
        statusCode: 409,
        meta: { body: { error: { type: "version_conflict_engine_exception" } } },
      });
      const write = (seqNo: number) =>
        client.index({
          index,
          id: "b",
          document: { name: "n2", slot: seqNo },
          if_seq_no: seqNo,
          if_primary_term: 1,
          refresh: true,
        });
      await write(Number(first));
      await expect(write(Number(first))).rejects.toMatchObject({ statusCode: 409 });
      expect((await client.get<Server>({ index, id: "b" }))._source).toEqual({ name: "n2", slot: first });
      await client.delete({ index, id: "b", refresh: true });
    });

    test("carry the versions that their sender gives them, and no older one replaces a newer", async () => {
      const write = (version: number) =>
        client.index({ index, id: "c", document: { slot: version }, version, version_type: "external", refresh: true });
      // As from a sender that counts milliseconds.
      const [old, middle, young] = [1_764_288_000_005, 1_764_288_000_007, 1_764_288_000_009];
      expect(await write(old)).toMatchObject({ _version: old });
      expect(await write(young)).toMatchObject({ _version: young });
      await expect(write(middle)).rejects.toMatchObject({ statusCode: 409 });
      const found = await client.search<Server>({ index, query: { ids: { values: ["c"] } } });
      expect(found.hits.hits.map((hit) => hit._source)).toEqual([{ slot: young }]);
      expect(await client.get({ index, id: "c" })).toMatchObject({ _version: young });
      await client.delete({ index, id: "c", version: young + 1, version_type: "external", refresh: true });
    });

    test("are refused one by one where a value does not fit the index's mapping", async () => {
      const { errors, items } = await client.bulk<{ slot: unknown }>({
        refresh: true,
        operations: [
          { index: { _index: index, _id: "d" } },
          { slot: 1 },
          { index: { _index: index, _id: "e" } },
          { slot: "not a number" },
          { update: { _index: index, _id: "nobody" } },
          { doc: { slot: 2 } },
        ],
      });
      expect(errors).toBe(true);
      expect(items.map((item) => Object.values(item)[0]?.status)).toEqual([201, 400, 404]);
      expect(await idsWith({ exists: { field: "slot" } })).toEqual(["d"]);
      await client.delete({ index, id: "d", refresh: true });
    });

    test("map new fields as Elasticsearch does, and an index is removed with all that it held", async () => {
      await client.index({
        index,
        id: "f",
        document: { note: "two words", peers: { inbound: 3 }, up: true },
        refresh: true,
      });
      const { [index]: told } = await client.indices.getMapping({ index });
      expect(told?.mappings.properties).toMatchObject({
        name: { type: "keyword" },
        note: { type: "text", fields: { keyword: { type: "keyword", ignore_above: 256 } } },
        peers: { properties: { inbound: { type: "long" } } },
        up: { type: "boolean" },
      });
      expect(await idsWith({ range: { "peers.inbound": { gte: 3 } } })).toEqual(["f"]);
      expect(await idsWith({ term: { "note.keyword": "two words" } })).toEqual(["f"]);
      await client.indices.delete({ index });
      expect(await client.indices.exists({ index })).toBe(false);
      await client.index({ index, id: "g", document: { name: "after" }, refresh: true });
      expect(await idsWith({ match_all: {} })).toEqual(["g"]);
      await client.indices.delete({ index });
    });

    async function idsWith(query: NonNullable<Parameters<Client["search"]>[0]>["query"]): Promise<unknown[]> {
      const { hits } = await client.search({ index, ...(query === undefined ? {} : { query }), size: 100 });
      return hits.hits.map(({ _id }) => _id);
    }
  });
}
