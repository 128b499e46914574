import type { JsonObject } from "../../events/foreign.ts";
import { isJsonObject } from "../../events/json-object.ts";
import { Fault } from "../../lib/fault.ts";
import type { WatchAction } from "../watch.ts";
import { parseActions } from "./parse-action.ts";

/** One action as it stands in a watch, of a route of the configuration. Throws `watch_invalid`. */
export function compileAction(id: string, action: JsonObject): WatchAction {
  const [compiled] = parseActions({ [id]: action }, { watchId: id, path: "" });
  if (compiled === undefined) throw new Fault("internal_error", `The action '${id}' was not read.`);
  return compiled;
}

/** The login of a watch's webhook, which is in nothing that is rendered. */
export function basicAuthOf(
  watch: JsonObject | undefined,
  action: string,
): { username: string; password: string } | undefined {
  let at: unknown = watch;
  for (const key of ["actions", action, "webhook", "auth", "basic"]) {
    at = isJsonObject(at as JsonObject) ? (at as JsonObject)[key] : undefined;
  }
  const { username, password } = (at ?? {}) as { username?: unknown; password?: unknown };
  return typeof username === "string" && typeof password === "string" ? { username, password } : undefined;
}
