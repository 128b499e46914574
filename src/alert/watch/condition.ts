import type { JsonObject } from "../../events/foreign.ts";
import type { WatchContext } from "../context.ts";

/** A condition of a watch, of an action or of a stream, read. */
export type Condition = {
  type: string;
  /** It compares with the present moment. */
  needsNow: boolean;
  /** Throws faults with Elasticsearch's `error` where it cannot be judged. */
  judge(ctx: WatchContext, nowMs: number): Judged;
};

export type Judged = {
  met: boolean;
  /** What Watcher tells of it below its type: `resolved_values`. */
  body?: JsonObject;
};

/** Watcher's own result of a condition. */
export function conditionResult(condition: Condition, { met, body }: Judged): JsonObject {
  return { type: condition.type, status: "success", met, ...(body === undefined ? {} : { [condition.type]: body }) };
}
