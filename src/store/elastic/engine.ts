import { readFileSync } from "node:fs";
import { Client, errors } from "@opensearch-project/opensearch";
import { Fault, messageOf } from "../../lib/fault.ts";
import type { ElasticStoreSettings } from "./settings.ts";

/** JSON as an engine sends it: integers beyond 2^53 are bigints. */
export type EngineJson =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly EngineJson[]
  | { readonly [key: string]: EngineJson };
export type EngineObject = { readonly [key: string]: EngineJson };

export type EngineRequest = {
  method: "GET" | "POST" | "PUT" | "DELETE" | "HEAD";
  path: string;
  query?: Readonly<Record<string, string | number | boolean>>;
  /** An object becomes JSON, a list NDJSON; a text is sent as it is, as NDJSON. */
  body?: unknown;
  limitMs?: number;
  signal?: AbortSignal | undefined;
};

/** An answer of any status below 500, and of 500 and more where the engine told why. */
export type EngineAnswer = { status: number; body: EngineObject };

/** A real Elasticsearch or OpenSearch. */
export type Engine = {
  /**
   * Sends a request to one node of the cluster, to another one where the first cannot be reached. Rejects with
   * `engine_unreachable` (retryable), or the signal's reason.
   */
  ask(request: EngineRequest): Promise<EngineAnswer>;
  close(): Promise<void>;
};

const LIMIT_MS = 60_000;
/** The client's own limit ends with the first byte of an answer: behind it an answer that never ends is given up. */
const ANSWER_MS = 1_000;
/** A node that was away is tried again after this time, and then after up to eight times as long. */
const AWAY_MS = 5_000;
const AWAY_DOUBLINGS = 3;

/** Nothing is sent yet. Throws `engine_settings` for addresses that are none and files that cannot be read. */
export function connectEngine(
  settings: Pick<ElasticStoreSettings, "urls" | "api_key" | "authority" | "compress">,
): Engine {
  const { urls, api_key: apiKey, authority, compress } = settings;
  for (const url of urls) {
    if (!URL.canParse(url) || !/^https?:/.test(url)) {
      throw new Fault("engine_settings", `${withoutCredentials(url)} is not an http or https URL of a cluster.`);
    }
  }
  if (apiKey !== undefined && !/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new Fault("engine_settings", "The API key has spaces, line ends or other characters that no key has.");
  }
  const client = new Client({
    nodes: [...urls],
    enableLongNumeralSupport: true,
    // Documents of others may have a field of any name; nothing of ours merges objects.
    disablePrototypePoisoningProtection: true,
    // Who asks decides what is tried again; a node that is away is passed over by the pool.
    maxRetries: urls.length - 1,
    ...(compress ? { compression: "gzip" as const } : {}),
    ...(apiKey === undefined ? {} : { headers: { authorization: `ApiKey ${apiKey}` } }),
    ...(authority === undefined ? {} : { ssl: { ca: readAuthority(authority) } }),
  });

  client.connectionPool.resurrectTimeout = AWAY_MS;
  client.connectionPool.resurrectTimeoutCutoff = AWAY_DOUBLINGS;
  const closing = new AbortController();
  let ended: Promise<void> | undefined;

  return {
    async ask({ method, path, query = {}, body, limitMs = LIMIT_MS, signal }) {
      signal?.throwIfAborted();
      if (closing.signal.aborted) throw closed();
      const asked = client.transport.request(
        {
          method,
          path,
          querystring: { ...query },
          ...(typeof body === "string" || Array.isArray(body)
            ? { bulkBody: body as string | Record<string, unknown>[] }
            : body === undefined
              ? {}
              : { body: body as Record<string, unknown> }),
        },
        { requestTimeout: limitMs },
      );
      // What a listener returns and can be waited for is waited for: its rejection would end the process.
      const abort = (): void => void asked.abort?.();
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        abort();
      }, limitMs + ANSWER_MS);
      const endings = signal === undefined ? [closing.signal] : [closing.signal, signal];
      for (const ending of endings) ending.addEventListener("abort", abort, { once: true });
      try {
        const { statusCode, body: answer } = await asked;
        return { status: statusCode ?? 200, body: objectOf(answer) };
      } catch (error) {
        signal?.throwIfAborted();
        if (closing.signal.aborted) throw closed();
        if (isLate) throw unreachable(`no answer within ${limitMs / 1000} s`, error);
        return told(error);
      } finally {
        clearTimeout(timer);
        for (const ending of endings) ending.removeEventListener("abort", abort);
      }
    },
    close() {
      closing.abort();
      // The client's own ends but once.
      ended ??= client.close();
      return ended;
    },
  };
}

function closed(): Fault {
  return new Fault("store_closed", "The store is closed");
}

/** An error of the client: an answer that says what was wrong, or that there was none. */
function told(error: unknown): EngineAnswer {
  if (error instanceof errors.ResponseError && error.statusCode !== undefined) {
    const { body } = error.meta;
    const isTold = typeof body === "object" && body !== null;
    if (isTold || error.statusCode < 500) return { status: error.statusCode, body: objectOf(body) };
    throw unreachable(`HTTP status ${error.statusCode}`, error);
  }
  if (error instanceof errors.NoLivingConnectionsError) throw unreachable("no node answers", error);
  if (error instanceof errors.TimeoutError) throw unreachable("no answer in time", error);
  if (error instanceof errors.DeserializationError) throw unreachable("its answer is no JSON", error);
  throw unreachable(messageOf(error) || "no node answers", error);
}

function unreachable(why: string, cause: unknown): Fault {
  // What OpenSSL says of a chain of certificates does not say what to do about it.
  const isUntrusted = /certificate|issuer/i.test(why);
  const more = isUntrusted ? " (store.elasticsearch.authority names the certificate of who signed it)" : "";
  return new Fault("engine_unreachable", `The cluster cannot be reached: ${why}${more}.`, {
    retry: "retryable",
    cause,
  });
}

function objectOf(body: unknown): EngineObject {
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as EngineObject;
  return body === undefined || body === null || body === "" ? {} : { answer: body as EngineJson };
}

function readAuthority(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new Fault("engine_settings", `The certificate ${path} cannot be read.`, { cause });
  }
}

/** A URL as it may be shown. */
export function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//");
}

/** Elasticsearch's error object within an answer. */
export function errorOf({ body, status }: EngineAnswer): { type: string; reason: string } {
  const { error } = body;
  if (typeof error === "string") return { type: "error", reason: error };
  const { type, reason } = (error ?? {}) as EngineObject;
  return {
    type: typeof type === "string" ? type : "error",
    reason: typeof reason === "string" ? reason : `HTTP status ${status}`,
  };
}
