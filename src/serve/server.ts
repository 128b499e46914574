import type { OutgoingHttpHeaders } from "node:http";
import fastify, { type FastifyReply, type FastifyRequest } from "fastify";
import type { AlertDesk } from "../alert/desk.ts";
import type { Broadcaster } from "../lib/broadcast.ts";
import type { Clock } from "../lib/clock.ts";
import { isAborted, messageOf } from "../lib/fault.ts";
import type { Log } from "../lib/log.ts";
import type { Shipped } from "../panels/shipped.ts";
import type { Access } from "./access/access.ts";
import type { AlertLinks } from "./alert-links/link-port.ts";
import { registerAlertLinks } from "./alert-links/register-links.ts";
import { readAlert } from "./api/alert-records.ts";
import { faultOf, sendFault, statusOfFault } from "./api/api-errors.ts";
import { createHandlers, type ServedStore } from "./api/handlers.ts";
import { noQuery, parseParameters, streamQuery } from "./api/parameters.ts";
import { type RouteConfig, registerOperations } from "./api/register-operations.ts";
import type { QueryLimits } from "./dashboards/query-limits.ts";
import { createSavedNews, type SavedNews } from "./dashboards/saved-news.ts";
import { listenOn } from "./listen.ts";
import type { Metrics } from "./metrics.ts";
import { openApiDocument } from "./openapi.ts";
import { createPublicDoor } from "./public/public-door.ts";
import { publicItem, publicSource } from "./public/public-source.ts";
import { robotsText } from "./public/robots.ts";
import type { PublicConfig } from "./public/schema.ts";
import { createTurns, inTurns, type TurnLimits, USUAL_TURNS } from "./public/search-turns.ts";
import { bodyTooLarge, closeAfterRefusal, createRequestGuard, NO_BODY, SECURITY_HEADERS } from "./request-guard.ts";
import { createSharedAnswers } from "./shared-answers.ts";
import type { LiveItem, Source } from "./source.ts";
import { createLiveStream, type StreamLimits } from "./stream/live-stream.ts";
import { createUnderWay } from "./under-way.ts";
import { registerWebPages } from "./web-pages.ts";

export type ServerConfig = {
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** Names besides localhost and the loopback addresses that requests may be for. */
  allowedHosts?: readonly string[] | undefined;
  /** The built web pages; may be missing in a checkout. */
  webDirectory?: string | undefined;
  stream?: Partial<StreamLimits> | undefined;
  /** Whether every request needs a key or a user: only then others than this machine may be listened to. */
  authenticates?: boolean;
  /** Anybody may look at what is meant for everybody, and nothing else is served. */
  public?: PublicConfig | undefined;
  /** Searches of the public at once. */
  turns?: TurnLimits | undefined;
};

export type Server = {
  /** Opens the port; throws `listen_address_refused`, `address_in_use`, `address_denied`, `address_unavailable`. */
  listen(): Promise<{ url: string }>;
  /** Ends the live streams, finishes the requests under way, closes the port. */
  close(): Promise<void>;
};

/** A request's head must have come within this time, milliseconds. */
const REQUEST_TIMEOUT_MS = 30_000;

/** Ids of alerts hold those of their rules. */
const MAX_PARAMETER_LENGTH = 2_048;

/** How long a closing server waits for the answers under way, milliseconds. */
const CLOSE_LIMIT_MS = 5_000;

/** Characters of one answer. */
const ANSWER_BYTES = 16_000_000;
/** Panels that are asked for again so soon get the same answer; of these answers so many characters are held. */
const SHARED_MS = 1_000;
const SHARED_CHARS = 32_000_000;

const STREAM_PATH = "/api/v1/stream";

/** The HTTP server: web pages, native API, live stream and metrics on one port. */
export function createServer(deps: {
  store: ServedStore;
  source: Source;
  live: Broadcaster<LiveItem>;
  log: Log;
  clock: Clock;
  config: ServerConfig;
  metrics: Metrics;
  /** Whom to let in; without it everybody who reaches the port. */
  access?: Access;
  /** The running rules; undefined until the store is opened. */
  desk?: () => AlertDesk | undefined;
  /** What stands behind the links of messages; undefined until the store is opened. */
  links?: () => AlertLinks | undefined;
  /** Panels and dashboards that come with the program. */
  shipped: Shipped;
  /** What is saved at one server is news at all that share it. */
  news?: SavedNews;
}): Server {
  const { live, log, clock, config, metrics, access, desk = () => undefined, shipped, news = createSavedNews() } = deps;
  const open = config.public;
  const store = open === undefined ? deps.store : inTurns(deps.store, createTurns(config.turns ?? USUAL_TURNS));
  const source = open === undefined ? deps.source : publicSource(deps.source);
  const guard = createRequestGuard({ host: config.host, allowedHosts: config.allowedHosts ?? [] });
  const stream = createLiveStream({
    live,
    log,
    limits: config.stream ?? {},
    ...(open === undefined ? {} : { show: publicItem }),
  });
  const underWay = createUnderWay();
  metrics.watchStream(stream.counts);

  const app = fastify({
    logger: false,
    requestTimeout: REQUEST_TIMEOUT_MS,
    bodyLimit: NO_BODY,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
    // Only the client's address is taken from what a proxy says.
    trustProxy: open === undefined || open.proxies.length === 0 ? false : open.proxies,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
  });

  // JSON alone, which no form can send.
  app.removeContentTypeParser("text/plain");
  const door = open === undefined ? undefined : createPublicDoor(open, STREAM_PATH);

  const answerError = (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    if (reply.raw.destroyed && isAborted(error)) return reply.code(499).send();
    // Paths that the router cannot read come here without having passed the hook.
    reply.headers(SECURITY_HEADERS);
    const fault = isTooLarge(error) ? bodyTooLarge(request.routeOptions.bodyLimit ?? NO_BODY) : faultOf(error);
    if (statusOfFault(fault) === 413) reply.header("connection", "close");
    if (statusOfFault(fault) === 500) {
      log.error({ code: fault.code, route: routeOf(request), error: messageOf(error) }, "A request failed");
    }
    return sendFault(reply, fault);
  };
  app.setErrorHandler(answerError);

  app.addHook("onRequest", async (request, reply) => {
    underWay.track(reply.raw);
    reply.headers(SECURITY_HEADERS);
    try {
      if (door === undefined) guard.check(request);
      else {
        // What may not be done here is no matter of methods or bodies.
        guard.checkOrigin(request);
        door.admit(request, reply.raw);
        guard.check(request);
      }
      await admit(access, request);
    } catch (error) {
      const fault = faultOf(error);
      closeAfterRefusal(reply, fault);
      return sendFault(reply, fault);
    }
  });
  app.addHook("onResponse", async (request, reply) => {
    const route = routeOf(request);
    // A stream's length is its reader's affair and no duration of an answer.
    if (route === STREAM_PATH && reply.statusCode === 200) return;
    metrics.observeRequest({ route, status: reply.statusCode, seconds: reply.elapsedTime / 1000 });
  });

  app.addHook("preClose", async () => {
    stream.close();
    await underWay.finished(CLOSE_LIMIT_MS);
  });

  const shared = createSharedAnswers({
    clock,
    keepMs: open === undefined ? SHARED_MS : open.cache_seconds * 1000,
    keepChars: SHARED_CHARS,
  });
  news.listen(shared.clear);
  const handlers = createHandlers({
    store,
    source,
    desk,
    clock,
    shipped,
    shown: { dashboards: open?.dashboards, searches: open?.searches },
    limits: open === undefined ? {} : limitsOf(open),
    mode: () => ({
      public: open !== undefined,
      sql: open === undefined && store.sql !== undefined,
      writes: open === undefined,
    }),
    shared,
    roundMs: open === undefined ? 0 : open.cache_seconds * 1000,
    changed: news.tell,
  });
  registerOperations(app, handlers, {
    answerBytes: open === undefined ? ANSWER_BYTES : open.answer_mb * 1e6,
    shared,
    keepS: ({ shared, cached }) => (open !== undefined && (shared || cached) ? open.cache_seconds : 0),
  });
  app.get("/robots.txt", (_, reply) =>
    reply
      .type("text/plain; charset=utf-8")
      .header("cache-control", "max-age=86400")
      .send(robotsText(open !== undefined)),
  );
  const document = openApiDocument();
  app.get("/api/v1/openapi.json", (request, reply) => {
    parseParameters({ schema: noQuery, raw: request.query, kind: "query" });
    return reply.header("cache-control", "no-cache").send(document);
  });
  app.get("/metrics", async (request, reply) => {
    parseParameters({ schema: noQuery, raw: request.query, kind: "query" });
    const text = await metrics.registry.metrics();
    return reply.type(metrics.registry.contentType).header("cache-control", "no-store").send(text);
  });
  app.get(STREAM_PATH, (request, reply) => {
    const { last_event_id } = parseParameters({ schema: streamQuery, raw: request.query, kind: "query" });
    stream.admit();
    reply.headers({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      connection: "close",
    });
    if (request.method === "HEAD") return reply.send();
    reply.hijack();
    reply.raw.writeHead(200, outgoing(reply));
    const header = request.headers["last-event-id"];
    stream.attach(reply.raw, (typeof header === "string" ? header : undefined) || last_event_id || undefined);
  });
  if (open === undefined) {
    registerAlertLinks(app, {
      links: deps.links ?? (() => undefined),
      desk,
      readAlert: async (id, signal) =>
        (await readAlert({ store, network: source.network()?.name ?? "*", id, signal })).alert,
      onFailure: ({ code, cause }) => log.error({ code, error: messageOf(cause) }, "A link could not be followed"),
    });
  }
  registerWebPages(app, config.webDirectory);

  return {
    async listen() {
      const url = await listenOn(app, { ...config, authenticates: config.authenticates || open !== undefined });
      log.info({ url }, "The server started");
      return { url };
    },
    close: () => app.close(),
  };
}

/** Looking needs a reader, figures any role, and what makes the monitor do something an admin. */
async function admit(access: Access | undefined, request: FastifyRequest): Promise<void> {
  if (access === undefined) return;
  const { method, url: uri, headers } = request;
  const { operation, signed } = request.routeOptions.config as RouteConfig;
  if (signed) return;
  const principal = await access.authenticate({ authorization: headers.authorization, uri });
  const isReading = method === "GET" || method === "HEAD" || operation?.reads === true;
  const privilege = !isReading ? "manage" : routeOf(request) === "/metrics" ? "monitor" : "read";
  access.authorize(principal, { privilege, action: `${method} ${routeOf(request)}` });
}

function limitsOf({ span_days, buckets, query_ms }: PublicConfig): QueryLimits {
  return { spanMs: span_days * 86_400_000, buckets, queryMs: query_ms };
}

/** The framework stopped reading a body. */
function isTooLarge(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "FST_ERR_CTP_BODY_TOO_LARGE";
}

/** The pattern, never the path: paths are the client's words and without end. */
function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? "none";
}

/** The headers that were set on a reply, for an answer that is written past the framework. */
function outgoing(reply: FastifyReply): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined));
}
