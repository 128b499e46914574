import type { Dataset } from "../../events/dataset.ts";
import type { Document } from "../../events/document.ts";
import { Fault } from "../../lib/fault.ts";
import type { Log } from "../../lib/log.ts";
import { sleep } from "../../lib/sleep.ts";
import { type Bulk, createBulk } from "../elastic/bulk.ts";
import { asUnavailable, createCluster } from "../elastic/cluster.ts";
import { type Dialect, refused } from "../elastic/dialect.ts";
import { connectEngine, type EngineJson, type EngineObject, withoutCredentials } from "../elastic/engine.ts";
import { indexNames } from "../elastic/index-names.ts";
import { leaveOutStored } from "../elastic/leave-out.ts";
import { momentFields } from "../elastic/moment-fields.ts";
import { createOperations, type Operation, VERSION_FIELD } from "../elastic/operations.ts";
import { searchCluster } from "../elastic/search.ts";
import type { ElasticStoreSettings } from "../elastic/settings.ts";
import type { ForeignIndex } from "../foreign/foreign-tables.ts";
import { indexDocument } from "../foreign/index-document.ts";
import type { RetentionLimits } from "../retention.ts";
import { copyOperation } from "./cluster-operation.ts";
import { otherKind, readForeignIndices } from "./copied-indices.ts";
import { mergedMapping } from "./merged-mapping.ts";
import type { CopiedDocument, CopiedIndex, Progress, SentDocument, Side, Writer } from "./side.ts";

const SEARCH_LIMIT_MS = 600_000;
/** A loader's batch, of some five thousand documents, is stored when the one behind it begins. */
const UNDER_WAY = 20_000;
const QUIET_MS = 1_000;
const MAX_WAITS = 15;
/** Longer lists of ids are asked for in parts. */
const LOOKUP_IDS = 1_000;

/**
 * A cluster, read and written without a journal of its own. `isTarget` puts the templates of our datasets first.
 * Rejects with `engine_*`.
 */
export async function openClusterSide(input: {
  settings: ElasticStoreSettings;
  network: string;
  datasets: readonly Dataset[];
  retention?: RetentionLimits | undefined;
  isTarget: boolean;
  /** Told why nothing goes on, and undefined when it does again. */
  onTrouble: (reason: string | undefined) => void;
  log: Log;
  signal: AbortSignal;
}): Promise<Side & { writerOf(documentOf: (progress: Progress) => Document): Writer }> {
  const { settings, network, datasets, retention, isTarget, onTrouble, log, signal } = input;
  const engine = connectEngine(settings);
  const cluster = createCluster({ engine, datasets, network, settings, retention, log });
  const moments = momentFields(datasets);
  const place = settings.urls.map(withoutCredentials).join(", ");
  const refresh = async (): Promise<void> => {
    const query = { ignore_unavailable: true, allow_no_indices: true };
    const all = await engine.ask({ method: "POST", path: "/_refresh", query, signal });
    // Who may not refresh everybody's indices may refresh ours.
    const path = `/${indexNames(network).join(",")}/_refresh`;
    const answer = all.status === 403 ? await engine.ask({ method: "POST", path, query, signal }) : all;
    if (answer.status >= 300) throw refused("refresh its indices", answer);
  };
  let dialect: Dialect;
  try {
    dialect = await (isTarget ? cluster.prepare(signal) : cluster.dialect(signal));
    await refresh();
  } catch (error) {
    await engine.close();
    throw error;
  }

  const search: Side["search"] = (pattern, request) =>
    searchCluster({
      engine,
      pattern,
      request,
      params: { ignoreMissing: true },
      moments,
      limitMs: SEARCH_LIMIT_MS,
      signal,
    });

  const newest = async (): Promise<number> => {
    await refresh();
    const others = (await readForeignIndices({ search, network })).keys();
    const names = [...indexNames(network), ...others];
    const { hits } = await search(names.join(","), { sort: [{ _seq: "desc" }], size: 1, _source: false });
    const position = hits.hits[0]?.sort?.[0];
    return typeof position === "number" && position >= 0 ? position : 0;
  };

  const sent: Side["sent"] = async ({ name }, documents) => {
    const answer = await engine
      .ask({
        method: "POST",
        path: `/${encodeURIComponent(name)}/_search`,
        body: {
          size: documents.length,
          query: { ids: { values: documents.map(({ id }) => id) } },
          docvalue_fields: [VERSION_FIELD, { field: "@timestamp", format: "epoch_millis" }],
        },
        signal,
      })
      .catch((error: unknown) => {
        throw asUnavailable(error);
      });
    if (answer.status !== 200) throw asUnavailable(refused(`search ${name}`, answer));
    const { hits } = answer.body["hits"] as { hits: readonly EngineObject[] };
    return new Map(hits.map((hit) => [String(hit["_id"]), sentDocument(hit)]));
  };

  return {
    kind: "cluster",
    place,
    network,
    identity: dialect.clusterId,
    // A monitor's loader sends several requests at once: what stands before the newest may come behind it.
    async upTo() {
      const begun = await newest();
      await sleep(QUIET_MS, signal);
      let now = await newest();
      for (let waits = 0; now !== begun && now < begun + UNDER_WAY && waits < MAX_WAITS; waits++) {
        await sleep(QUIET_MS, signal);
        signal.throwIfAborted();
        now = await newest();
      }
      return begun;
    },
    search,
    sent,
    close: () => engine.close(),
    writerOf,
  };

  function writerOf(documentOf: (progress: Progress) => Document): Writer {
    const bulk: Bulk = createBulk({
      engine,
      onTrouble,
      async prepare(missing, aborted) {
        cluster.forget();
        for (const name of new Set(missing.map(({ index }) => index))) await cluster.ensureOwn(name, aborted);
        return { unknown: new Set(), refused: new Map() };
      },
      recheck: (sent, aborted) => leaveOutStored({ engine, operations: sent, isNeeded: () => true, signal: aborted }),
    });
    const operations = createOperations({ datasets, network, votes: true });
    /** Streams that hold documents: of those, what is there already is not sent again. */
    const filled = new Set<string>();

    const isThere = async (index: CopiedIndex, documents: readonly CopiedDocument[]): Promise<Set<string>> => {
      const there = new Set<string>();
      for (let at = 0; at < documents.length; at += LOOKUP_IDS) {
        const values = documents.slice(at, at + LOOKUP_IDS).map(({ id }) => id);
        const request = { query: { ids: { values } }, size: LOOKUP_IDS, _source: false, track_total_hits: false };
        for (const hit of (await search(index.name, request)).hits.hits) there.add(hit._id);
      }
      return there;
    };

    return {
      async begin(index) {
        if (index.foreign === undefined) await cluster.ensureOwn(index.name, signal);
        else await beginForeign(index.foreign);
        if (index.kind === "index") return;
        const { hits } = await search(index.name, { size: 0, track_total_hits: 1 });
        if ((hits.total?.value ?? 0) > 0) filled.add(index.name);
      },
      async write({ index, documents, progress }) {
        // After a rollover a stream takes an id again that an older index of it has.
        const there = filled.has(index.name) ? await isThere(index, documents) : new Set<string>();
        const made = documents.filter(({ id }) => !there.has(id)).map((document) => copyOperation(index, document));
        await send(made, index);
        const [first] = documents;
        const last = documents.at(-1);
        if (first === undefined || last === undefined) return progress;
        const begun = progress.ranges[0]?.[0] ?? first.seq;
        const stands: Progress = {
          index: index.name,
          after: last.seq,
          documents: progress.documents + documents.length,
          ranges: [[begun, last.seq]],
        };
        const note = documentOf(stands);
        await send(
          operations.of([{ document: note, position: note.timestampUs, writtenAtUs: note.timestampUs }]),
          index,
        );
        return stands;
      },
      settled: refresh,
    };

    /** The cluster's own monitor, if there is one, finds the index where it finds those that it made. */
    async function beginForeign(foreign: ForeignIndex): Promise<void> {
      const known = (await readForeignIndices({ search, network })).get(foreign.name);
      if (known !== undefined && known.index.kind !== foreign.kind) throw otherKind(known.index, foreign, place);
      const mapping = known === undefined ? foreign.mapping : mergedMapping(known.index.mapping, foreign.mapping);
      const index = { ...foreign, mapping };
      await cluster.ensureForeign(index, signal);
      // Below the positions of any journal on a cluster, or just behind the one that it was last told at.
      const position = known === undefined ? Math.max(1, foreign.createdMs) : known.seq + 1;
      await send(operations.of([{ document: indexDocument(index), position, writtenAtUs: 0 }]), index);
    }

    /** Several requests at once, each of about the wanted size. */
    async function send(made: readonly Operation[], index: { name: string }): Promise<void> {
      const chunks: Operation[][] = [];
      let bytes = Number.POSITIVE_INFINITY;
      for (const operation of made) {
        if (bytes >= settings.bulk_mb * 1e6) {
          chunks.push([]);
          bytes = 0;
        }
        chunks.at(-1)?.push(operation);
        bytes += operation.text.length;
      }
      const sendNext = async (): Promise<void> => {
        for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) {
          const { rejected } = await bulk.write(chunk, signal);
          const [one] = rejected;
          if (one === undefined) continue;
          throw new Fault(
            "copy_rejected",
            `The cluster rejected ${rejected.length} documents of ${index.name}, the first of position ${one.operation.position}: ${one.reason}.`,
          );
        }
      };
      await Promise.all(Array.from({ length: settings.bulk_requests }, sendNext));
    }
  }
}

/** Integers beyond 2^53 come from the cluster as bigints. */
function sentDocument({ _source, fields }: EngineObject): SentDocument {
  const value = (name: string) => ((fields ?? {}) as Readonly<Record<string, readonly unknown[]>>)[name]?.[0];
  return {
    source: exactJson(_source ?? {}),
    version: Number(value(VERSION_FIELD) ?? 1),
    timestampUs: Number(value("@timestamp") ?? 0) * 1000,
  };
}

function exactJson(value: EngineJson): string {
  if (typeof value === "bigint") return String(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as readonly EngineJson[]).map(exactJson).join(",")}]`;
  const parts = Object.entries(value as EngineObject).map(([key, item]) => `${JSON.stringify(key)}:${exactJson(item)}`);
  return `{${parts.join(",")}}`;
}
