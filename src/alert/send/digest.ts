import { type AlertRecord, type DeliveryRecord, pendingDelivery } from "../../events/alert-records.ts";
import type { Log } from "../../lib/log.ts";
import { digestMessage } from "./digest-message.ts";

/** Makes the daily digest when it is time. */
export type Digest = {
  /** Time has passed. Never rejects. */
  tick(nowMs: number): Promise<void>;
};

/** `watch` of a digest's delivery, which is no watch's. */
const DIGEST_WATCH = "_digest";

const DAY_MS = 24 * 3_600_000;
/** After the store could not be read. */
const PAUSE_MS = 60_000;

/**
 * One digest a UTC day, at `at` (`HH:MM`). One that was due while the program was not running is made at its start, if
 * there had been one the day before.
 */
export function createDigest(deps: {
  /** Undefined: there is none. */
  at: string | undefined;
  startedMs: number;
  publicUrl: string | undefined;
  alertsSince(sinceMs: number, signal: AbortSignal): Promise<readonly AlertRecord[]>;
  has(id: string, signal: AbortSignal): Promise<boolean>;
  /** Makes it durable and sends it. */
  send(digest: DeliveryRecord): Promise<void>;
  log: Log;
  signal: AbortSignal;
}): Digest {
  const { at, startedMs, publicUrl, alertsSince, has, send, log, signal } = deps;
  let madeMs: number | undefined;
  let notBeforeMs = 0;
  let isMaking = false;

  const isWanted = async (dueMs: number): Promise<boolean> => {
    if (await has(idOf(dueMs), signal)) return false;
    return dueMs >= startedMs || (await has(idOf(dueMs - DAY_MS), signal));
  };
  const make = async (dueMs: number, nowMs: number): Promise<DeliveryRecord | undefined> => {
    if (!(await isWanted(dueMs))) return undefined;
    const alerts = await alertsSince(dueMs - DAY_MS, signal);
    const message = digestMessage({ alerts, fromMs: dueMs - DAY_MS, untilMs: dueMs, publicUrl });
    return pendingDelivery({
      id: idOf(dueMs),
      watch: DIGEST_WATCH,
      action: "digest",
      kind: "email",
      alert: null,
      stage: null,
      decided_ms: nowMs,
      content: { action: {}, message },
    });
  };

  return {
    async tick(nowMs) {
      if (at === undefined) return;
      const dueMs = lastDueMs(at, nowMs);
      if (isMaking || dueMs === madeMs || nowMs < notBeforeMs) return;
      isMaking = true;
      try {
        const digest = await make(dueMs, nowMs);
        if (digest !== undefined) await send(digest);
        madeMs = dueMs;
      } catch (error) {
        if (!signal.aborted) log.warn({ error }, "The daily digest could not be made yet");
        notBeforeMs = nowMs + PAUSE_MS;
      } finally {
        isMaking = false;
      }
    },
  };
}

function idOf(dueMs: number): string {
  return `${DIGEST_WATCH}/${new Date(dueMs).toISOString().slice(0, 10)}`;
}

/** The newest moment of the day's time that is not after `nowMs`. */
function lastDueMs(at: string, nowMs: number): number {
  const today = Date.parse(`${new Date(nowMs).toISOString().slice(0, 10)}T${at}:00Z`);
  return today <= nowMs ? today : today - DAY_MS;
}
