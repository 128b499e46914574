import type { Clock } from "../../../lib/clock.ts";
import { formOf } from "../answer.ts";
import { byteSize, CAT_PARAMETERS, type CatColumn, type CatRow, catAnswer } from "../cat-table.ts";
import { INDICES_PARAMETERS, indicesOptionsOf } from "../index-names.ts";
import { readMediaType } from "../media-type.ts";
import type { Names } from "../names.ts";
import type { FaceRequest, FaceRoute } from "../route.ts";
import type { ElasticFaceConfig } from "../schema.ts";
import type { SearchBackend } from "../search-backend.ts";
import { queryOf } from "../search-body.ts";

const INDICES: readonly CatColumn[] = [
  { name: "health", aliases: ["h"], words: "current health status" },
  { name: "status", aliases: ["s"], words: "open/close status" },
  { name: "index", aliases: ["i", "idx"], words: "index name" },
  { name: "uuid", aliases: ["id"], words: "index uuid" },
  { name: "pri", aliases: ["p", "shards.primary", "shardsPrimary"], words: "number of primary shards", isNumber: true },
  { name: "rep", aliases: ["r", "shards.replica", "shardsReplica"], words: "number of replica shards", isNumber: true },
  { name: "docs.count", aliases: ["dc", "docsCount"], words: "available docs", isNumber: true },
  { name: "docs.deleted", aliases: ["dd", "docsDeleted"], words: "deleted docs", isNumber: true },
  {
    name: "creation.date",
    aliases: ["cd"],
    words: "index creation date (millisecond value)",
    isShown: false,
    isNumber: true,
  },
  { name: "creation.date.string", aliases: ["cds"], words: "index creation date (as string)", isShown: false },
  { name: "store.size", aliases: ["ss", "storeSize"], words: "store size of primaries & replicas", isNumber: true },
  { name: "pri.store.size", words: "store size of primaries", isNumber: true },
  { name: "dataset.size", words: "total size of dataset", isNumber: true, isShown: false },
];

const EPOCH: readonly CatColumn[] = [
  { name: "epoch", aliases: ["t", "time"], words: "seconds since 1970-01-01 00:00:00" },
  { name: "timestamp", aliases: ["ts", "hms", "hhmmss"], words: "time in HH:MM:SS" },
];

const COUNT: readonly CatColumn[] = [
  ...EPOCH,
  { name: "count", aliases: ["dc", "docs.count", "docsCount"], words: "the document count" },
];

const HEALTH: readonly CatColumn[] = [
  ...EPOCH,
  { name: "cluster", aliases: ["cl"], words: "cluster name" },
  { name: "status", aliases: ["st"], words: "health status" },
  { name: "node.total", aliases: ["nt", "nodeTotal"], words: "total number of nodes", isNumber: true },
  { name: "node.data", aliases: ["nd", "nodeData"], words: "number of nodes that can store data", isNumber: true },
  {
    name: "shards",
    aliases: ["t", "sh", "shards.total", "shardsTotal"],
    words: "total number of shards",
    isNumber: true,
  },
  { name: "pri", aliases: ["p", "shards.primary", "shardsPrimary"], words: "number of primary shards", isNumber: true },
  {
    name: "relo",
    aliases: ["r", "shards.relocating", "shardsRelocating"],
    words: "number of relocating nodes",
    isNumber: true,
  },
  {
    name: "init",
    aliases: ["i", "shards.initializing", "shardsInitializing"],
    words: "number of initializing nodes",
    isNumber: true,
  },
  {
    name: "unassign",
    aliases: ["u", "shards.unassigned", "shardsUnassigned"],
    words: "number of unassigned shards",
    isNumber: true,
  },
  { name: "pending_tasks", aliases: ["pt", "pendingTasks"], words: "number of pending tasks", isNumber: true },
  {
    name: "max_task_wait_time",
    aliases: ["mtwt", "maxTaskWaitTime"],
    words: "wait time of longest task pending",
    isNumber: true,
  },
  {
    name: "active_shards_percent",
    aliases: ["asp", "activeShardsPercent"],
    words: "active number of shards in percent",
    isNumber: true,
  },
];

/** `_cat/indices`, `_cat/health`, `_cat/count`. */
export function catRoutes(deps: {
  search: SearchBackend;
  names: Names;
  config: ElasticFaceConfig;
  clock: Clock;
}): readonly FaceRoute[] {
  const { search, names, config, clock } = deps;
  const answer = (request: FaceRequest, table: { columns: readonly CatColumn[]; rows: readonly CatRow[] }) => {
    const { parameters, headers } = request;
    const form = formOf({ accepted: readMediaType(headers.accept, "Accept"), parameters })?.form;
    return catAnswer({ ...table, parameters, wantsJson: form === "json" || form === "yaml" });
  };
  const moment = () => {
    const ms = clock.nowUs() / 1000;
    return { epoch: number(Math.floor(ms / 1000)), timestamp: new Date(ms).toISOString().slice(11, 19) };
  };

  return [
    {
      methods: ["GET"],
      paths: ["/_cat/indices", "/_cat/indices/{index}"],
      parameters: [...CAT_PARAMETERS, ...INDICES_PARAMETERS, "health", "pri", "include_unloaded_segments"],
      privilege: "monitor",
      action: "indices:monitor/stats",
      async handle(request) {
        const { path, parameters, signal } = request;
        const found = new Set(
          await names.resolve({ expression: path["index"], options: indicesOptionsOf(parameters), signal }),
        );
        const health = parameters.text("health") ?? "green";
        const unit = parameters.text("bytes");
        const views = (await names.views(signal)).filter(({ name }) => health === "green" && found.has(name));
        const rows = views.map(({ name, documents, bytes, createdMs }): CatRow => {
          const size = { shown: byteSize(bytes, unit), sorted: bytes };
          return {
            health: "green",
            status: "open",
            index: name,
            uuid: Buffer.from(name).toString("base64url").slice(0, 22).padEnd(22, "_"),
            pri: number(1),
            rep: number(0),
            "docs.count": number(documents),
            "docs.deleted": number(0),
            ...(createdMs === undefined
              ? {}
              : { "creation.date": number(createdMs), "creation.date.string": new Date(createdMs).toISOString() }),
            "store.size": size,
            "pri.store.size": size,
            "dataset.size": size,
          };
        });
        return answer(request, { columns: INDICES, rows });
      },
    },
    {
      methods: ["GET"],
      paths: ["/_cat/count", "/_cat/count/{index}"],
      parameters: [...CAT_PARAMETERS, "q", "df", "default_operator"],
      privilege: "read",
      action: "indices:data/read/search",
      async handle(request) {
        const { path, parameters, signal } = request;
        const indices = await names.resolve({
          expression: path["index"],
          options: indicesOptionsOf(parameters),
          signal,
        });
        const query = queryOf(parameters);
        const body = { size: 0, track_total_hits: true, ...(query === undefined ? {} : { query }) };
        const { hits } = await search.search({ indices, body, typedKeys: false, signal });
        const { value } = hits["total"] as { value: number };
        return answer(request, { columns: COUNT, rows: [{ ...moment(), count: number(value) }] });
      },
    },
    {
      methods: ["GET"],
      paths: ["/_cat/health"],
      parameters: [...CAT_PARAMETERS, "ts"],
      privilege: "monitor",
      action: "cluster:monitor/health",
      async handle(request) {
        const shards = number((await names.views(request.signal)).length);
        const row = {
          ...moment(),
          cluster: config.cluster_name,
          status: "green",
          "node.total": number(1),
          "node.data": number(1),
          shards,
          pri: shards,
          relo: number(0),
          init: number(0),
          unassign: number(0),
          pending_tasks: number(0),
          max_task_wait_time: "-",
          active_shards_percent: "100.0%",
        };
        return answer(request, { columns: HEALTH, rows: [row] });
      },
    },
  ];
}

function number(value: number): { shown: string; sorted: number } {
  return { shown: String(Math.floor(value)), sorted: value };
}
