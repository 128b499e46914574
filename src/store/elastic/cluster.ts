import { createHash } from "node:crypto";
import type { Dataset } from "../../events/dataset.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { Fault, isFault } from "../../lib/fault.ts";
import type { Log } from "../../lib/log.ts";
import { indexName } from "../../search/index-pattern.ts";
import type { RetentionLimits } from "../retention.ts";
import { type Dialect, readDialect, refused } from "./dialect.ts";
import { type Engine, errorOf } from "./engine.ts";
import { indexNames } from "./index-names.ts";
import { changedPart, readTemplates } from "./known-templates.ts";
import { VERSION_FIELD } from "./operations.ts";
import { elasticMapping, indexSettings, ownTemplate, seqMapping } from "./own-template.ts";
import { streamOf } from "./search.ts";
import type { ElasticStoreSettings } from "./settings.ts";

/** The indices that we hold in a cluster, and how they are made. */
export type Cluster = {
  /** Asks what the cluster is, and puts the templates of all of our datasets. Rejects with `engine_*`. */
  prepare(signal?: AbortSignal): Promise<Dialect>;
  /**
   * Makes the data stream or index of one of our datasets, if it is not there. False where the cluster makes data
   * streams only with their first document, and before `prepare`: without its template an index has no fields.
   */
  ensureOwn(name: string, signal?: AbortSignal): Promise<boolean>;
  /** Makes the index or data stream of others with this mapping, or adds to its mapping. */
  ensureForeign(
    index: { name: string; kind: "stream" | "index"; mapping: JsonObject },
    signal?: AbortSignal,
  ): Promise<void>;
  dialect(signal?: AbortSignal): Promise<Dialect>;
  /** Forgets what there is: it is looked at again. */
  forget(): void;
};

/** Small builds of Elasticsearch, as those for tests, have no requests for data streams. */
const NO_SUCH_ROUTE = 405;

/** Above the templates of our own datasets: it stands for one name alone. */
const FOREIGN_PRIORITY = 700;

export function createCluster(deps: {
  engine: Engine;
  datasets: readonly Dataset[];
  network: string;
  settings: Pick<ElasticStoreSettings, "shards" | "replicas">;
  retention?: RetentionLimits | undefined;
  log: Log;
}): Cluster {
  const { engine, datasets, network, settings, retention, log } = deps;
  const own = new Map(datasets.map((dataset) => [indexName(dataset, network), dataset]));
  let there = new Set<string>();
  let dialect: Dialect | undefined;
  let hasTemplates = false;

  const known = async (signal?: AbortSignal): Promise<Dialect> => {
    dialect ??= await readDialect(engine, signal);
    return dialect;
  };
  const put = async (path: string, body: unknown, signal?: AbortSignal): Promise<void> => {
    const answer = await engine.ask({ method: "PUT", path, body, signal });
    if (answer.status < 300 || isThere(answer)) return;
    throw refused(`put ${path}`, answer);
  };

  return {
    async prepare(signal) {
      dialect = undefined;
      there = new Set();
      const found = await known(signal);
      const templates = await readTemplates(engine, signal).catch(asUnreadable);
      for (const [name, dataset] of own) {
        const body = withDigest(ownTemplate({ dataset, network, dialect: found, settings, retention }));
        // Each that is put is a new state of the whole cluster.
        if (isAsPut(body, templates.get(templateName(name)))) continue;
        await put(`/_index_template/${templateName(name)}`, body, signal);
      }
      there = await addFields({ engine, network, own, dialect: found, log, signal });
      hasTemplates = true;
      return found;
    },
    async ensureOwn(name, signal) {
      const dataset = own.get(name);
      if (dataset === undefined || there.has(name)) return true;
      if (!hasTemplates) return false;
      const path = dataset.kind === "stream" ? `/_data_stream/${name}` : `/${name}`;
      const answer = await engine.ask({ method: "PUT", path, signal });
      if (answer.status === NO_SUCH_ROUTE) return false;
      if (answer.status >= 300 && !isThere(answer)) throw refused(`make ${name}`, answer);
      there.add(name);
      return true;
    },
    async ensureForeign({ name, kind, mapping }, signal) {
      const found = await known(signal);
      const mappings = foreignMapping(mapping, found);
      const index = indexSettings(settings);
      const path = encodeURIComponent(name);
      if (kind === "stream") {
        const body = {
          index_patterns: [name],
          priority: FOREIGN_PRIORITY,
          data_stream: {},
          template: { settings: { index }, mappings },
          _meta: { managed_by: "ethmon" },
        };
        await put(`/_index_template/${templateName(name)}`, body, signal);
        const made = await engine.ask({ method: "PUT", path: `/_data_stream/${path}`, signal });
        // There is nothing yet to add to: the template says it all.
        if (made.status === NO_SUCH_ROUTE) return;
        if (made.status >= 300 && !isThere(made)) throw refused(`make ${name}`, made);
      } else {
        // A write that waited must not bring back what was deleted in the meantime.
        await put(`/${path}`, { settings: { index: { ...index, gc_deletes: "1h" } }, mappings }, signal);
      }
      await put(`/${path}/_mapping`, { properties: mappings["properties"] }, signal);
    },
    dialect: known,
    forget() {
      there = new Set();
    },
  };
}

/** How we name the index template of a data stream or index. */
export function templateName(index: string): string {
  return `ethmon-${encodeURIComponent(index)}`;
}

function isThere(answer: Parameters<typeof errorOf>[0]): boolean {
  return answer.status === 400 && errorOf(answer).type === "resource_already_exists_exception";
}

/**
 * An index of an earlier version gets the fields that are new; what cannot be changed is said by `store check`. Resolves
 * with the names of ours that are there, as far as the cluster tells.
 */
async function addFields(input: {
  engine: Engine;
  network: string;
  own: ReadonlyMap<string, Dataset>;
  dialect: Dialect;
  log: Log;
  signal: AbortSignal | undefined;
}): Promise<Set<string>> {
  const { engine, network, own, dialect, log, signal } = input;
  const path = `/${indexNames(network).join(",")}/_mapping`;
  const query = { ignore_unavailable: true, allow_no_indices: true };
  const answer = await engine.ask({ method: "GET", path, query, signal });
  if (answer.status !== 200) return new Set();
  const found = Map.groupBy(Object.entries(answer.body), ([index]) => streamOf(index));
  for (const [name, dataset] of own) {
    const { properties } = elasticMapping(dataset, dialect) as { properties: JsonObject };
    const mappings = (found.get(name) ?? []).map(([, index]) => (index as { mappings: JsonObject }).mappings);
    if (mappings.every((mapping) => holdsFields(mapping, { properties }))) continue;
    const changed = await engine.ask({ method: "PUT", path: `/${name}/_mapping`, body: { properties }, signal });
    if (changed.status >= 300) {
      log.warn({ index: name, reason: errorOf(changed).reason }, "The mapping of an index could not be changed");
    }
  }
  return new Set([...found.keys()].filter((name) => own.has(name)));
}

/** Whether a mapping has all fields of another one, each with its type. */
function holdsFields(found: JsonObject, wanted: JsonObject): boolean {
  const { properties: there = {} } = found as { properties?: Readonly<Record<string, JsonObject>> };
  return Object.entries((wanted["properties"] ?? {}) as Readonly<Record<string, JsonObject>>).every(([name, field]) => {
    const known = there[name];
    if (known === undefined || typeOf(known) !== typeOf(field)) return false;
    return holdsFields(known, field);
  });
}

/** A field without a type holds others. */
function typeOf({ type = "object" }: JsonObject): unknown {
  return type;
}

function withDigest(template: JsonObject): JsonObject & { _meta: { digest: string } } {
  const digest = createHash("sha256").update(JSON.stringify(template)).digest("hex");
  return { ...template, _meta: { ...(template["_meta"] as JsonObject), digest } };
}

/** The digest tells what another version or configuration put; whoever changes a template by hand leaves it as it is. */
function isAsPut(wanted: ReturnType<typeof withDigest>, found: JsonObject | undefined): boolean {
  if (found === undefined) return false;
  const { digest } = (found["_meta"] ?? {}) as JsonObject;
  return digest === wanted._meta.digest && changedPart(wanted, found) === undefined;
}

/** Who may put templates and not read them puts them all. */
function asUnreadable(error: unknown): ReadonlyMap<string, JsonObject> {
  if (isFault(error, "engine_refused")) return new Map();
  throw error;
}

/** The mapping of an index of others, in the types that the cluster has. */
export function foreignMapping(mapping: JsonObject, { types }: Dialect): JsonObject {
  const { properties = {}, ...rest } = mapping;
  const known = typed(properties as JsonObject, types) as JsonObject;
  const ours = seqMapping({ ...known, [VERSION_FIELD]: { type: "long" } });
  const excludes = [...(ours["_source"] as { excludes: string[] }).excludes, VERSION_FIELD];
  // Fields are mapped before a document comes that has them: nothing is left to the cluster.
  return { ...withoutTemplates(rest), ...ours, _source: { excludes }, dynamic: false };
}

function withoutTemplates({
  dynamic_templates: _,
  date_detection: __,
  numeric_detection: ___,
  ...rest
}: JsonObject): JsonObject {
  return rest;
}

function typed(fields: JsonObject, types: Dialect["types"]): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      const { type, properties, fields: multi, ...rest } = field as JsonObject;
      const wanted = typeof type === "string" ? (types.get(type) ?? type) : undefined;
      if (wanted !== type && wanted === "object") return [name, { type: "object", enabled: false }];
      const { scaling_factor: _, value: __, ...plain } = rest;
      return [
        name,
        {
          ...(wanted === type ? rest : plain),
          ...(wanted === undefined ? {} : { type: wanted }),
          ...(properties === undefined ? {} : { properties: typed(properties as JsonObject, types) }),
          ...(multi === undefined ? {} : { fields: typed(multi as JsonObject, types) }),
        },
      ];
    }),
  );
}

/** A fault of the cluster as the store's port tells it. */
export function asUnavailable(error: unknown): unknown {
  if (!(error instanceof Fault) || !error.code.startsWith("engine_")) return error;
  return new Fault("store_unavailable", error.message, { retry: error.retry, cause: error });
}
