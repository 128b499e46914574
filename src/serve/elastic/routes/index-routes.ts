import type { Json } from "../../../events/document.ts";
import type { ForeignSink, IndexAdmin, JsonObject } from "../../../events/foreign.ts";
import { flatSettings, normalSettings } from "../../../events/index-settings.ts";
import { illegalArgument, validationFailed } from "../../../events/refusal.ts";
import { wildcard } from "../../../lib/wildcard.ts";
import { fieldCaps } from "../field-caps.ts";
import { INDICES_PARAMETERS, indicesOptionsOf } from "../index-names.ts";
import type { Names } from "../names.ts";
import type { FaceRequest, FaceRoute } from "../route.ts";
import { shardsOf } from "../search-answer.ts";
import type { IndexView, SearchBackend } from "../search-backend.ts";

/** What indices are: mappings, fields, existence; and `_refresh`. */
export function indexRoutes(deps: {
  search: SearchBackend;
  names: Names;
  sink: ForeignSink;
  admin: IndexAdmin;
}): readonly FaceRoute[] {
  const { search, names, sink, admin } = deps;
  const settingsOf = async (name: string, views: ReadonlyMap<string, IndexView>): Promise<JsonObject> => {
    const createdMs = views.get(name)?.createdMs;
    const { index } = (await admin.settings(name)) ?? {};
    return {
      index: {
        ...(index as JsonObject | undefined),
        number_of_shards: "1",
        number_of_replicas: "0",
        provided_name: name,
        ...(createdMs === undefined ? {} : { creation_date: String(Math.round(createdMs)) }),
      },
    };
  };
  const viewsByName = async (signal: AbortSignal) =>
    new Map((await names.views(signal)).map((view) => [view.name, view]));
  const indicesOf = ({ path, parameters, signal }: FaceRequest) =>
    names.resolve({ expression: path["index"], options: indicesOptionsOf(parameters), signal });
  const aliasesOf = (index: string): JsonObject =>
    Object.fromEntries(
      [...names.aliases()].filter(([, targets]) => targets.includes(index)).map(([alias]) => [alias, {}]),
    );

  return [
    {
      methods: ["GET"],
      paths: ["/_mapping", "/{index}/_mapping"],
      parameters: [...INDICES_PARAMETERS, "local", "master_timeout"],
      privilege: "read",
      action: "indices:admin/mappings/get",
      async handle(request) {
        const mappings = await search.mappings(await indicesOf(request), request.signal);
        return { json: Object.fromEntries([...mappings].map(([name, mapping]) => [name, { mappings: mapping }])) };
      },
    },
    {
      methods: ["GET", "POST"],
      paths: ["/_field_caps", "/{index}/_field_caps"],
      parameters: [...INDICES_PARAMETERS, "fields", "filters", "types", "include_unmapped", "include_empty_fields"],
      privilege: "read",
      action: "indices:data/read/field_caps",
      async handle(request) {
        const { parameters, body, signal } = request;
        const told = (await body.optionalObject()) ?? {};
        const fields = parameters.list("fields") ?? wordsOf(told["fields"]);
        if (fields.length === 0) throw validationFailed("no fields specified");
        const strange = Object.keys(told).find((key) => key !== "fields" && key !== "index_filter");
        if (strange !== undefined) throw illegalArgument(`[${strange}] is not supported by _field_caps`);
        const indices = await matching(await indicesOf(request), told["index_filter"], signal);
        const caps = {
          fields,
          filters: parameters.list("filters") ?? [],
          types: parameters.list("types") ?? [],
          includeUnmapped: parameters.flag("include_unmapped") ?? false,
        };
        return { json: fieldCaps(await search.mappings(indices, signal), caps) };
      },
    },
    {
      methods: ["GET", "HEAD"],
      paths: ["/{index}"],
      parameters: [...INDICES_PARAMETERS, "local", "master_timeout", "flat_settings", "include_defaults", "features"],
      privilege: "read",
      action: "indices:admin/get",
      async handle(request) {
        const indices = await indicesOf(request);
        const mappings = await search.mappings(indices, request.signal);
        const views = await viewsByName(request.signal);
        const told: [string, Json][] = [];
        for (const name of indices) {
          const settings = await settingsOf(name, views);
          told.push([name, { aliases: aliasesOf(name), mappings: mappings.get(name) ?? {}, settings }]);
        }
        return { json: Object.fromEntries(told) };
      },
    },
    {
      methods: ["GET"],
      paths: ["/_settings", "/{index}/_settings", "/{index}/_settings/{name}", "/_settings/{name}"],
      parameters: [...INDICES_PARAMETERS, "local", "master_timeout", "flat_settings", "include_defaults"],
      privilege: "read",
      action: "indices:monitor/settings/get",
      async handle(request) {
        const { path, parameters, signal } = request;
        const views = await viewsByName(signal);
        const matches = (path["name"] ?? "*").split(",").map(wildcard);
        const isFlat = parameters.flag("flat_settings") === true;
        const told: [string, Json][] = [];
        for (const name of await indicesOf(request)) {
          const flat = Object.entries(flatSettings(await settingsOf(name, views)));
          const wanted = Object.fromEntries(flat.filter(([key]) => matches.some((isWanted) => isWanted(key))));
          told.push([name, { settings: isFlat ? wanted : normalSettings(wanted) }]);
        }
        return { json: Object.fromEntries(told) };
      },
    },
    {
      methods: ["GET", "POST"],
      paths: ["/_refresh", "/{index}/_refresh"],
      parameters: INDICES_PARAMETERS,
      privilege: "write",
      action: "indices:admin/refresh",
      async handle(request) {
        const indices = await indicesOf(request);
        await sink.settled(request.signal);
        return { json: { _shards: shardsOf(indices) } };
      },
    },
  ];

  /** Those that hold a document which the filter matches. */
  async function matching(indices: readonly string[], filter: Json | undefined, signal: AbortSignal) {
    if (filter === undefined) return indices;
    const kept: string[] = [];
    for (const index of indices) {
      const body = { size: 0, track_total_hits: true, query: filter };
      const { hits } = await search.search({ indices: [index], body, typedKeys: false, signal });
      if ((hits["total"] as { value: number }).value > 0) kept.push(index);
    }
    return kept;
  }
}

function wordsOf(value: Json | undefined): readonly string[] {
  const list = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return list.filter((word: Json) => typeof word === "string");
}
