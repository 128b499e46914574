import { plainRefusal } from "../../events/refusal.ts";
import type { Fault } from "../../lib/fault.ts";
import type { FaceRoute, Method } from "./route.ts";

const METHODS: readonly Method[] = ["PUT", "POST", "DELETE", "HEAD", "GET"];

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

/** The methods of a path in the order that Elasticsearch lists them. */
export function methodsOf({ byMethod }: PathRoutes): readonly Method[] {
  return METHODS.filter((method) => byMethod.has(method));
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

export function isMethod(method: string): method is Method {
  return METHODS.some((each) => each === method);
}
