import type { JsonObject } from "../../events/foreign.ts";

/** What a name stands for where one index is meant: an alias of one index is that index. */
export function oneIndex(name: string, aliases: ReadonlyMap<string, JsonObject>): string {
  const [only, ...others] = Object.keys((aliases.get(name)?.["indices"] ?? {}) as JsonObject);
  return only !== undefined && others.length === 0 ? only : name;
}
