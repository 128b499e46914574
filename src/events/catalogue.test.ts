import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { answerOf } from "./answers/answers.ts";
import { catalogue, topicDataset, topicsLeftOut } from "./catalogue.ts";
import type { Dataset, TopicDataset } from "./dataset.ts";
import type { Json } from "./document.ts";
import { firstIssue } from "./primitives.ts";

const dataFile = (path: string) => readFileSync(new URL(`../../test/data/${path}`, import.meta.url), "utf8");
const jsonLines = (path: string) =>
  dataFile(path)
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));

/** The `topics` enumeration of the specification, read where it stands. */
function specifiedTopics(): string[] {
  const topics: string[] = [];
  let indent = -1;
  for (const line of dataFile("beacon-apis/eventstream.index.yaml").split("\n")) {
    const depth = line.search(/\S/);
    if (line.trim() === "enum:") indent = depth;
    else if (indent >= 0 && depth > indent && line.trim().startsWith("- ")) topics.push(line.trim().slice(2));
    else if (indent >= 0 && depth <= indent) return topics;
  }
  return topics;
}

const examples = jsonLines("beacon-apis/event-examples.jsonl") as { event: string; data: unknown }[];

function readingOf(dataset: TopicDataset, data: unknown) {
  const parsed = dataset.schema.safeParse(data);
  if (!parsed.success) throw new Error(firstIssue(parsed.error));
  return dataset.read(parsed.data as never);
}

/** Whether a value can stand in a column of that type. */
function fits(type: string, value: Json): boolean {
  if (Array.isArray(value)) return type === "flattened" || value.every((item) => fits(type, item));
  if (type === "long") return Number.isSafeInteger(value);
  if (type === "unsigned_long") return Number.isSafeInteger(value) || /^\d{1,20}$/.test(String(value));
  if (type === "double" || type === "date") return typeof value === "number";
  if (type === "boolean") return typeof value === "boolean";
  return type === "flattened" || typeof value === "string";
}

describe("the topics of the Beacon API", () => {
  test("the specification in hand has 24 topics", () => {
    expect(specifiedTopics()).toHaveLength(24);
    expect(specifiedTopics()).toEqual(
      expect.arrayContaining(["head", "head_v2", "fast_confirmation", "proposer_preferences"]),
    );
  });

  test("each has a dataset, or a written reason why it has none, and not both", () => {
    for (const topic of specifiedTopics()) {
      const reason = topicsLeftOut[topic];
      expect(topicDataset(topic) === undefined, topic).toBe(reason !== undefined);
      if (reason !== undefined) expect(reason.length).toBeGreaterThan(20);
    }
    expect(Object.keys(topicsLeftOut).filter((topic) => !specifiedTopics().includes(topic))).toEqual([]);
  });

  test("there is an example of each", () => {
    expect(new Set(examples.map(({ event }) => event))).toEqual(new Set(specifiedTopics()));
  });

  test.each(examples)("the specification's example of $event fills columns of its dataset", ({ event, data }) => {
    const dataset = topicDataset(event);
    if (dataset === undefined) throw new Error(`no dataset for ${event}`);
    const { fields } = readingOf(dataset, data);
    const columns = new Map(dataset.columns.map((column) => [column.name, column]));
    expect(Object.keys(fields).length).toBeGreaterThan(0);
    for (const [name, value] of Object.entries(fields)) {
      const column = columns.get(name);
      expect(column, `${event} has no column ${name}`).toBeDefined();
      if (value === undefined || value === null || column === undefined) continue;
      expect(fits(column.type, value), `${name} is ${column.type} and got ${JSON.stringify(value)}`).toBe(true);
      expect(Array.isArray(value), name).toBe(column.list === true);
    }
  });

  test.each(examples.filter(({ data }) => typeof data === "object"))(
    "an example of $event with upper-case hex reads the same",
    ({ event, data }) => {
      const dataset = topicDataset(event);
      if (dataset === undefined) throw new Error(`no dataset for ${event}`);
      const upper = JSON.parse(
        JSON.stringify(data).replace(/0x[0-9a-f]{64}(?=")/g, (hex) => `0x${hex.slice(2).toUpperCase()}`),
      );
      expect(readingOf(dataset, upper)).toEqual(readingOf(dataset, data));
    },
  );
});

describe("the catalogue", () => {
  const named = (dataset: Dataset) => dataset.columns.map(({ name }) => name);

  test("names each dataset once", () => {
    const names = catalogue.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });

  test.each(catalogue)("$name describes each of its columns once, in words", (dataset) => {
    expect(named(dataset)).toEqual([...new Set(named(dataset))]);
    expect(dataset.title.length).toBeGreaterThan(2);
    expect(dataset.words).toMatch(/\.$/);
    for (const column of dataset.columns) {
      expect(column.name).toMatch(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/);
      expect(column.words, column.name).toMatch(/\.$/);
    }
  });

  test("a field has one type over all datasets, so that one index pattern can ask them all", () => {
    const types = new Map<string, string>();
    for (const dataset of catalogue) {
      for (const { name, type } of dataset.columns) {
        expect(`${name} ${types.get(name) ?? type}`, dataset.name).toBe(`${name} ${type}`);
        types.set(name, type);
      }
    }
  });

  test("no field is the object that another one lies in", () => {
    const names = new Set(catalogue.flatMap(named));
    const inside = [...names].filter((name) =>
      name.split(".").some((_, i, parts) => i > 0 && names.has(parts.slice(0, i).join("."))),
    );
    expect(inside).toEqual([]);
  });

  test("stays far below Elasticsearch's limit of 1000 fields", () => {
    expect(new Set(catalogue.flatMap(named)).size).toBeLessThan(400);
  });

  test("streams are named as data sets of a data stream, indices as one word", () => {
    for (const { kind, name } of catalogue) {
      expect(name).toMatch(kind === "stream" ? /^ethereum\.[a-z0-9_]+$/ : /^[a-z_]+$/);
    }
  });
});

describe("REST answers", () => {
  test.each([
    ["/eth/v1/beacon/headers/head", "ethereum.header"],
    [`/eth/v1/beacon/headers/0x${"ab".repeat(32)}`, "ethereum.header"],
    [`/eth/v2/beacon/blocks/0x${"ab".repeat(32)}`, "ethereum.block_body"],
    ["/eth/v1/validator/duties/proposer/7", "ethereum.proposer_duty"],
    ["/eth/v2/validator/duties/proposer/7", "ethereum.proposer_duty"],
    ["/eth/v1/node/syncing", "ethereum.node_syncing"],
    ["/eth/v1/node/version", "ethereum.node_version"],
    ["/eth/v1/node/syncing/more", undefined],
    ["/eth/v1/beacon/headers", undefined],
    ["/anything", undefined],
  ])("%s is read as %s", (path, name) => {
    expect(answerOf(path)?.dataset.name).toBe(name);
  });
});
