import { Fault } from "../../lib/fault.ts";
import { type Engine, type EngineJson, type EngineObject, errorOf } from "./engine.ts";

/** What a cluster is, and where it differs from Elasticsearch as it is documented. */
export type Dialect = {
  distribution: "elasticsearch" | "opensearch";
  version: string;
  /** Of the cluster, for ever. */
  clusterId: string;
  /** Field types that it does not have, and those that are taken instead. */
  types: ReadonlyMap<string, string>;
  /** It deletes what is older than a data stream's `data_retention` by itself. */
  hasLifecycle: boolean;
};

/** In the order of preference: the first that the engine has is taken. */
const ALTERNATIVES: Readonly<Record<string, readonly string[]>> = {
  flattened: ["flattened", "flat_object", "object"],
  unsigned_long: ["unsigned_long", "double"],
  wildcard: ["wildcard", "keyword"],
  constant_keyword: ["constant_keyword", "keyword"],
  match_only_text: ["match_only_text", "text"],
  scaled_float: ["scaled_float", "double"],
  version: ["version", "keyword"],
};
const MORE: Readonly<Record<string, object>> = { scaled_float: { scaling_factor: 100 } };

/** Asks a cluster what it is and which field types it has. Rejects with `engine_unreachable` or `engine_refused`. */
export async function readDialect(engine: Engine, signal?: AbortSignal): Promise<Dialect> {
  const { distribution, version, clusterId } = await whoAnswers(engine, signal);
  const types = new Map<string, string>();
  for (const [type, alternatives] of Object.entries(ALTERNATIVES)) {
    for (const candidate of alternatives) {
      if (!(await hasType(engine, candidate, signal))) continue;
      if (candidate !== type) types.set(type, candidate);
      break;
    }
  }
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isNewEnough = distribution === "elasticsearch" && (major > 8 || (major === 8 && minor >= 11));
  const hasLifecycle = isNewEnough && (await knowsLifecycles(engine, signal));
  return { distribution, version, clusterId, types, hasLifecycle };
}

/** There are builds without that module: they take a template that names a lifecycle, and never delete anything. */
async function knowsLifecycles(engine: Engine, signal?: AbortSignal): Promise<boolean> {
  const { status } = await engine.ask({ method: "GET", path: "/_data_stream/ethmon-asks/_lifecycle", signal });
  return status !== 400 && status !== 405;
}

/** `cluster_uuid` of nodes that have not found each other. */
const NOT_FORMED = "_na_";
const ROOT_LIMIT_MS = 10_000;

/** What the cluster is; its id tells it from another one behind the same address. Rejects as `readDialect` does. */
export async function whoAnswers(
  engine: Engine,
  signal?: AbortSignal,
): Promise<Pick<Dialect, "distribution" | "version" | "clusterId">> {
  const root = await engine.ask({ method: "GET", path: "/", limitMs: ROOT_LIMIT_MS, signal });
  if (root.status === 200) {
    const { version, cluster_uuid: clusterId } = root.body as { version?: EngineObject; cluster_uuid?: EngineJson };
    if (typeof version?.["number"] !== "string" || typeof clusterId !== "string") {
      const sentence = "What answers at the cluster's address is neither an Elasticsearch nor an OpenSearch.";
      throw new Fault("engine_refused", sentence, { retry: "retryable", details: { status: root.status } });
    }
    if (clusterId === NOT_FORMED) {
      const sentence = "The cluster has not formed yet: it has no elected manager.";
      throw new Fault("engine_refused", sentence, { retry: "retryable", details: { status: 503 } });
    }
    return {
      distribution: version["distribution"] === "opensearch" ? "opensearch" : "elasticsearch",
      version: version["number"],
      clusterId,
    };
  }
  if (root.status === 401 || root.status === 403) throw refused("read what it is", root);
  // Some builds of Elasticsearch have no root page.
  const state = await engine.ask({ method: "GET", path: "/_cluster/state/version", signal });
  const nodes = await engine.ask({ method: "GET", path: "/_nodes/_all/os", signal });
  if (state.status !== 200 || nodes.status !== 200)
    throw refused("read what it is", state.status !== 200 ? state : nodes);
  const [node] = Object.values((nodes.body["nodes"] ?? {}) as Readonly<Record<string, EngineObject>>);
  return {
    distribution: "elasticsearch",
    version: String(node?.["version"] ?? ""),
    clusterId: String(state.body["cluster_uuid"] ?? ""),
  };
}

/** Whether a template with a field of this type would be taken; none is made. */
async function hasType(engine: Engine, type: string, signal?: AbortSignal): Promise<boolean> {
  const body = {
    index_patterns: ["ethmon.asks-for-a-type"],
    priority: 4_242_424,
    template: { mappings: { properties: { field: { type, ...MORE[type] } } } },
  };
  const answer = await engine.ask({ method: "POST", path: "/_index_template/_simulate", body, signal });
  // Only a refusal of the field itself says something of its type.
  if (answer.status !== 200 && answer.status !== 400) throw refused("make index templates", answer);
  return answer.status === 200;
}

/** The cluster answered, and did not do it. */
export function refused(what: string, answer: { status: number; body: EngineObject }): Fault {
  const { type, reason } = errorOf(answer);
  const isLater = answer.status === 429 || answer.status >= 500;
  if (answer.status === 401) {
    return new Fault("engine_refused", `The cluster does not know the credentials that ethmon has: ${reason}.`, {
      details: { status: answer.status },
    });
  }
  return new Fault("engine_refused", `The cluster does not let ethmon ${what}: ${reason} (${type}).`, {
    retry: isLater ? "retryable" : "final",
    details: { status: answer.status, type },
  });
}
