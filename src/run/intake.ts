import type { Envelope } from "../events/envelope.ts";
import type { Clock } from "../lib/clock.ts";
import { createQueue, type QueueCounts } from "../lib/queue.ts";
import { createClockSteps } from "./clock-steps.ts";

export type Intake = {
  /** Takes an observation without waiting; what does not fit is dropped, counted, and becomes a gap. */
  emit(envelope: Envelope): void;
  /** Looks whether the clock was set ahead, which is a gap of every node; also done before each observation. */
  noteClock(): void;
  /** Takes what waits, at most `limit`. */
  drain(limit: number): Envelope[];
  /** When the oldest of what waits was received. */
  oldestUs(): number | undefined;
  ready(): Promise<void>;
  close(): void;
  readonly closed: boolean;
  counts(): QueueCounts;
};

/** Events; votes are small, and a minute of five mainnet nodes fits. */
const INTAKE_LIMIT = 1_000_000;

/** Length of the texts and bodies that may wait: the items alone do not bound the memory they take. */
const INTAKE_LIMIT_BYTES = 128 * 1024 * 1024;

/** The bounded queue between the sockets and the pipeline. */
export function createIntake(clock: Clock, limits: { items?: number; bytes?: number } = {}): Intake {
  const { items = INTAKE_LIMIT, bytes: limitBytes = INTAKE_LIMIT_BYTES } = limits;
  const steps = createClockSteps(clock);
  const lostSinceUs = new Map<string, number>();
  let bytes = 0;
  let tooMuch = 0;
  const noteLoss = ({ node, receivedAtUs }: Envelope) => {
    if (!lostSinceUs.has(node)) lostSinceUs.set(node, receivedAtUs);
  };
  const queue = createQueue<{ envelope: Envelope; bytes: number }>({
    limit: items,
    whenFull: "refuse",
    weightOf: ({ envelope }) => eventsIn(envelope),
    onDrop: ({ envelope }) => noteLoss(envelope),
  });

  const push = (envelope: Envelope) => {
    const size = roughBytes(envelope);
    if (bytes + size > limitBytes) {
      tooMuch += eventsIn(envelope);
      noteLoss(envelope);
    } else if (queue.push({ envelope, bytes: size })) {
      bytes += size;
    }
  };

  /** What was dropped is told once there is room again. */
  const tellLosses = () => {
    if (lostSinceUs.size === 0 || queue.counts().size * 2 > items || bytes * 2 > limitBytes) return;
    const losses = [...lostSinceUs];
    lostSinceUs.clear();
    for (const [node, sinceUs] of losses) for (const envelope of overflow(node, sinceUs, clock.nowUs())) push(envelope);
  };

  const noteClock = () => {
    for (const envelope of steps.taken()) push(envelope);
  };

  return {
    emit(envelope) {
      noteClock();
      steps.note(envelope);
      tellLosses();
      push(envelope);
    },
    noteClock,
    drain(count) {
      const taken = queue.drain(count);
      for (const item of taken) bytes -= item.bytes;
      return taken.map(({ envelope }) => envelope);
    },
    oldestUs: () => queue.peek()?.envelope.receivedAtUs,
    ready: queue.ready,
    close: queue.close,
    get closed() {
      return queue.closed;
    },
    counts() {
      const counts = queue.counts();
      return { ...counts, dropped: counts.dropped + tooMuch };
    },
  };
}

/** What an envelope holds besides its few fixed fields: its numbers, the length of its text, or about that of its body as JSON. */
function roughBytes(envelope: Envelope): number {
  if (envelope.kind === "event") return envelope.text.length;
  if (envelope.kind === "votes") return envelope.count * VOTE_BYTES + envelope.runs.length * RUN_BYTES;
  if (envelope.kind === "stream") return 0;
  if (envelope.kind === "committees") return envelope.committees.validators.byteLength;
  if (envelope.kind === "validators") return envelope.validators.effectiveBalances.byteLength;
  let bytes = 0;
  // A stack of its own: a body may be nested deeper than calls can be.
  const open: unknown[] = [envelope.body];
  while (open.length > 0) {
    const value = open.pop();
    bytes += typeof value === "string" ? value.length : VALUE_BYTES;
    if (typeof value !== "object" || value === null) continue;
    if (!Array.isArray(value)) for (const key of Object.keys(value)) bytes += key.length;
    for (const inner of Object.values(value)) open.push(inner);
  }
  return bytes;
}

function eventsIn(envelope: Envelope): number {
  return envelope.kind === "votes" ? envelope.count : 1;
}

/** What a gathered vote takes, and the arrays of a run, about. */
const VOTE_BYTES = 8;
const RUN_BYTES = 512;
/** What a value that is no string takes, about. */
const VALUE_BYTES = 8;

/** The observations that make a gap of cause `overflow` for a node whose stream is up. */
export function overflow(node: string, fromUs: number, toUs: number): Envelope[] {
  return [
    { kind: "stream", node, receivedAtUs: toUs, state: "closed", sinceUs: fromUs, cause: "overflow" },
    { kind: "stream", node, receivedAtUs: toUs, state: "open" },
  ];
}
