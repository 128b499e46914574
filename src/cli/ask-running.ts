import type { z } from "zod";
import { Fault } from "../lib/fault.ts";
import { schemas } from "../serve/api/schemas.ts";
import { findHolder } from "../store/embedded/lock.ts";

/** Counting takes some four seconds for ten gigabytes, and twenty are kept by default. */
const ANSWER_LIMIT_MS = 60_000;

/** Where the program that uses a data directory listens; undefined where none does. Throws `store_in_use`. */
export async function findRunning(directory: string): Promise<string | undefined> {
  const holder = await findHolder(directory);
  if (holder === undefined || holder.url !== undefined) return holder?.url;
  const sentence = `The ethmon of process ${holder.pid} uses ${directory} and does not listen yet.`;
  throw new Fault("store_in_use", sentence, { retry: "retryable" });
}

/** The environment's name for the key of a running ethmon that has keys, as `ethmon key create` printed it. */
const KEY_NAME = "ETHMON_API_KEY";

/** What is asked of a running ethmon, below the path of `base`. */
type Asked<T> = {
  base: string;
  /** With its query, where it has one. */
  path: string;
  /** Default: GET. */
  method?: "GET" | "POST" | "PUT" | "DELETE";
  body?: unknown;
  schema: z.ZodType<T>;
  signal: AbortSignal;
};

/**
 * What a running ethmon answers, asked with the key of the environment. Throws its own faults, `url_invalid`,
 * `server_unreachable`, `answer_invalid`.
 */
export async function askRunning<T>(asked: Asked<T>): Promise<T> {
  const { base, path, schema } = asked;
  if (!URL.canParse(base)) throw new Fault("url_invalid", `${base} is not a URL.`);
  const url = new URL(base);
  const [pathname, query = ""] = path.split("?");
  url.pathname = `${url.pathname.replace(/\/+$/, "")}${pathname}`;
  url.search = query;
  const { status, body } = await ask(url, asked);
  const answer = schema.safeParse(body);
  if (status === 200 && answer.success) return answer.data;
  const refusal = schemas.Error.safeParse(body);
  if (!refusal.success) throw new Fault("answer_invalid", `What answers at ${url.origin} is not this ethmon.`);
  const { code, message, retry } = refusal.data.error;
  throw new Fault(code, message, { retry: retry ? "retryable" : "final" });
}

async function ask(
  url: URL,
  { method = "GET", body, signal }: Pick<Asked<unknown>, "method" | "body" | "signal">,
): Promise<{ status: number; body: unknown }> {
  try {
    const key = process.env[KEY_NAME];
    const headers = {
      ...(key === undefined || key === "" ? {} : { authorization: `ApiKey ${key}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    };
    const response = await fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_LIMIT_MS)]),
    });
    const text = await response.text();
    return { status: response.status, body: parsed(text) };
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    throw new Fault("server_unreachable", `No ethmon answers at ${url.origin}.`, { retry: "retryable", cause });
  }
}

/** Undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
