import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseJsonExact } from "../../lib/json.ts";
import { readEvent } from "./event-item.ts";

const AT_US = 1_764_288_000_000_000;

const itemOf = (event: unknown) => {
  const read = readEvent(Buffer.from(JSON.stringify(event)), AT_US);
  return "item" in read ? read.item : read;
};

describe("where an event belongs", () => {
  const metadata = { beat: "filebeat", type: "_doc", version: "9.2.0" };
  test.each([
    ["a Beat and its version", metadata, {}, "filebeat-9.2.0"],
    ["a Beat alone", { beat: "Heartbeat" }, {}, "heartbeat"],
    ["raw_index as it is", { ...metadata, raw_index: "My-Index" }, {}, "my-index"],
    ["alias before all", { ...metadata, alias: "all", raw_index: "x" }, {}, "all"],
    ["index by day", { ...metadata, index: "web" }, { "@timestamp": "2026-11-28T23:59:59.999Z" }, "web-2026.11.28"],
    ["index of an event without a time", { ...metadata, index: "web" }, {}, "web-undated"],
    [
      "its own data stream",
      {},
      { data_stream: { type: "logs", dataset: "nginx.access", namespace: "prod" } },
      "logs-nginx.access-prod",
    ],
    [
      "a dotted data stream",
      {},
      { "data_stream.type": "metrics", "data_stream.dataset": "a", "data_stream.namespace": "b" },
      "metrics-a-b",
    ],
    ["half a data stream", {}, { data_stream: { type: "logs" } }, "logs-generic-default"],
    ["nothing", undefined, {}, "logs-generic-default"],
  ])("%s", (_, metadata, source, index) => {
    expect(itemOf({ "@metadata": metadata, ...source })).toMatchObject({ action: "create", index, source });
  });

  test("a name that no index can have is told, with the name", () => {
    expect(itemOf({ "@metadata": { raw_index: "../etc" } })).toEqual({
      index: "../etc",
      reason: expect.stringContaining("Invalid index name [../etc]"),
    });
  });
});

test("id, pipeline and operation come from @metadata, which is no part of the document", () => {
  const event = { "@metadata": { _id: "a", pipeline: "p", op_type: "index" }, message: "m" };
  expect(itemOf(event)).toEqual({
    action: "index",
    index: "logs-generic-default",
    id: "a",
    pipeline: "p",
    source: { message: "m" },
    receivedAtUs: AT_US,
  });
  expect(itemOf({ "@metadata": { _id: "a", op_type: "delete" }, message: "m" })).toMatchObject({
    action: "delete",
    source: {},
  });
});

test("@metadata may be dotted keys, which are no part of the document either", () => {
  const event = {
    "@metadata.beat": "packetbeat",
    "@metadata.version": "9.2.0",
    "@metadata._id": "a",
    "client.port": 1,
  };
  expect(itemOf(event)).toMatchObject({ index: "packetbeat-9.2.0", id: "a", source: { "client.port": 1 } });
  expect(itemOf(event)).toHaveProperty("source", { "client.port": 1 });
});

test("a deletion without an id and an unknown operation are told", () => {
  expect(itemOf({ "@metadata": { op_type: "delete" } })).toMatchObject({ reason: "A deletion needs an _id." });
  expect(itemOf({ "@metadata": { op_type: "upsert" } })).toMatchObject({ reason: expect.stringContaining("upsert") });
});

test("whatever comes is an item or has a reason, and every other field stays as it was", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const read = readEvent(Buffer.from(bytes), AT_US);
      expect("item" in read || read.reason.length > 0).toBe(true);
    }),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (fields) => {
      const { "@metadata": _, ...source } = fields;
      const read = itemOf(fields);
      if ("source" in read && read.action !== "delete")
        expect(read.source).toEqual(parseJsonExact(JSON.stringify(source)));
    }),
  );
});
