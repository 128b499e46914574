import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Json } from "../events/document.ts";
import type { ErrorBody } from "./search-fault.ts";
import { createSearchRig, mappingOf, type SearchRig } from "./search-rig.ts";

/** What a real engine answered over the same documents; see SOURCE.txt beside the data. */
type Recorded = { query: object; error?: string; cause?: string };
type RecordedQuery = Recorded & { ids?: string };
type RecordedAggregations = Recorded & { aggs: object; aggregations?: Json };

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../test/data/search-answers/${name}`, import.meta.url), "utf8")) as T;
}

let rig: SearchRig;
beforeAll(async () => {
  rig = await createSearchRig({
    indices: [
      {
        index: "recorded",
        mapping: mappingOf(read("mapping.json")),
        columns: ["level", "n", "message", "ip"],
        documents: read("documents.json"),
      },
    ],
  });
});
afterAll(() => rig.close());

async function errorOf(body: object): Promise<Pick<Recorded, "error" | "cause">> {
  const caught: unknown = await rig.search(body).catch((error: unknown) => error);
  const { error } = (caught as { details: ErrorBody }).details;
  return { error: error.type, cause: error.root_cause[0]?.type ?? "" };
}

/** Sums differ in their last digits by the order in which they are added up. */
function rounded(value: Json): Json {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : Number(value.toPrecision(10));
  if (Array.isArray(value)) return (value as Json[]).map(rounded);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== "_index");
  return Object.fromEntries(entries.map(([key, inner]) => [key, rounded(inner as Json)]));
}

describe("a query finds what a real engine finds", () => {
  test.each(
    read<RecordedQuery[]>("queries.json").map((recorded) => [JSON.stringify(recorded.query), recorded] as const),
  )("%s", async (_, { query, ids, error, cause }) => {
    const body = { query, size: 200, sort: [{ i: "asc" }, { "@timestamp": "asc" }], _source: false };
    if (ids === undefined) {
      expect(await errorOf(body)).toEqual({ error, cause });
      return;
    }
    const { hits } = await rig.search(body);
    expect(hits.hits.map(({ _id }) => _id).join(" ")).toBe(ids);
    expect(hits.total).toEqual({ value: hits.hits.length, relation: "eq" });
  });
});

describe("aggregations are those of a real engine", () => {
  const recorded = read<RecordedAggregations[]>("aggregations.json");
  test.each(recorded.map((one) => [`${JSON.stringify(one.aggs)} of ${JSON.stringify(one.query)}`, one] as const))(
    "%s",
    async (_, { query, aggs, aggregations, error, cause }) => {
      const body = { query, size: 0, aggs };
      if (aggregations === undefined) {
        expect(await errorOf(body)).toEqual({ error, cause });
        return;
      }
      const answer = await rig.search(body, { typedKeys: true });
      expect(rounded(answer.aggregations as Json)).toEqual(rounded(aggregations));
    },
  );
});
