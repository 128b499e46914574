import http, { type ClientRequest, type IncomingMessage } from "node:http";
import https from "node:https";
import { Fault } from "../lib/fault.ts";
import type { NodeUrl } from "./node-url.ts";

/** Who is asked for what: everything a fault's sentence needs. */
export type Asked = { node: string; url: NodeUrl; path: string };

/** Opens a GET to a node; the caller listens and ends it. With no agent the request has a connection of its own. */
export function openRequest(
  asked: Asked,
  options: { query?: string; headers: Readonly<Record<string, string>>; agent?: http.Agent | https.Agent },
): ClientRequest {
  const { url, path } = asked;
  const { request } = url.protocol === "https:" ? https : http;
  return request({
    host: url.hostname,
    port: url.port,
    path: url.target(path + (options.query ?? "")),
    headers: { ...url.headers, ...options.headers, "user-agent": "ethmon" },
    agent: options.agent ?? false,
  });
}

/** Connections that a client keeps for its REST requests. */
export function createAgent(url: NodeUrl, maxSockets: number): http.Agent | https.Agent {
  const { Agent } = url.protocol === "https:" ? https : http;
  return new Agent({ keepAlive: true, maxSockets, scheduling: "lifo" });
}

/** Translates what a socket or a TLS handshake threw; the foreign error is not kept, since it may hold the address. */
export function unreachable(asked: Asked, error: unknown): Fault {
  return new Fault(
    "node_unreachable",
    `Node ${asked.node} could not be reached at ${asked.url.redacted} (${asked.path}): ${socketWords(asked, error)}.`,
    { retry: "retryable", details: { node: asked.node, path: asked.path, reason: codeOf(error) ?? "unknown" } },
  );
}

/** What befell a socket, in plain words. */
export function socketWords(asked: Asked, error: unknown): string {
  const code = codeOf(error);
  const words = code === undefined ? ((error as { message?: string }).message ?? String(error)) : PLAIN_WORDS[code];
  return asked.url.scrub(words ?? code ?? "unknown");
}

export function codeOf(error: unknown): string | undefined {
  return (error as { code?: string }).code;
}

const PLAIN_WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused, nothing listens there",
  ECONNRESET: "the connection was reset",
  EHOSTUNREACH: "there is no route to the host",
  ENETUNREACH: "there is no route to the network",
  ENOTFOUND: "the name of the host is unknown",
  EAI_AGAIN: "the name of the host could not be looked up",
  ETIMEDOUT: "the connection was not answered",
  EPROTO: "the address speaks no TLS; try http://",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed",
  CERT_HAS_EXPIRED: "its certificate has expired",
};

/** A status that is no success, with the first words of the body. */
export function httpError(asked: Asked, status: number, body: string): Fault {
  const words = firstWords(asked, body);
  return new Fault(
    "node_http_error",
    `Node ${asked.node} answered ${asked.path} with status ${status}${words === "" ? "" : `: ${words}`}.`,
    {
      retry: status >= 500 || status === 408 || status === 425 || status === 429 ? "retryable" : "final",
      details: { node: asked.node, path: asked.path, status },
    },
  );
}

/** A success whose body is something else than asked for: a proxy's page, a login form. */
export function notJson(asked: Asked, contentType: string, body: string): Fault {
  return new Fault(
    "node_not_json",
    `Node ${asked.node} answered ${asked.path} with ${contentType || "an unnamed type"} that is not JSON` +
      `: ${firstWords(asked, body) || "an empty body"}.`,
    { retry: "retryable", details: { node: asked.node, path: asked.path, contentType } },
  );
}

/** What a body says, for a sentence: the message of a JSON error, or the text of a page without its tags. */
export function firstWords(asked: Asked, body: string): string {
  const text = messageOfJson(body) ?? body.replace(/<(script|style)[\s\S]*?<\/\1>/gi, " ").replace(/<[^>]*>/g, " ");
  const words = asked.url
    .scrub(text)
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
  return (words.length > 160 ? `${words.slice(0, 160)}...` : words).replace(/\.$/, "");
}

function messageOfJson(body: string): string | undefined {
  try {
    const { message } = JSON.parse(body) as { message?: unknown };
    return typeof message === "string" ? message : undefined;
  } catch {
    return undefined;
  }
}

export function contentTypeOf(response: IncomingMessage): string {
  return (response.headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}
