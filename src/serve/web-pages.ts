import { existsSync } from "node:fs";
import { join, sep } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Fault } from "../lib/fault.ts";

const NOT_BUILT = "The web pages are not built: npm run build\n";

/** Vite puts files here whose names change with their content. */
const HASHED_DIRECTORY = "assets";

/**
 * Serves the built web pages, and answers whatever no route took: JSON below /api, else the page itself, whose own
 * router knows its paths. A checkout that was not built says so.
 */
export function registerWebPages(app: FastifyInstance, directory: string | undefined): void {
  const isBuilt = directory !== undefined && existsSync(join(directory, "index.html"));
  if (isBuilt) {
    app.register(fastifyStatic, {
      root: directory,
      cacheControl: false,
      setHeaders(reply, path) {
        const isHashed = path.startsWith(join(directory, HASHED_DIRECTORY) + sep);
        reply.header("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
      },
    });
  } else {
    app.get("/", (_, reply) => notBuilt(reply));
  }

  app.setNotFoundHandler((request, reply) => {
    if (!isPagePath(request))
      throw new Fault("route_unknown", "There is nothing at this path; see /api/v1/openapi.json.");
    return isBuilt ? reply.sendFile("index.html") : notBuilt(reply);
  });
}

function isPagePath({ url }: FastifyRequest): boolean {
  return !/^\/(api|metrics|assets)([/?]|$)/.test(url);
}

function notBuilt(reply: FastifyReply): FastifyReply {
  return reply.code(503).type("text/plain; charset=utf-8").header("cache-control", "no-store").send(NOT_BUILT);
}
