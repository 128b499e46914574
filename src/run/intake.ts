import type { Envelope } from "../events/envelope.ts";
import type { NowUs } from "../lib/clock.ts";
import { createQueue, type QueueCounts } from "../lib/queue.ts";

export type Intake = {
  /** Takes an observation without waiting; what does not fit is dropped, counted, and becomes a gap. */
  emit(envelope: Envelope): void;
  /** Takes what waits, at most `limit`. */
  drain(limit: number): Envelope[];
  /** When the oldest of what waits was received. */
  oldestUs(): number | undefined;
  ready(): Promise<void>;
  close(): void;
  readonly closed: boolean;
  counts(): QueueCounts;
};

/** About three seconds of five mainnet nodes at their peak. */
const INTAKE_LIMIT = 200_000;

/** The bounded queue between the sockets and the pipeline. */
export function createIntake(nowUs: NowUs, limit = INTAKE_LIMIT): Intake {
  const lostSinceUs = new Map<string, number>();
  const queue = createQueue<Envelope>({
    limit,
    whenFull: "refuse",
    onDrop({ node, receivedAtUs }) {
      if (!lostSinceUs.has(node)) lostSinceUs.set(node, receivedAtUs);
    },
  });

  /** What was dropped is told once there is room again. */
  const tellLosses = () => {
    if (lostSinceUs.size === 0 || queue.counts().size * 2 > limit) return;
    const losses = [...lostSinceUs];
    lostSinceUs.clear();
    for (const [node, sinceUs] of losses) for (const envelope of overflow(node, sinceUs, nowUs())) queue.push(envelope);
  };

  return {
    emit(envelope) {
      tellLosses();
      queue.push(envelope);
    },
    drain: (count) => queue.drain(count),
    oldestUs: () => queue.peek()?.receivedAtUs,
    ready: queue.ready,
    close: queue.close,
    get closed() {
      return queue.closed;
    },
    counts: queue.counts,
  };
}

/** The observations that make a gap of cause `overflow` for a node whose stream is up. */
export function overflow(node: string, fromUs: number, toUs: number): Envelope[] {
  return [
    { kind: "stream", node, receivedAtUs: toUs, state: "closed", sinceUs: fromUs, cause: "overflow" },
    { kind: "stream", node, receivedAtUs: toUs, state: "open" },
  ];
}
