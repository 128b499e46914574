import type { Socket } from "node:net";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Clock } from "../../lib/clock.ts";
import { isAborted, messageOf } from "../../lib/fault.ts";
import { isLoopback } from "../../lib/listen-address.ts";
import type { Log } from "../../lib/log.ts";
import { createMemoryBudget } from "../../lib/memory-budget.ts";
import type { TlsTexts } from "../../lib/tls-files.ts";
import { createAccess } from "../access/access.ts";
import { goneSignal } from "../gone-signal.ts";
import { listenOn } from "../listen.ts";
import { createOriginGuard, SECURITY_HEADERS } from "../request-guard.ts";
import { createUnderWay } from "../under-way.ts";
import { type AnswerForm, errorOf, faultOf, sendAnswer, sendError } from "./answer.ts";
import { faceRoutes } from "./face-routes.ts";
import { readMediaType } from "./media-type.ts";
import { COMMON_PARAMETERS, readParameters } from "./parameters.ts";
import type { FacePorts } from "./ports.ts";
import { createRequestBody } from "./request-body.ts";
import {
  isMethod,
  methodNotAllowed,
  methodsOf,
  noHandler,
  type PathRoutes,
  routerPattern,
  routeTable,
} from "./route-table.ts";
import type { ElasticFaceConfig } from "./schema.ts";

export type ElasticFace = {
  /** Opens the port; throws as `listenOn` does, `listen_address_refused` on others' addresses while there are no keys. */
  listen(): Promise<{ url: string }>;
  close(): Promise<void>;
};

/** A request's head must have come within this time, milliseconds. */
const HEAD_TIMEOUT_MS = 30_000;
/** How often Node looks for requests that take too long. */
const LOOK_EVERY_MS = 5_000;
/** What a refused request still sends is read and forgotten for this time, so that its client can read the answer. */
const LINGER_MS = 5_000;
const CLOSE_LIMIT_MS = 5_000;
const MAX_PARAMETER_LENGTH = 16_384;
const MAX_HEAD_BYTES = 65_536;
const MB = 1_000_000;

/** Elasticsearch's API on a port of its own. */
export function createElasticFace(deps: {
  ports: FacePorts;
  config: ElasticFaceConfig;
  tls?: TlsTexts;
  clock: Clock;
  log: Log;
}): ElasticFace {
  const { ports, config, tls, clock, log } = deps;
  const { keys } = ports;
  const guard = createOriginGuard({ host: config.host, allowedHosts: config.allowed_hosts });
  const access = createAccess({ store: keys, clock, isLoopback: isLoopback(config.host), anonymous: config.anonymous });
  const underWay = createUnderWay();
  const bodyLimits = {
    maxContentBytes: config.max_content_mb * MB,
    maxJsonBytes: config.max_json_mb * MB,
    memory: createMemoryBudget(config.memory_mb * MB),
  };
  const timeouts = {
    maxHeaderSize: MAX_HEAD_BYTES,
    headersTimeout: Math.min(HEAD_TIMEOUT_MS, config.request_seconds * 1000),
    connectionsCheckingInterval: Math.min(LOOK_EVERY_MS, config.request_seconds * 1000),
  };
  const options = {
    logger: false,
    requestTimeout: config.request_seconds * 1000,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH, ignoreTrailingSlash: true },
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      void fail(error, { request, reply }),
  };
  const app: FastifyInstance = tls === undefined ? fastify({ ...options, http: timeouts }) : secured();
  app.server.maxConnections = config.connections;

  function secured(): FastifyInstance {
    const https = { ...timeouts, ...tls, requestCert: tls?.ca !== undefined, minVersion: "TLSv1.2" as const };
    // The framework's types tell servers with and without TLS apart, of which nothing here makes use.
    return fastify({ ...options, https }) as unknown as FastifyInstance;
  }

  const fail = (error: unknown, sent: { request: FastifyRequest; reply: FastifyReply; form?: AnswerForm }) => {
    const { request, reply, form } = sent;
    if (reply.raw.destroyed && isClientGone(error)) return reply.code(499).send("");
    const fault = faultOf(error);
    if (errorOf(fault).status === 500) {
      log.error({ code: fault.code, route: request.routeOptions.url, error: messageOf(error) }, "A request failed");
    }
    return sendError(prepared(request, reply), fault, form);
  };

  const serve = async (request: FastifyRequest, reply: FastifyReply, routes: PathRoutes | undefined) => {
    const { method, url: uri, headers, raw } = request;
    const sent: Parameters<typeof fail>[1] = { request, reply };
    const [pathname = "", query = ""] = splitOnce(uri);
    try {
      guard.check(request);
      const parameters = readParameters(query);
      sent.form = { accepted: readMediaType(headers.accept, "Accept"), parameters };
      const principal = await access.authenticate({ authorization: headers.authorization, uri });
      if (routes === undefined) throw noHandler(uri, method);
      const allowed = methodsOf(routes);
      if (method === "OPTIONS") {
        return sendAnswer(prepared(request, reply), { text: "", headers: { allow: allowed.join(",") } }, sent.form);
      }
      const route = routes.byMethod.get(method);
      if (route === undefined || !isMethod(method)) throw methodNotAllowed({ uri, method, allowed });
      access.authorize(principal, route);
      parameters.allow(new Set([...COMMON_PARAMETERS, ...(route.parameters ?? [])]), pathname);
      const body = createRequestBody(raw, bodyLimits);
      const signal = goneSignal(reply);
      const path = request.params as Record<string, string>;
      try {
        const answer = await route.handle({ method, uri, path, parameters, headers, body, principal, signal });
        return sendAnswer(prepared(request, reply), answer, sent.form);
      } finally {
        body.release();
      }
    } catch (error) {
      return fail(error, sent);
    }
  };

  app.removeAllContentTypeParsers();
  // Bodies are read by the operations themselves, as they come.
  app.addContentTypeParser("*", (_request, _payload, done) => done(null));
  app.addHook("onRequest", async (_request, reply) => underWay.track(reply.raw));
  app.setErrorHandler((error, request, reply) => fail(error, { request, reply }));
  app.setNotFoundHandler((request, reply) => serve(request, reply, undefined));
  for (const routes of routeTable(faceRoutes({ ports, config, clock }))) {
    app.all(routerPattern(routes.pattern), (request, reply) => serve(request, reply, routes));
  }
  app.addHook("preClose", () => underWay.finished(CLOSE_LIMIT_MS));

  return {
    async listen() {
      const { host, port, anonymous } = config;
      const authenticates = (await keys.hasCredentials()) && anonymous !== "admin" && anonymous !== "writer";
      const url = await listenOn(app, {
        host,
        port,
        authenticates,
        tls: tls !== undefined,
        chosenIn: "the configuration",
      });
      log.info({ url }, "The Elasticsearch face began to listen");
      return { url };
    },
    close: () => app.close(),
  };
}

/** What every answer has, and the care for what a refused request still sends. */
function prepared(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { raw } = request;
  const opaqueId = request.headers["x-opaque-id"];
  reply.headers({ ...SECURITY_HEADERS, "x-elastic-product": "Elasticsearch" });
  if (typeof opaqueId === "string") reply.header("x-opaque-id", opaqueId);
  const hasBody = raw.headers["transfer-encoding"] !== undefined || Number(raw.headers["content-length"] ?? 0) > 0;
  if (hasBody && !raw.readableEnded) {
    const linger = setTimeout(() => raw.socket.destroy(), LINGER_MS);
    reply.raw.once("finish", () => raw.resume());
    raw.once("close", () => clearTimeout(linger));
    raw.once("end", () => clearTimeout(linger));
  }
  return reply;
}

function isClientGone(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return isAborted(error) || code === "ECONNRESET" || code === "ERR_STREAM_PREMATURE_CLOSE";
}

const BROKEN: Readonly<Record<string, readonly [status: number, words: string]>> = {
  HPE_HEADER_OVERFLOW: [431, "Request Header Fields Too Large"],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "Request Timeout"],
};

/** What is no HTTP at all, or too slow, never becomes a request: its socket is answered and ended. */
function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  const [status, words] = BROKEN[error.code ?? ""] ?? [400, "Bad Request"];
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const reason = `The request cannot be read: ${words}`;
  const cause = { type: "illegal_argument_exception", reason };
  const body = JSON.stringify({ error: { root_cause: [cause], ...cause }, status });
  const head = `HTTP/1.1 ${status} ${words}\r\nContent-Type: application/json\r\nX-Elastic-Product: Elasticsearch\r\n`;
  socket.end(`${head}Connection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

function splitOnce(uri: string): readonly string[] {
  const mark = uri.indexOf("?");
  return mark < 0 ? [uri] : [uri.slice(0, mark), uri.slice(mark + 1)];
}
