import type { JsonObject } from "../../events/foreign.ts";
import type { Watch } from "../watch.ts";

/** Why an action does not run though its watch's condition is met. */
export type Held = { state: "throttled" | "acknowledged"; reason: string };

/**
 * Watcher's status of the actions of one plain watch: throttling by time, and acknowledgement until the condition is
 * next not met. Moments are Unix milliseconds.
 */
export type ActionStatuses = {
  /** Undefined: it runs. A throttled action notes that it was. */
  held(action: string, nowMs: number): Held | undefined;
  executed(action: string, outcome: { nowMs: number; reason?: string | undefined }): void;
  /** The condition was not met: acknowledgements end. True where one did. */
  notMet(nowMs: number): boolean;
  /** Acknowledges what was executed; without names all of it. */
  acknowledge(actions: readonly string[] | undefined, nowMs: number): void;
  /** `status.actions` as `GET _watcher/watch` gives it. */
  view(): JsonObject;
};

type AckState = "awaits_successful_execution" | "ackable" | "acked";
type Execution = { timestamp: string; successful: boolean; reason?: string };
type Status = {
  ack: { timestamp: string; state: AckState };
  last_execution?: Execution;
  last_successful_execution?: Execution;
  last_throttle?: { timestamp: string; reason: string };
};

/** `xpack.watcher.throttle.period.default` of Elasticsearch. */
const DEFAULT_THROTTLE_MS = 5_000;

const iso = (ms: number) => new Date(ms).toISOString();

export function createActionStatuses(
  watch: Pick<Watch, "actions" | "throttlePeriodMs">,
  nowMs: number,
  kept?: unknown,
): ActionStatuses {
  const statuses = new Map<string, Status>();
  for (const { id } of watch.actions) {
    statuses.set(id, keptStatus(kept, id) ?? { ack: { timestamp: iso(nowMs), state: "awaits_successful_execution" } });
  }
  const periods = new Map(
    watch.actions.map(({ id, throttlePeriodMs }) => [
      id,
      throttlePeriodMs ?? watch.throttlePeriodMs ?? DEFAULT_THROTTLE_MS,
    ]),
  );

  return {
    held(action, atMs) {
      const status = statuses.get(action);
      if (status === undefined) return undefined;
      if (status.ack.state === "acked") {
        return { state: "acknowledged", reason: `action [${action}] was acked at [${status.ack.timestamp}]` };
      }
      const last = status.last_successful_execution?.timestamp;
      const periodMs = periods.get(action) ?? 0;
      if (last === undefined || atMs - Date.parse(last) >= periodMs) return undefined;
      const reason = `throttling interval is set to [${periodMs / 1000}s] but time elapsed since last execution is [${(atMs - Date.parse(last)) / 1000}s]`;
      status.last_throttle = { timestamp: iso(atMs), reason };
      return { state: "throttled", reason };
    },
    executed(action, { nowMs: atMs, reason }) {
      const status = statuses.get(action);
      if (status === undefined) return;
      const execution: Execution = {
        timestamp: iso(atMs),
        successful: reason === undefined,
        ...(reason === undefined ? {} : { reason }),
      };
      status.last_execution = execution;
      if (reason !== undefined) return;
      status.last_successful_execution = execution;
      if (status.ack.state === "awaits_successful_execution") status.ack = { timestamp: iso(atMs), state: "ackable" };
    },
    notMet(atMs) {
      let ended = false;
      for (const status of statuses.values()) {
        if (status.ack.state === "awaits_successful_execution") continue;
        ended ||= status.ack.state === "acked";
        status.ack = { timestamp: iso(atMs), state: "awaits_successful_execution" };
      }
      return ended;
    },
    acknowledge(actions, atMs) {
      for (const [id, status] of statuses) {
        if (actions !== undefined && !actions.includes(id)) continue;
        if (status.ack.state === "ackable") status.ack = { timestamp: iso(atMs), state: "acked" };
      }
    },
    view: () => JSON.parse(JSON.stringify(Object.fromEntries(statuses))) as JsonObject,
  };
}

/** Of an earlier run; what does not look like a status is begun anew. */
function keptStatus(kept: unknown, id: string): Status | undefined {
  if (typeof kept !== "object" || kept === null || !Object.hasOwn(kept, id)) return undefined;
  const status = (kept as Record<string, Partial<Status> | undefined>)[id];
  const state = status?.ack?.state;
  return state === "awaits_successful_execution" || state === "ackable" || state === "acked"
    ? (status as Status)
    : undefined;
}
