import type { Json } from "../../../events/document.ts";
import type { JsonObject } from "../../../events/foreign.ts";
import { illegalArgument, validationFailed } from "../../../events/refusal.ts";
import { readDurationMs } from "../../../events/time-value.ts";
import type { Clock } from "../../../lib/clock.ts";
import { INDICES_PARAMETERS, indicesOptionsOf } from "../index-names.ts";
import type { Names } from "../names.ts";
import type { FaceAnswer, FaceRequest, FaceRoute } from "../route.ts";
import { nextPage } from "../scroll-pages.ts";
import { shardsOf } from "../search-answer.ts";
import type { SearchBackend } from "../search-backend.ts";
import type { SearchContexts } from "../search-contexts.ts";

/** Scrolls and points in time, the latter under Elasticsearch's and OpenSearch's names. */
export function contextRoutes(deps: {
  search: SearchBackend;
  names: Names;
  contexts: SearchContexts;
  clock: Clock;
}): readonly FaceRoute[] {
  const { search, names, contexts, clock } = deps;

  const open = async ({ path, parameters, body, signal }: FaceRequest) => {
    const keepAlive = parameters.text("keep_alive");
    if (keepAlive === undefined) throw validationFailed("[keep_alive] is not specified");
    const keepAliveMs = readDurationMs(keepAlive, "keep_alive");
    const strange = Object.keys((await body.optionalObject()) ?? {})[0];
    if (strange !== undefined) throw illegalArgument(`[${strange}] is not supported in opening a point in time`);
    const indices = await names.resolve({ expression: path["index"], options: indicesOptionsOf(parameters), signal });
    const maxSeq = await search.newestSeq(signal);
    return { id: contexts.open({ kind: "pit", indices, maxSeq }, keepAliveMs), indices };
  };
  const freed = (count: number): FaceAnswer => ({
    status: count === 0 ? 404 : 200,
    json: { succeeded: true, num_freed: count },
  });
  const openParameters = [...INDICES_PARAMETERS, "keep_alive", "routing", "preference", "allow_partial_pit_creation"];

  return [
    {
      methods: ["POST"],
      paths: ["/{index}/_pit"],
      parameters: [...openParameters, "allow_partial_search_results", "max_concurrent_shard_requests"],
      privilege: "read",
      action: "indices:data/read/open_point_in_time",
      handle: async (request) => {
        const { id, indices } = await open(request);
        return { json: { id, _shards: shardsOf(indices) } };
      },
    },
    {
      methods: ["DELETE"],
      paths: ["/_pit"],
      privilege: "read",
      action: "indices:data/read/close_point_in_time",
      handle: async ({ body }) => freed(contexts.close("pit", idsOf((await body.object())["id"], "id"))),
    },
    {
      methods: ["POST"],
      paths: ["/{index}/_search/point_in_time"],
      parameters: openParameters,
      privilege: "read",
      action: "indices:data/read/point_in_time/create",
      handle: async (request) => {
        const { id, indices } = await open(request);
        return { json: { pit_id: id, _shards: shardsOf(indices), creation_time: Math.floor(clock.nowUs() / 1000) } };
      },
    },
    {
      methods: ["DELETE"],
      paths: ["/_search/point_in_time"],
      privilege: "read",
      action: "indices:data/read/point_in_time/delete",
      handle: async ({ body }) => {
        const ids = idsOf((await body.object())["pit_id"], "pit_id");
        const pits = ids.map((id) => ({ pit_id: id, successful: contexts.close("pit", [id]) === 1 }));
        return { json: { pits } };
      },
    },
    {
      methods: ["DELETE"],
      paths: ["/_search/point_in_time/_all"],
      privilege: "manage",
      action: "indices:data/read/point_in_time/delete",
      handle: () => freed(contexts.closeAll("pit")),
    },
    {
      methods: ["GET", "POST"],
      paths: ["/_search/scroll", "/_search/scroll/{scroll_id}"],
      parameters: ["scroll", "scroll_id", "rest_total_hits_as_int"],
      privilege: "read",
      action: "indices:data/read/scroll",
      handle: async ({ path, parameters, body, signal }) => {
        const told = (await body.optionalObject()) ?? {};
        const id = told["scroll_id"] ?? path["scroll_id"] ?? parameters.text("scroll_id");
        if (typeof id !== "string") throw validationFailed("scrollId is missing");
        const keepAlive = told["scroll"] ?? parameters.text("scroll");
        const keepAliveMs = typeof keepAlive === "string" ? readDurationMs(keepAlive, "scroll") : undefined;
        const totalAsInt = parameters.flag("rest_total_hits_as_int") ?? false;
        return { json: await nextPage({ search, contexts, id, keepAliveMs, totalAsInt, signal }) };
      },
    },
    {
      methods: ["DELETE"],
      paths: ["/_search/scroll", "/_search/scroll/{scroll_id}"],
      parameters: ["scroll_id"],
      privilege: "read",
      action: "indices:data/read/scroll/clear",
      handle: async ({ path, parameters, body }) => {
        const told: JsonObject = (await body.optionalObject()) ?? {};
        const inUrl = path["scroll_id"] ?? parameters.text("scroll_id");
        const ids = idsOf(told["scroll_id"] ?? inUrl?.split(","), "scroll_id");
        return freed(ids.includes("_all") ? contexts.closeAll("scroll") : contexts.close("scroll", ids));
      },
    },
  ];
}

function idsOf(value: Json | undefined, name: string): readonly string[] {
  const ids = Array.isArray(value) ? value : value === undefined ? [] : [value];
  if (ids.length === 0) throw validationFailed(`no ${name === "scroll_id" ? "scroll ids" : name} specified`);
  return ids.map((id: Json) => {
    if (typeof id === "string") return id;
    throw illegalArgument(`[${name}] must be a string or a list of them`);
  });
}
