import { Fault } from "../../lib/fault.ts";
import type { FaceRoute, Method } from "./route.ts";

/** The operations of one path pattern, by method. */
export type PathRoutes = { pattern: string; byMethod: ReadonlyMap<string, FaceRoute> };

/** Puts together what the parts of the API say of one path. Throws for a path and method told twice. */
export function routeTable(routes: readonly FaceRoute[]): readonly PathRoutes[] {
  const table = new Map<string, Map<string, FaceRoute>>();
  for (const route of routes) {
    for (const pattern of route.paths) {
      const byMethod = table.get(pattern) ?? new Map<string, FaceRoute>();
      for (const method of route.methods) {
        if (byMethod.has(method)) throw new Error(`${method} ${pattern} is told twice`);
        byMethod.set(method, route);
      }
      table.set(pattern, byMethod);
    }
  }
  return [...table].map(([pattern, byMethod]) => ({ pattern, byMethod }));
}

/** `/{index}/_doc/{id}` as the framework's router writes it; a brace is no letter of a path. */
export function routerPattern(pattern: string): string {
  return pattern.replaceAll(/\{(\w+)\}/g, ":$1");
}

export function methodNotAllowed(input: { uri: string; method: string; allowed: readonly string[] }): Fault {
  const allowed = input.allowed.join(", ");
  return plainRefusal(
    `Incorrect HTTP method for uri [${input.uri}] and method [${input.method}], allowed: [${allowed}]`,
    405,
    { allow: allowed },
  );
}

export function noHandler(uri: string, method: string): Fault {
  return plainRefusal(`no handler found for uri [${uri}] and method [${method}]`, 400);
}

/** Elasticsearch's router answers with a sentence instead of an error object. */
function plainRefusal(sentence: string, status: number, headers: Record<string, string> = {}): Fault {
  return new Fault("elastic_refused", sentence, { details: { error: sentence, status, headers } });
}

export function isMethod(method: string): method is Method {
  return ["GET", "HEAD", "POST", "PUT", "DELETE"].includes(method);
}
