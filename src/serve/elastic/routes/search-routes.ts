import type { JsonObject } from "../../../events/foreign.ts";
import { illegalArgument, refusal, validationFailed } from "../../../events/refusal.ts";
import { readDurationMs } from "../../../events/time-value.ts";
import { INDICES_PARAMETERS, type IndicesOptions, indicesOptionsOf } from "../index-names.ts";
import type { Names } from "../names.ts";
import type { FaceAnswer, FaceRequest, FaceRoute } from "../route.ts";
import { firstPage } from "../scroll-pages.ts";
import { exactTotals, searchAnswer, shardsOf } from "../search-answer.ts";
import type { SearchBackend } from "../search-backend.ts";
import { QUERY_PARAMETERS, queryOf, SEARCH_PARAMETERS, searchBody, TUNING_PARAMETERS } from "../search-body.ts";
import type { SearchContexts } from "../search-contexts.ts";

type Deps = { search: SearchBackend; names: Names; contexts: SearchContexts };

/** `_search` and `_count`. */
export function searchRoutes(deps: Deps): readonly FaceRoute[] {
  const { search, names } = deps;
  return [
    {
      methods: ["GET", "POST"],
      paths: ["/_search", "/{index}/_search"],
      parameters: [
        ...SEARCH_PARAMETERS,
        ...TUNING_PARAMETERS,
        ...INDICES_PARAMETERS,
        "scroll",
        "typed_keys",
        "rest_total_hits_as_int",
      ],
      privilege: "read",
      action: "indices:data/read/search",
      async handle(request) {
        const { parameters, signal } = request;
        const body = searchBody(await request.body.optionalObject(), parameters);
        const typedKeys = parameters.flag("typed_keys") ?? false;
        const totalAsInt = parameters.flag("rest_total_hits_as_int") ?? false;
        const options = indicesOptionsOf(parameters);
        const { index } = request.path;
        const scroll = parameters.text("scroll");
        if (scroll !== undefined) return scrolled({ deps, request, body, scroll });
        return { json: await searchOnce({ deps, body, index, options, typedKeys, totalAsInt, signal }) };
      },
    },
    {
      methods: ["GET", "POST"],
      paths: ["/_count", "/{index}/_count"],
      parameters: [...QUERY_PARAMETERS, ...INDICES_PARAMETERS, "preference", "routing", "min_score", "terminate_after"],
      privilege: "read",
      action: "indices:data/read/search",
      async handle({ path, parameters, body, signal }) {
        const told = (await body.optionalObject()) ?? {};
        const strange = Object.keys(told).find((key) => key !== "query");
        if (strange !== undefined) {
          throw refusal({ type: "parsing_exception", reason: `request does not support [${strange}]`, status: 400 });
        }
        const indices = await names.resolve({
          expression: path["index"],
          options: indicesOptionsOf(parameters),
          signal,
        });
        const query = queryOf(parameters) ?? told["query"];
        const result = await search.search({
          indices,
          body: { size: 0, track_total_hits: true, ...(query === undefined ? {} : { query }) },
          typedKeys: false,
          signal,
        });
        const { value } = result.hits["total"] as { value: number };
        return { json: { count: value, _shards: shardsOf(indices) } };
      },
    },
  ];
}

/** One search, over the indices of its path or of its point in time. */
export async function searchOnce(input: {
  deps: Deps;
  body: JsonObject;
  index: string | undefined;
  options: IndicesOptions;
  typedKeys: boolean;
  totalAsInt: boolean;
  signal: AbortSignal;
}): Promise<JsonObject> {
  const { deps, index, options, typedKeys, totalAsInt, signal } = input;
  const { search, names, contexts } = deps;
  const { pit, ...rest } = exactTotals(input.body, totalAsInt);
  if (pit === undefined) {
    const indices = await names.resolve({ expression: index, options, signal });
    const result = await search.search({ indices, body: rest, typedKeys, signal });
    return searchAnswer({ result, indices, totalAsInt });
  }
  if (index !== undefined) {
    throw validationFailed("[indices] cannot be used with point in time. Do not specify any index with point in time.");
  }
  const { id, keep_alive: keepAlive } = pit as JsonObject;
  if (typeof id !== "string") throw illegalArgument("[pit] needs an [id]");
  const keepAliveMs = typeof keepAlive === "string" ? readDurationMs(keepAlive, "keep_alive") : undefined;
  const { indices, maxSeq } = contexts.use("pit", id, keepAliveMs);
  const result = await search.search({ indices, body: withTieBreak(rest), typedKeys, maxSeq, signal });
  return searchAnswer({ result, indices, ids: { pit_id: id }, totalAsInt });
}

/** A sorted search of a point in time goes on without gaps, since no two documents are the same to it. */
function withTieBreak(body: JsonObject): JsonObject {
  const { sort } = body;
  if (sort === undefined) return body;
  const keys = Array.isArray(sort) ? sort : [sort];
  const isBroken = keys.some((key) => JSON.stringify(key).includes('"_shard_doc"'));
  return isBroken ? body : { ...body, sort: [...keys, { _shard_doc: "asc" }] };
}

async function scrolled(input: {
  deps: Deps;
  request: FaceRequest;
  body: JsonObject;
  scroll: string;
}): Promise<FaceAnswer> {
  const { deps, request, body, scroll } = input;
  const { search, names, contexts } = deps;
  const { parameters, path, signal } = request;
  const keepAliveMs = readDurationMs(scroll, "scroll");
  if (body["pit"] !== undefined) throw validationFailed("using [point in time] is not allowed in a scroll context");
  const options = indicesOptionsOf(parameters);
  const indices = await names.resolve({ expression: path["index"], options, signal });
  const totalAsInt = parameters.flag("rest_total_hits_as_int") ?? false;
  const typedKeys = parameters.flag("typed_keys") ?? false;
  return { json: await firstPage({ search, contexts, indices, body, keepAliveMs, typedKeys, totalAsInt, signal }) };
}
