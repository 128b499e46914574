import type { DemoWorld } from "./demo-world.ts";

/** An event of a loop; its text is made only when somebody listens. */
export type PlayedEvent = {
  /** Milliseconds from the recording's genesis. */
  offsetMs: number;
  topic: string;
  /** The first loop that has it. */
  fromLoop: number;
  text(loop: number): string;
};

/** What is due longer than this ago is left out: the machine slept, and a node does not send an hour at once. */
const MAX_LATE_SLOTS = 2;

/** The longest wait that a timer of Node can hold. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Sends a node's events when they are due, never early, loop after loop until `signal` aborts.
 * `events` are sorted by `offsetMs`; `nowMs` runs `speed` times as fast as the machine's timers.
 */
export function play(input: {
  world: DemoWorld;
  events: readonly PlayedEvent[];
  nowMs: () => number;
  speed: number;
  send: (event: PlayedEvent, loop: number) => void;
  signal: AbortSignal;
}): void {
  const { world, events, nowMs, speed, send, signal } = input;
  const { slotMs } = world.network;
  const fromMs = world.loop.fromSlot * slotMs;
  const firstOfLoop = Math.max(
    0,
    events.findIndex(({ offsetMs }) => offsetMs >= fromMs),
  );
  let loop = 0;
  let index = 0;
  let timer: NodeJS.Timeout | undefined;

  const sendDue = (): void => {
    while (true) {
      const event = events[index];
      if (event === undefined) {
        loop += 1;
        index = firstOfLoop;
        continue;
      }
      const dueMs = world.timeOf(event.offsetMs, loop);
      const waitMs = dueMs - nowMs();
      if (waitMs > 0) {
        timer = setTimeout(sendDue, Math.min(MAX_TIMER_MS, Math.ceil(waitMs / speed)));
        return;
      }
      if (loop >= event.fromLoop && -waitMs <= MAX_LATE_SLOTS * slotMs) send(event, loop);
      index += 1;
    }
  };
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  if (!signal.aborted && events.length > 0) sendDue();
}
