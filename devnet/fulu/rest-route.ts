import type { BeaconAnswer } from "../../src/simulate/beacon-face.ts";

export type RouteRequest = { params: Readonly<Record<string, string>>; query: URLSearchParams };

/** Undefined where a route is not this one's. */
export type Route = (path: string, query: URLSearchParams) => BeaconAnswer | undefined;

/** A path with names in braces, such as `/eth/v1/beacon/headers/{block_id}`. */
export function route(pattern: string, answer: (request: RouteRequest) => BeaconAnswer): Route {
  const parts = pattern.split("/");
  return (path, query) => {
    const given = path.split("/");
    if (given.length !== parts.length) return undefined;
    const params: Record<string, string> = {};
    for (const [index, part] of parts.entries()) {
      const value = given[index] ?? "";
      const name = /^\{(\w+)\}$/.exec(part)?.[1];
      if (name === undefined && part !== value) return undefined;
      if (name !== undefined) params[name] = decodeURIComponent(value);
    }
    return answer({ params, query });
  };
}
