import { expect, test } from "vitest";
import { fieldCaps, mappingsOf } from "./field-caps.ts";
import type { FieldType } from "./fields/field-type.ts";
import { mappingOf } from "./search-rig.ts";
import type { SearchTarget } from "./target.ts";

const column = (name: string, type: FieldType) => [name, { name, type, list: false }] as const;
const ours: SearchTarget = {
  index: "logs-test-net",
  kind: "stream",
  columns: new Map([column("test.word", "keyword"), column("test.remark", "text"), column("code", "long")]),
  tables: [],
};
const properties = {
  message: { type: "text", fields: { keyword: { type: "keyword", ignore_above: 256 } } },
  host: { properties: { name: { type: "keyword" }, constructor: { type: "long" } } },
  code: { type: "keyword" },
  dns: { type: "nested", properties: { ttl: { type: "long" } } },
} as const;
const theirs: SearchTarget = {
  index: "metricbeat",
  kind: "stream",
  columns: new Map(),
  foreign: { mapping: mappingOf({ properties }) },
  tables: [],
};

test("each field is told with what can be done with it, by type where indices differ", () => {
  const { indices, fields } = fieldCaps([ours, theirs], ["*"]);
  expect(indices).toEqual(["logs-test-net", "metricbeat"]);
  const plain = { metadata_field: false, searchable: true, aggregatable: true };
  expect(fields).toMatchObject({
    "@timestamp": { date: { type: "date", ...plain } },
    "test.word": { keyword: { type: "keyword", ...plain } },
    "test.remark": { text: { type: "text", searchable: true, aggregatable: false } },
    test: { object: { type: "object", searchable: false, aggregatable: false } },
    "message.keyword": { keyword: { type: "keyword", ...plain } },
    code: {
      long: { type: "long", ...plain, indices: ["logs-test-net"] },
      keyword: { type: "keyword", ...plain, indices: ["metricbeat"] },
    },
    _id: { _id: { metadata_field: true } },
  });
  expect(Object.keys(fieldCaps([ours, theirs], ["host.*", "absent"]).fields)).toEqual([
    "host.constructor",
    "host.name",
  ]);
});

test("a mapping is written as it was put", () => {
  const mappings = mappingsOf([ours, theirs]);
  expect(mappings["metricbeat"]).toEqual({
    mappings: { properties: { "@timestamp": { type: "date" }, ...properties } },
  });
  expect(mappings["logs-test-net"]).toEqual({
    mappings: {
      properties: {
        "@timestamp": { type: "date" },
        code: { type: "long" },
        test: { properties: { word: { type: "keyword" }, remark: { type: "text" } } },
      },
    },
  });
});
