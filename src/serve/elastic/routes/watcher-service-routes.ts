import type { AlertDesk } from "../../../alert/desk.ts";
import type { Json } from "../../../events/document.ts";
import type { JsonObject } from "../../../events/foreign.ts";
import { illegalArgument } from "../../../events/refusal.ts";
import type { FaceAnswer, FaceRequest, FaceRoute } from "../route.ts";
import type { ElasticFaceConfig } from "../schema.ts";
import type { SettingsBook } from "../settings-book.ts";
import { watchQuery } from "../watch-query.ts";
import { shownWatch, versions } from "./watcher-routes.ts";

const METRICS = ["_all", "queued_watches", "pending_watches", "current_watches"];
const USUAL_SIZE = 10;
const MOST_WATCHES = 10_000;

/** Watcher as a whole: its figures, its start and stop, and searches over its watches. */
export function watcherServiceRoutes(deps: {
  desk: AlertDesk;
  settings: SettingsBook;
  config: ElasticFaceConfig;
}): readonly FaceRoute[] {
  const { desk, settings, config } = deps;

  const stats = ({ path, parameters }: FaceRequest): FaceAnswer => {
    const metrics = (path["metric"] ?? parameters.text("metric") ?? "").split(",").filter((metric) => metric !== "");
    const strange = metrics.find((metric) => !METRICS.includes(metric));
    if (strange !== undefined) throw illegalArgument(`unrecognized metric: [${strange}]`);
    const asks = (...names: string[]) => metrics.some((metric) => metric === "_all" || names.includes(metric));
    const { current_watches: current = [], queued_watches: queued = [], ...figures } = desk.stats();
    return {
      json: {
        _nodes: { total: 1, successful: 1, failed: 0 },
        cluster_name: config.cluster_name,
        manually_stopped: figures["watcher_state"] === "stopped",
        stats: [
          {
            node_id: settings.clusterUuid,
            ...figures,
            ...(asks("current_watches") ? { current_watches: current } : {}),
            ...(asks("queued_watches", "pending_watches") ? { queued_watches: queued } : {}),
          },
        ],
      },
    };
  };

  const setRunning =
    (running: boolean): FaceRoute["handle"] =>
    async () => {
      await desk.setRunning(running);
      return { json: { acknowledged: true } };
    };

  return [
    {
      methods: ["GET"],
      paths: ["/_watcher/stats", "/_watcher/stats/{metric}"],
      parameters: ["metric", "emit_stacktraces"],
      privilege: "monitor",
      action: "cluster:monitor/xpack/watcher/stats/dist",
      handle: stats,
    },
    {
      methods: ["POST"],
      paths: ["/_watcher/_start"],
      parameters: ["master_timeout"],
      privilege: "manage",
      action: "cluster:admin/xpack/watcher/service",
      handle: setRunning(true),
    },
    {
      methods: ["POST"],
      paths: ["/_watcher/_stop"],
      parameters: ["master_timeout"],
      privilege: "manage",
      action: "cluster:admin/xpack/watcher/service",
      handle: setRunning(false),
    },
    {
      methods: ["GET", "POST"],
      paths: ["/_watcher/_query/watches"],
      privilege: "read",
      action: "cluster:monitor/xpack/watcher/watch/query",
      handle: async ({ body }) => ({ json: queryWatches(desk, (await body.optionalObject()) ?? {}) }),
    },
  ];
}

/** The watches that a query finds, by id. */
function queryWatches(desk: AlertDesk, { query, from = 0, size = USUAL_SIZE, ...more }: JsonObject): JsonObject {
  const [strange] = Object.keys(more);
  if (strange !== undefined) throw illegalArgument(`[${strange}] is not supported over watches; docs/watch-api.md`);
  const fits = watchQuery(query);
  const first = boundOf("from", from);
  const found = desk
    .rules()
    .map(({ id }) => ({ id, ...desk.rule(id) }))
    .filter(({ id, watch, status }) => fits({ id, metadata: watch["metadata"] ?? {}, status }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    count: found.length,
    watches: found.slice(first, first + boundOf("size", size)).map(({ id, rule, watch, status }) => {
      const { _version: _, ...more } = versions(rule.version);
      return { _id: id, watch: shownWatch(watch), status, ...more };
    }),
  };
}

function boundOf(name: string, told: Json): number {
  if (typeof told === "number" && Number.isInteger(told) && told >= 0 && told <= MOST_WATCHES) return told;
  throw illegalArgument(`[${name}] must be a whole number from 0 to ${MOST_WATCHES}, found [${JSON.stringify(told)}]`);
}
