import type { JsonObject } from "../../events/foreign.ts";
import type { WatchContext } from "../context.ts";

/** The contents of one action in one context: an index action may have several. Throws faults. */
export type Render = (ctx: WatchContext) => readonly JsonObject[];
