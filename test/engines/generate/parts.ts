import fc, { type Arbitrary } from "fast-check";
import type { JsonObject } from "../../../src/events/foreign.ts";
import { aggregations, pipelineAggregations } from "./aggregations.ts";
import type { Pool } from "./fields.ts";
import { pages, shownParts, sorts } from "./hits.ts";
import { queries } from "./queries.ts";
import { wrongRequests } from "./wrong.ts";

/** A request to both sides. */
export type Asked = { body: JsonObject; typedKeys: boolean };

/** One part of the language, and how much of all requests is about it. */
export type Part = { name: string; share: number; requests: Arbitrary<Asked> };

export function languageParts(pool: Pool): readonly Part[] {
  const plainly = (body: JsonObject): Asked => ({ body, typedKeys: false });
  const all = { size: 1000, _source: false, track_total_hits: true };
  const parts: readonly Part[] = [
    {
      name: "queries",
      share: 0.36,
      requests: fc.tuple(queries(pool), sorts(pool)).map(([query, sort]) => plainly({ ...all, query, sort })),
    },
    {
      name: "hits",
      share: 0.2,
      requests: fc
        .tuple(queries(pool, 1), fc.option(queries(pool, 0)), sorts(pool), pages(), shownParts(pool))
        .map(([query, post, sort, page, shown]) =>
          plainly({ query, ...(post === null ? page : postFiltered(page, post)), sort, ...shown }),
        ),
    },
    {
      name: "aggregations",
      share: 0.26,
      requests: fc
        .tuple(fc.option(queries(pool, 1)), aggregations(pool), fc.boolean())
        .map(([query, aggs, typedKeys]) => ({
          body: { size: 0, ...(query === null ? {} : { query }), aggs },
          typedKeys,
        })),
    },
    {
      name: "pipelines",
      share: 0.1,
      requests: fc
        .tuple(fc.option(queries(pool, 0)), pipelineAggregations(pool), fc.boolean())
        .map(([query, aggs, typedKeys]) => ({
          body: { size: 0, ...(query === null ? {} : { query }), aggs },
          typedKeys,
        })),
    },
    { name: "wrong requests", share: 0.08, requests: wrongRequests(pool).map(plainly) },
  ];
  // The small Elasticsearch has no pipeline aggregations.
  return parts.filter(({ name }) => pool.engine === "opensearch" || name !== "pipelines");
}

/** With a post_filter OpenSearch stops at a bound for the total before it has found its hits, and has none. */
function postFiltered({ track_total_hits: total, ...page }: JsonObject, post: JsonObject): JsonObject {
  return { ...page, post_filter: post, ...(typeof total === "boolean" ? { track_total_hits: total } : {}) };
}
