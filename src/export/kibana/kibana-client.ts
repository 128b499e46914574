import { Fault, messageOf } from "../../lib/fault.ts";

/** Requests to a Kibana or OpenSearch Dashboards, with what its faults mean. */
export type KibanaClient = {
  /** Without credentials, for people. */
  origin: string;
  get(path: string): Promise<KibanaAnswer>;
  post(path: string, options: { form: FormData; header: string }): Promise<KibanaAnswer>;
};
export type KibanaAnswer = { status: number; json: unknown };

export type Credentials = { apiKey?: string | undefined; user?: string | undefined; password?: string | undefined };

/** An import of a thousand objects takes some seconds. */
const ANSWER_LIMIT_MS = 60_000;
const MAX_ANSWER_CHARACTERS = 20_000_000;

/** Throws `url_invalid`. A user in the URL counts as if it had been in the environment. */
export function createKibanaClient(input: {
  url: string;
  credentials: Credentials;
  /** A space of Kibana. */
  space?: string | undefined;
  signal: AbortSignal;
  limitMs?: number;
}): KibanaClient {
  const { signal, space, limitMs = ANSWER_LIMIT_MS } = input;
  if (!URL.canParse(input.url) || !/^https?:$/.test(new URL(input.url).protocol))
    throw new Fault("url_invalid", `${withoutUser(input.url)} is not the URL of a Kibana.`);
  const base = new URL(input.url);
  const authorization = authorizationOf(base, input.credentials);
  base.username = "";
  base.password = "";
  const prefix = `${base.pathname.replace(/\/+$/, "")}${space === undefined ? "" : `/s/${encodeURIComponent(space)}`}`;
  const origin = `${base.origin}${base.pathname === "/" ? "" : base.pathname}`;

  const ask = async (path: string, init: RequestInit): Promise<KibanaAnswer> => {
    const { status, text, location } = await exchange(`${base.origin}${prefix}${path}`, init);
    if (status === 401 || (status >= 300 && status < 400 && /login|auth/i.test(location)))
      throw new Fault("kibana_unauthorized", unauthorized(origin, authorization !== undefined));
    if (status === 403) throw new Fault("kibana_forbidden", `${origin} does not allow it: ${reasonIn(text)}.`);
    if (status === 429 || status >= 502) {
      const message = `${origin} does not serve it now: it answered ${status}.`;
      throw new Fault("kibana_unavailable", message, { retry: "retryable" });
    }
    const json = parsed(text);
    if (json === undefined)
      throw new Fault("answer_invalid", `What answers at ${origin} is no Kibana: ${noJson(status)}.`);
    return { status, json };
  };

  const exchange = async (url: string, init: RequestInit) => {
    try {
      const response = await fetch(url, {
        ...init,
        headers: { ...init.headers, ...(authorization === undefined ? {} : { authorization }) },
        redirect: "manual",
        signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]),
      });
      const text = (await response.text()).slice(0, MAX_ANSWER_CHARACTERS);
      return { status: response.status, text, location: response.headers.get("location") ?? "" };
    } catch (cause) {
      if (signal.aborted) throw signal.reason;
      const why = isTimeout(cause) ? `it has not answered within ${limitMs / 1000} s` : messageOf(rootOf(cause));
      throw new Fault("kibana_unreachable", `${origin} cannot be reached: ${why}.`, { retry: "retryable", cause });
    }
  };

  return {
    origin,
    get: (path) => ask(path, {}),
    post: (path, { form, header }) => ask(path, { method: "POST", body: form, headers: { [header]: "true" } }),
  };
}

function authorizationOf(base: URL, credentials: Credentials): string | undefined {
  const {
    apiKey,
    user = decodeURIComponent(base.username),
    password = decodeURIComponent(base.password),
  } = credentials;
  if (apiKey !== undefined) return `ApiKey ${apiKey}`;
  return user === "" ? undefined : `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

function unauthorized(origin: string, hasCredentials: boolean): string {
  return hasCredentials
    ? `${origin} does not take the credentials.`
    : `${origin} asks for credentials: set ETHMON_KIBANA_API_KEY, or ETHMON_KIBANA_USER and ETHMON_KIBANA_PASSWORD.`;
}

/** What an error says of itself; Kibana and its fork have the same form. */
export function reasonIn(answer: unknown): string {
  const json = typeof answer === "string" ? parsed(answer) : answer;
  const message = (json as { message?: unknown } | null | undefined)?.message;
  return typeof message === "string" && message !== ""
    ? message.replace(/\.$/, "").slice(0, 500)
    : "it gives no reason";
}

function noJson(status: number): string {
  return `its answer, with the status ${status}, is not JSON`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === "TimeoutError";
}

/** `fetch failed` says less than its cause. */
function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? rootOf(error.cause) : error;
}

function withoutUser(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//");
}
