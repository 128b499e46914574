import type { PipelineBook } from "../../../events/foreign.ts";
import { INDICES_PARAMETERS, indicesOptionsOf } from "../index-names.ts";
import { readMediaType } from "../media-type.ts";
import type { Names } from "../names.ts";
import type { FaceRoute } from "../route.ts";
import type { ElasticFaceConfig } from "../schema.ts";
import type { SettingsBook } from "../settings-book.ts";
import { versionFor } from "../versions.ts";

const HEALTH_PARAMETERS = [
  ...INDICES_PARAMETERS,
  "level",
  "local",
  "timeout",
  "master_timeout",
  "wait_for_active_shards",
  "wait_for_events",
  "wait_for_no_initializing_shards",
  "wait_for_no_relocating_shards",
  "wait_for_nodes",
  "wait_for_status",
];

/** A cluster of one node that has all of its shards: this program. */
export function clusterRoutes(deps: {
  names: Names;
  settings: SettingsBook;
  pipelines: PipelineBook;
  config: ElasticFaceConfig;
}): readonly FaceRoute[] {
  const { names, settings, pipelines, config } = deps;
  return [
    {
      methods: ["GET"],
      paths: ["/_cluster/health", "/_cluster/health/{index}"],
      parameters: HEALTH_PARAMETERS,
      privilege: "monitor",
      action: "cluster:monitor/health",
      async handle({ path, parameters, signal }) {
        const options = indicesOptionsOf(parameters);
        const shards = (await names.resolve({ expression: path["index"], options, signal })).length;
        // There is nothing to wait for: what is not so now never will be.
        const timedOut = !isOneNode(parameters.text("wait_for_nodes") ?? "1");
        return {
          status: timedOut ? 408 : 200,
          json: {
            cluster_name: config.cluster_name,
            status: "green",
            timed_out: timedOut,
            number_of_nodes: 1,
            number_of_data_nodes: 1,
            active_primary_shards: shards,
            active_shards: shards,
            relocating_shards: 0,
            initializing_shards: 0,
            unassigned_shards: 0,
            unassigned_primary_shards: 0,
            delayed_unassigned_shards: 0,
            number_of_pending_tasks: 0,
            number_of_in_flight_fetch: 0,
            task_max_waiting_in_queue_millis: 0,
            active_shards_percent_as_number: 100,
          },
        };
      },
    },
    {
      methods: ["GET"],
      paths: ["/_nodes", "/_nodes/{metric}", "/_nodes/{node}/{metric}"],
      parameters: ["flat_settings", "timeout"],
      privilege: "monitor",
      action: "cluster:monitor/nodes/info",
      handle({ path, headers }) {
        const { metric } = path;
        const wantsIngest =
          metric === undefined || ["_all", "_local"].includes(metric) || metric.split(",").includes("ingest");
        const processors = pipelines.processors().map((type) => ({ type }));
        const node = {
          name: config.cluster_name,
          host: config.host,
          ip: config.host,
          version: versionFor(headers, readMediaType(headers.accept, "Accept")?.compatibleWith),
          build_flavor: "default",
          build_type: "zip",
          build_hash: "ethmon",
          roles: ["data", "data_content", "data_hot", "ingest", "master"],
          attributes: {},
          ...(wantsIngest ? { ingest: { processors } } : {}),
        };
        return {
          json: {
            _nodes: { total: 1, successful: 1, failed: 0 },
            cluster_name: config.cluster_name,
            nodes: { [settings.clusterUuid]: node },
          },
        };
      },
    },
  ];
}

/** Whether one node is what `wait_for_nodes` wants: `1`, `>=1`, `le(3)`… */
function isOneNode(wanted: string): boolean {
  const [, sign = "", word = "", digits = "", wrapped = ""] =
    /^(>=|<=|>|<)?(?:(ge|le|gt|lt)\((\d+)\)|(\d+))$/.exec(wanted) ?? [];
  const count = Number(digits || wrapped);
  switch (sign || word) {
    case ">=":
    case "ge":
      return 1 >= count;
    case "<=":
    case "le":
      return 1 <= count;
    case ">":
    case "gt":
      return 1 > count;
    case "<":
    case "lt":
      return 1 < count;
    default:
      return count === 1;
  }
}
