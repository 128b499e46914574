import { expect, test } from "vitest";
import { catalogue } from "../../events/catalogue.ts";
import { fieldCaps } from "./field-caps.ts";
import { createIndexCatalogue } from "./index-catalogue.ts";

const other = {
  name: "app",
  kind: "index" as const,
  createdMs: 5,
  mapping: {
    properties: {
      place: { type: "geo_point" },
      title: { type: "text", fields: { keyword: { type: "keyword" } } },
      word: { type: "alias", path: "title.keyword" },
    },
  },
};
const indices = createIndexCatalogue({
  datasets: catalogue,
  network: "mainnet",
  foreign: async () => [other],
  uses: async () => new Map([["app", { documents: 3, bytes: 9 }]]),
});

test("all indices are told by name, our own beside those of others", async () => {
  const views = await indices.indices();
  expect(views).toHaveLength(catalogue.length + 1);
  expect(views[0]).toEqual({ name: "app", kind: "index", createdMs: 5, documents: 3, bytes: 9 });
  expect(views).toContainEqual({ name: "logs-ethereum.block-mainnet", kind: "data_stream", documents: 0, bytes: 0 });
});

test("every column of our own datasets is a field of its mapping", async () => {
  const views = await indices.indices();
  const mappings = await indices.mappings(views.map(({ name }) => name));
  const { fields } = fieldCaps(mappings, { fields: ["*"], filters: [], types: [], includeUnmapped: false });
  const names = new Set(catalogue.flatMap(({ columns }) => columns.map(({ name }) => name)));
  for (const name of names) expect(fields).toHaveProperty([name]);
  expect(await indices.mappings(["none"])).toEqual(new Map());
});

test("aliases have the type of their field, and what is kept alone cannot be searched", async () => {
  const caps = fieldCaps(await indices.mappings(["app"]), {
    fields: ["word", "place"],
    filters: [],
    types: [],
    includeUnmapped: false,
  });
  expect(caps["fields"]).toMatchObject({
    word: { keyword: { searchable: true, aggregatable: true } },
    place: { geo_point: { searchable: false, aggregatable: false } },
  });
});
