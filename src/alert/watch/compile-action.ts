import type { JsonObject } from "../../events/foreign.ts";
import { Fault } from "../../lib/fault.ts";
import type { WatchAction } from "../watch.ts";
import { parseActions } from "./parse-action.ts";

/** One action as it stands in a watch, of a route of the configuration. Throws `watch_invalid`. */
export function compileAction(id: string, action: JsonObject): WatchAction {
  const [compiled] = parseActions({ [id]: action }, { watchId: id, path: "" });
  if (compiled === undefined) throw new Fault("internal_error", `The action '${id}' was not read.`);
  return compiled;
}
