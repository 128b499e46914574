import type { FastifyReply, FastifyRequest } from "fastify";
import { Fault } from "../lib/fault.ts";

/** Sent with every answer. The pages are built without inline scripts and styles, so nothing is excepted. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
};

const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Checks a request before anything of it is used. Any web page in any browser can reach a loopback address: by a
 * form or an image, or through a name of its own that it rebinds to 127.0.0.1. So a request must be for a name of
 * ours, and where a browser says which page sent it, that page must be ours. Throws a fault that says why not.
 */
export function createRequestGuard(options: { host: string; allowedHosts: readonly string[] }): {
  /** All of it. */
  check(request: FastifyRequest): void;
  /** Whom it is for and which page sent it alone. */
  checkOrigin(request: FastifyRequest): void;
} {
  const origins = createOriginGuard(options);
  return {
    checkOrigin: origins.check,
    check(request) {
      const { headers, method } = request;
      origins.check(request);
      // The router has a pattern only for a path that takes this very method.
      if (!isReading(method) && request.routeOptions.url === undefined) {
        const allowed = methodsOf(request);
        throw new Fault("method_not_allowed", `The method ${method} is not served here; only ${allowed} are.`, {
          details: { allowed },
        });
      }
      const length = Number(headers["content-length"] ?? 0);
      const hasBody = headers["transfer-encoding"] !== undefined || length > 0;
      const limit = request.routeOptions.bodyLimit ?? NO_BODY;
      if (hasBody && limit <= NO_BODY) throw new Fault("body_refused", "A request to this path has no body.");
      if (length > limit) throw bodyTooLarge(limit);
    },
  };
}

/** The limit of routes that take no body: the framework has no smaller one. */
export const NO_BODY = 1;

export function bodyTooLarge(limit: number): Fault {
  return new Fault("body_too_large", `The body may have at most ${limit} bytes.`);
}

/** The part of the guard that every server needs: whom a request is for, and which page sent it. */
export function createOriginGuard(options: { host: string; allowedHosts: readonly string[] }): {
  check(request: Pick<FastifyRequest, "headers" | "method">): void;
} {
  const names = new Set([...LOOPBACK_NAMES, bracketed(options.host), ...options.allowedHosts.map(bracketed)]);

  return {
    check(request) {
      const { headers, method } = request;
      const host = (headers.host ?? "").toLowerCase();
      if (!names.has(nameOf(host))) {
        throw new Fault(
          "host_refused",
          "The Host header is not a name of this server: use localhost, or add the name to allowed_hosts.",
        );
      }
      if (headers.origin !== undefined && !isSameOrigin(headers.origin, host)) {
        throw new Fault("origin_refused", "The request comes from a web page of another origin.");
      }
      // A browser leaves Origin out of an image's or a script's request, but says whose page it is on.
      const site = headers["sec-fetch-site"];
      const isForeign = site !== undefined && site !== "same-origin" && site !== "none";
      if (isForeign && (!isReading(method) || headers["sec-fetch-mode"] !== "navigate")) {
        throw new Fault("origin_refused", "The request comes from a web page of another origin.");
      }
    },
  };
}

function isReading(method: string): boolean {
  return method === "GET" || method === "HEAD";
}

/** What a refused request may have sent behind its head is not read: its connection is closed. */
export function closeAfterRefusal(reply: FastifyReply, fault: Fault): void {
  if (fault.code === "method_not_allowed") reply.header("allow", fault.details["allowed"]);
  reply.header("connection", "close");
}

function methodsOf({ server, url }: FastifyRequest): string {
  const [path = ""] = url.split("?");
  const writing = (["POST", "PUT", "DELETE"] as const).filter((method) => server.findRoute({ method, url: path }));
  return ["GET", "HEAD", ...writing].join(", ");
}

/** The name in a Host header, without its port; empty when it is none. */
function nameOf(host: string): string {
  return /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/.exec(host)?.[1] ?? "";
}

function bracketed(host: string): string {
  const name = host.toLowerCase();
  return name.includes(":") && !name.startsWith("[") ? `[${name}]` : name;
}

function isSameOrigin(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host: originHost } = new URL(origin);
  if (protocol !== "http:" && protocol !== "https:") return false;
  return originHost === new URL(`${protocol}//${host}`).host;
}
