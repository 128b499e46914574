import type { ServerResponse } from "node:http";
import type { FastifyRequest } from "fastify";
import { Fault } from "../../lib/fault.ts";
import type { RouteConfig } from "../api/register-operations.ts";
import { createPlaces } from "./places.ts";
import type { PublicConfig } from "./schema.ts";

/** What stands before everything where the monitor is public. */
export type PublicDoor = {
  /**
   * Lets a request in that only looks at what is meant for everybody, and holds a place for it until its answer is sent.
   * Throws `public_refused` and `too_many_requests`.
   */
  admit(request: FastifyRequest, response: ServerResponse): void;
};

export function createPublicDoor(config: PublicConfig, streamPath: string): PublicDoor {
  const { requests, requests_per_client, streams_per_client } = config;
  const asking = createPlaces({ all: requests, each: requests_per_client, what: "requests" });
  // How many there may be in all the live stream itself says.
  const reading = createPlaces({ all: Number.POSITIVE_INFINITY, each: streams_per_client, what: "live streams" });
  return {
    admit(request, response) {
      const { method, ip } = request;
      if (method !== "GET" && method !== "HEAD") throw refused("nothing can be changed here, nor searched for freely");
      const { config: route, url } = request.routeOptions;
      const { operation } = (route ?? {}) as RouteConfig;
      if (operation !== undefined && !operation.open) throw refused("this is for those who run it");
      if (url === "/metrics") throw refused("its metrics are for those who run it");
      const places = url === streamPath ? reading : operation === undefined ? undefined : asking;
      if (places !== undefined) response.once("close", places.take(ip));
    },
  };
}

function refused(why: string): Fault {
  return new Fault("public_refused", `This monitor is public: ${why}.`);
}
