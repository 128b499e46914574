import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { parseWatch } from "../../src/alert/watch/parse-watch.ts";
import type { Json } from "../../src/events/document.ts";
import type { JsonObject } from "../../src/events/foreign.ts";
import { isFault } from "../../src/lib/fault.ts";

/** An Elasticsearch with Watcher over real HTTP, as far as putting watches needs one: what Watcher refuses, it refuses. */
export type FakeWatcher = {
  url: string;
  watches: ReadonlyMap<string, { body: JsonObject; active: boolean }>;
  authorizations: readonly (string | undefined)[];
  close(): Promise<void>;
};

type Answer = { status: number; body: object };

/** `license` is what the cluster has: a basic one has no Watcher. */
export async function startFakeWatcher(options: { license?: "basic" | "trial" } = {}): Promise<FakeWatcher> {
  const { license = "trial" } = options;
  const watches = new Map<string, { body: JsonObject; active: boolean }>();
  const authorizations: (string | undefined)[] = [];

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const url = new URL(request.url ?? "", "http://fake");
    authorizations.push(request.headers.authorization);
    if (license === "basic") {
      return refusal(403, "security_exception", "current license is non-compliant for [watcher]");
    }
    if (url.pathname === "/_watcher/stats" && request.method === "GET") return { status: 200, body: { stats: [] } };
    const id = /^\/_watcher\/watch\/([^/]+)$/.exec(url.pathname)?.[1];
    if (id === undefined || request.method !== "PUT")
      return refusal(404, "no_handler", `no handler for ${url.pathname}`);
    const body = (await json(request)) as JsonObject;
    const wrong = wrongIn(decodeURIComponent(id), body);
    if (wrong !== undefined) return refusal(400, "parse_exception", wrong);
    const created = !watches.has(id);
    watches.set(decodeURIComponent(id), { body, active: url.searchParams.get("active") !== "false" });
    return { status: created ? 201 : 200, body: { _id: id, _version: 1, created } };
  };

  const server = createServer((request, response) => {
    void answer(request).then(({ status, body }) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    watches,
    authorizations,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function refusal(status: number, type: string, reason: string): Answer {
  const error = { type, reason };
  return { status, body: { error: { root_cause: [error], ...error }, status } };
}

/** What is ours alone, or missing, in a sentence; undefined for a watch that a real Watcher takes. */
function wrongIn(id: string, body: JsonObject): string | undefined {
  const { trigger, actions } = body as { trigger?: JsonObject; actions?: Readonly<Record<string, JsonObject>> };
  if (trigger?.["schedule"] === undefined) return "unknown trigger type";
  if (JSON.stringify(actions).includes("ctx.vars.alert")) return "[ctx.vars.alert] is nothing here";
  for (const [name, action] of Object.entries(actions ?? {})) {
    const { email, slack, logging, webhook } = action as Readonly<Record<string, JsonObject | undefined>>;
    if (email !== undefined && (email["subject"] === undefined || email["body"] === undefined))
      return `action [${name}] has neither subject nor body`;
    if (slack !== undefined && "url" in slack) return `unexpected field [url] of action [${name}]`;
    if (logging !== undefined && logging["text"] === undefined) return `action [${name}] has no [text]`;
    const text = webhook?.["body"];
    if (typeof text === "string" && text.startsWith("__json__::") && !isJson(text.slice(10)))
      return `the body of action [${name}] is no JSON`;
  }
  try {
    parseWatch({ id, body: withoutStatements(body) as JsonObject });
    return undefined;
  } catch (error) {
    if (!isFault(error)) throw error;
    return error.message;
  }
}

/** A text with tags in place of values. */
function isJson(template: string): boolean {
  try {
    JSON.parse(template.replace(/\{\{[^}]*\}\}/g, ""));
    return true;
  } catch {
    return false;
  }
}

/** Painless has statements, which our part of it has not: those that a push adds are known by their form. */
function withoutStatements(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutStatements);
  if (typeof value !== "object" || value === null) return value;
  const object = value as JsonObject;
  const { source } = object;
  if (
    typeof source === "string" &&
    /^(?:for \(def e : [\w.]+\) \{ e|ctx\.payload)\.alert_severity = [^;]+;/.test(source)
  ) {
    const [, expression = ""] = /\.alert_severity = ([^;]+);/.exec(source) ?? [];
    return {
      ...object,
      source: `ctx.payload == null ? null : ${expression.replaceAll(/\be\b(?=[.?])/g, "ctx.payload")}`,
    };
  }
  return Object.fromEntries(Object.entries(object).map(([key, inner]) => [key, withoutStatements(inner)]));
}
