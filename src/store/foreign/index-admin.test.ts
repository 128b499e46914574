import { describe, expect, it } from "vitest";
import { createForeignRig, type ForeignRig, itemOf } from "../../../test/rigs/foreign-rig.ts";
import type { ForeignItem, Outcome } from "../../events/foreign.ts";

async function one(rig: ForeignRig, item: ForeignItem): Promise<Outcome | undefined> {
  return (await rig.sink.write([item]))[0];
}

describe("indices as such", () => {
  it("are made with what the request and the templates say, changed and removed", async () => {
    const rig = createForeignRig();
    rig.templates.legacy_template.set("all", {
      index_patterns: ["*"],
      order: 0,
      mappings: { properties: { t: { type: "keyword" } } },
    });
    const { sink } = rig;
    await sink.createIndex({
      name: "books",
      settings: { number_of_shards: 3, "mapping.total_fields.limit": 5 },
      mappings: { properties: { n: { type: "long" } } },
    });
    await expect(sink.createIndex({ name: "books" })).rejects.toMatchObject({
      details: { status: 400, error: { type: "resource_already_exists_exception" } },
    });
    expect(await sink.settings("books")).toEqual({
      index: { number_of_shards: "3", mapping: { total_fields: { limit: "5" } } },
    });
    await sink.putMapping({ name: "books", mapping: { properties: { d: { type: "date" } } } });
    await expect(
      sink.putMapping({ name: "books", mapping: { properties: { n: { type: "text" } } } }),
    ).rejects.toMatchObject({ message: "mapper [n] cannot be changed from type [long] to [text]" });
    expect(rig.tables.journal.indices.get("books")?.mapping).toEqual({
      properties: { d: { type: "date" }, n: { type: "long" }, t: { type: "keyword" } },
    });
    await one(rig, itemOf("index", "books", { n: 1 }, { id: "x" }));
    expect(await one(rig.restarted(), itemOf("index", "books", { a: 1, b: 1, c: 1 }))).toMatchObject({ status: 400 });
    await sink.remove("books");
    await expect(sink.remove("books")).rejects.toMatchObject({ details: { status: 404 } });
    await expect(sink.get({ index: "books", id: "x" })).rejects.toMatchObject({ details: { status: 404 } });
    expect(await one(rig, itemOf("create", "books", { n: "1" }, { id: "x" }))).toMatchObject({
      status: 201,
      _version: 1,
    });
  });

  it("that are data streams have a template, and no others", async () => {
    const { sink, tables } = createForeignRig();
    await sink.createStream("logs-a-b");
    expect(tables.journal.indices.get("logs-a-b")).toMatchObject({ kind: "stream" });
    await expect(sink.createStream("books")).rejects.toMatchObject({
      message: "no matching index template found for data stream [books]",
    });
    await expect(sink.createIndex({ name: "logs-a-c" })).rejects.toMatchObject({
      message: expect.stringContaining("creates data streams only"),
    });
    await expect(sink.createIndex({ name: "ethmon-slot-x" })).rejects.toMatchObject({ details: { status: 403 } });
  });
});
