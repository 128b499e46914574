import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { Fault } from "../../lib/fault.ts";
import type { SearchHit, SearchParams, SearchRequest, SearchResponse, SortBody } from "../../search/request.ts";
import { notCarriedOut } from "../../search/search-fault.ts";
import { LONGEST_PATH } from "./by-names.ts";
import {
  type Engine,
  type EngineAnswer,
  type EngineJson,
  type EngineObject,
  type EngineRequest,
  errorOf,
} from "./engine.ts";
import { SEQ_FIELD } from "./own-template.ts";

/**
 * Passes a search to the cluster as it is. What is added: the order of arrival where it is sorted by (`_seq`,
 * `_shard_doc`), the bound of a point in time, and the time limit. Moments go to the microsecond in both directions,
 * as with the embedded store, and a hit tells its data stream. Rejects with `search_invalid`, `search_rejected`,
 * `search_timeout`, `store_unavailable`, or the signal's reason.
 */
export async function searchCluster(input: {
  engine: Engine;
  pattern: string;
  request: SearchRequest;
  params: SearchParams;
  /** Names of fields that hold moments. */
  moments: ReadonlySet<string>;
  limitMs: number;
  signal?: AbortSignal | undefined;
}): Promise<SearchResponse> {
  const { engine, pattern, request, params, moments, limitMs, signal } = input;
  const keys = sortKeys(request.sort, moments);
  const body = bodyOf({ request, keys, maxSeq: params.maxSeq, limitMs });
  const answer = await askCluster({ engine, asked: searchRequest({ pattern, params, body }), limitMs, signal });
  if (answer.body["timed_out"] === true) throw tooLong(limitMs);
  const { failed = 0 } = (answer.body["_shards"] ?? {}) as { failed?: number };
  if (failed > 0 || answer.body["hits"] === undefined) {
    const sentence = `The cluster answered for a part of the documents alone: ${failed} of its shards failed.`;
    throw new Fault("store_unavailable", sentence, { retry: "retryable" });
  }
  return shaped(answer.body, keys);
}

/** Names that are too long for the path of a request stand in its body, which `_msearch` alone lets. */
function searchRequest(input: { pattern: string; params: SearchParams; body: object }): EngineRequest {
  const { pattern, params, body } = input;
  // Half an answer is none: shards that are away are an error.
  const how = { allow_partial_search_results: false, ...(params.ignoreMissing ? { ignore_unavailable: true } : {}) };
  const typed = params.typedKeys ? { typed_keys: true } : {};
  const path = encodeURIComponent(pattern === "" ? "_all" : pattern)
    .replaceAll("%2C", ",")
    .replaceAll("*", "%2A");
  if (path.length <= LONGEST_PATH) {
    return { method: "POST", path: `/${path}/_search`, query: { ...how, ...typed }, body };
  }
  return { method: "POST", path: "/_msearch", query: typed, body: [{ index: pattern.split(","), ...how }, body] };
}

async function askCluster(input: {
  engine: Engine;
  asked: EngineRequest;
  limitMs: number;
  signal?: AbortSignal | undefined;
}): Promise<EngineAnswer> {
  const { engine, asked, limitMs, signal } = input;
  // Behind the cluster's own limit, for one that does not answer at all. Hanging up ends the search there, too.
  const limited = AbortSignal.timeout(limitMs + 2_000);
  const both = signal === undefined ? limited : AbortSignal.any([signal, limited]);
  try {
    const answer = onlyOf(await engine.ask({ ...asked, limitMs: limitMs + 1_000, signal: both }));
    if (answer.status === 200) return answer;
    throw searchFault(answer);
  } catch (error) {
    if (signal?.aborted !== true && limited.aborted) throw tooLong(limitMs);
    if (error instanceof Fault && error.code === "engine_unreachable") {
      throw new Fault("store_unavailable", error.message, { retry: "retryable", cause: error });
    }
    throw error;
  }
}

/** `_msearch` answers a list, with a status for each search of it. */
function onlyOf(answer: EngineAnswer): EngineAnswer {
  const [only] = (answer.body["responses"] ?? []) as readonly EngineObject[];
  if (only === undefined) return answer;
  const { status, ...body } = only;
  return { status: Number(status ?? answer.status), body };
}

function tooLong(limitMs: number): Fault {
  const reason = `The search took longer than ${limitMs / 1000} s`;
  return notCarriedOut({ code: "search_timeout", type: "timeout_exception", reason, status: 504 });
}

function searchFault(answer: EngineAnswer): Fault {
  const { status } = answer;
  const { type, reason } = deepest(answer);
  const details = { ...(plain(answer.body) as Record<string, Json>), status };
  if (status === 429) return new Fault("search_rejected", reason, { retry: "retryable", details });
  if (status === 401 || status === 403) {
    return new Fault("store_unavailable", `The cluster refused the search: ${reason} (${type}).`, { details });
  }
  if (status >= 500)
    return new Fault("store_unavailable", `The cluster failed: ${reason} (${type}).`, { retry: "retryable", details });
  return new Fault("search_invalid", reason, { details });
}

/** Of a failure of all shards the reason is that of the first of them. */
function deepest(answer: EngineAnswer): { type: string; reason: string } {
  const { error } = answer.body as { error?: { root_cause?: readonly { type?: string; reason?: string }[] } };
  const [root] = error?.root_cause ?? [];
  return root?.type !== undefined && root.reason !== undefined
    ? { type: root.type, reason: root.reason }
    : errorOf(answer);
}

/** How hits are sorted: the field of each key. */
type SortKey = { field: string; key: object | string; isMoment: boolean };

function sortKeys(sort: SearchRequest["sort"], moments: ReadonlySet<string>): SortKey[] | undefined {
  if (sort === undefined) return undefined;
  const bodies = (Array.isArray(sort) ? sort : [sort]) as readonly SortBody[];
  return bodies.flatMap((body): SortKey[] => {
    const entries = typeof body === "string" ? [[body, {}] as const] : Object.entries(body);
    return entries.map(([field, how]) => {
      const options = typeof how === "string" ? { order: how } : (how as JsonObject);
      if (isArrival(field)) return { field, key: { [SEQ_FIELD]: { ...options, ...BY_ARRIVAL } }, isMoment: false };
      const isMoment = moments.has(field) && options["format"] === undefined;
      const key = isMoment
        ? { [field]: { ...options, ...IN_NANOS } }
        : typeof body === "string"
          ? body
          : { [field]: how };
      return { field, key, isMoment };
    });
  });
}

/** Indices that others made in the cluster have no order of arrival. */
const BY_ARRIVAL = { unmapped_type: "long" };
/** One unit for all indices, whether they keep moments to the millisecond or to the nanosecond. */
const IN_NANOS = { numeric_type: "date_nanos" };

function isArrival(field: string): boolean {
  return field === SEQ_FIELD || field === "_shard_doc";
}

function bodyOf(input: {
  request: SearchRequest;
  keys: readonly SortKey[] | undefined;
  maxSeq: number | undefined;
  limitMs: number;
}): object {
  const { request, keys, maxSeq, limitMs } = input;
  const { sort: _, search_after: after, query, timeout: __, ...rest } = request;
  const bounded =
    maxSeq === undefined
      ? query
      : { bool: { filter: [...(query === undefined ? [] : [query]), { range: { [SEQ_FIELD]: { lte: maxSeq } } }] } };
  return {
    timeout: `${limitMs}ms`,
    ...rest,
    ...(bounded === undefined ? {} : { query: bounded }),
    ...(keys === undefined ? {} : { sort: keys.map(({ key }) => key) }),
    ...(after === undefined
      ? {}
      : { search_after: after.map((value, i) => (keys?.[i]?.isMoment === true ? nanosOf(value) : value)) }),
  };
}

/** Milliseconds with the microseconds as fraction, as moments are told in `sort`. */
function nanosOf(value: Json): EngineJson {
  return typeof value === "number" ? BigInt(Math.round(value * 1_000)) * 1_000n : (value as EngineJson);
}

function shaped(body: EngineObject, keys: readonly SortKey[] | undefined): SearchResponse {
  const { hits: found, ...rest } = body;
  const { hits, ...more } = found as EngineObject;
  const shape = (hit: EngineObject) => shapeHit(hit, keys);
  return {
    ...(plain(rest) as object),
    hits: { ...(plain(more) as object), hits: (hits as readonly EngineObject[]).map(shape) },
  } as unknown as SearchResponse;
}

function shapeHit(hit: EngineObject, keys: readonly SortKey[] | undefined): SearchHit {
  const { _index: index, sort, ...rest } = hit;
  return {
    _index: streamOf(String(index)),
    ...(plain(rest) as object),
    ...(sort === undefined
      ? {}
      : { sort: (sort as readonly EngineJson[]).map((value, i) => sortValue(value, keys?.[i]?.isMoment === true)) }),
  } as unknown as SearchHit;
}

/** The data stream that a backing index belongs to. */
export function streamOf(index: string): string {
  return /^\.ds-(.+?)(?:-\d{4}\.\d{2}\.\d{2})?-\d{6,}$/.exec(index)?.[1] ?? index;
}

function sortValue(value: EngineJson, isMoment: boolean): Json {
  if (!isMoment || (typeof value !== "bigint" && typeof value !== "number")) return plain(value);
  return Number(BigInt(value) / 1_000n) / 1_000;
}

/** Without bigints: what is beyond 2^53 is its decimal text, as in all of our documents. */
export function plain(value: EngineJson): Json {
  if (typeof value === "bigint") return String(value);
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item) => plain(item as EngineJson));
  return Object.fromEntries(Object.entries(value as EngineObject).map(([key, item]) => [key, plain(item)]));
}
