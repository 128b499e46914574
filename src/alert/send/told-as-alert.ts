import type { Severity } from "../../events/alert-records.ts";
import type { ToldAlert } from "./delivery-content.ts";

/** A message of ours as an alert, for a route's templates: a summary, or what a plain watch's action would have said. */
export function toldAsAlert(said: {
  id: string;
  rule: string;
  about: string;
  severity: Severity;
  title: string;
  text: string;
  link: string | null;
  /** From the first to the last of what it tells, and of how many. */
  sinceMs: number;
  lastMs: number;
  met: number;
}): ToldAlert {
  const { sinceMs, lastMs, ...alert } = said;
  return {
    ...alert,
    scope: "monitor",
    state: "open",
    check_first: null,
    slot: null,
    nodes: [],
    since_ms: sinceMs,
    last_ms: lastMs,
    until_ms: null,
    acknowledged_ms: null,
  };
}
