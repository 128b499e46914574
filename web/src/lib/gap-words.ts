import type { GapCause } from "../../../src/events/envelope.ts";

/** Why events of a node are missing, as a clause. */
export const CAUSE_WORDS: Readonly<Record<GapCause, string>> = {
  closed: "the node closed its event stream",
  error: "the event stream broke",
  silent: "the event stream was open and silent",
  restart: "the monitor was restarted",
  clock: "the monitor's machine slept, or its clock was set ahead",
  overflow: "events came faster than they could be taken",
};
