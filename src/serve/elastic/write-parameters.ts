import type { ForeignItem, ForeignSink } from "../../events/foreign.ts";
import { illegalArgument } from "../../events/refusal.ts";
import type { Parameters } from "./parameters.ts";

/** What every operation that writes takes and this store has no use for: it has one copy and one writer. */
export const WRITE_PARAMETERS: readonly string[] = [
  "refresh",
  "routing",
  "pipeline",
  "timeout",
  "wait_for_active_shards",
  "require_alias",
  "require_data_stream",
  "include_source_on_error",
];

export type Refresh = "true" | "wait_for" | "false";

export function refreshOf(parameters: Parameters): Refresh {
  const value = parameters.text("refresh");
  if (value === undefined || value === "false") return "false";
  if (value === "" || value === "true") return "true";
  if (value === "wait_for") return value;
  throw illegalArgument(`Unknown value for refresh: [${value}].`);
}

/** Waits until what was written can be searched, where the request asks for it. */
export async function refreshed(sink: ForeignSink, refresh: Refresh, signal: AbortSignal): Promise<void> {
  if (refresh !== "false") await sink.settled(signal);
}

/** What a URL says of the documents it writes. */
export function writeDefaults(
  parameters: Parameters,
): Pick<ForeignItem, "pipeline" | "routing" | "requireAlias" | "requireDataStream"> {
  const pipeline = parameters.text("pipeline");
  const routing = parameters.text("routing");
  const requireAlias = parameters.flag("require_alias");
  const requireDataStream = parameters.flag("require_data_stream");
  return {
    ...(pipeline === undefined ? {} : { pipeline }),
    ...(routing === undefined ? {} : { routing }),
    ...(requireAlias === undefined ? {} : { requireAlias }),
    ...(requireDataStream === undefined ? {} : { requireDataStream }),
  };
}
