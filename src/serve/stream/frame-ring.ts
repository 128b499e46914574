/** One event as it goes over the wire, with its place in the order of all events. */
type Frame = { text: string; bytes: number };

/** Where a reader goes on, or why it cannot. */
type Position = { next: number } | { lost: string };

/** The last events of the live stream as ready-made SSE records, bounded by count and by bytes. */
type FrameRing = {
  push(event: string, data: unknown): void;
  /** Forgets everything: nobody who stopped before now can go on without a loss. */
  breakOff(): void;
  /** The record number `sequence`; undefined when it is not there yet or no longer. */
  at(sequence: number): string | undefined;
  /** Where a reader of the event `id` goes on; without an id at the newest. */
  positionAfter(id: string | undefined): Position;
  /** The id of the newest event. */
  lastId(): string;
  /** The oldest record that is still there, and the number that the next one will have. */
  readonly first: number;
  readonly next: number;
};

/**
 * Ids are `<run>-<sequence>`: another run of the program counts anew, so that its ids mean nothing here.
 * Sequences begin at 1.
 */
export function createFrameRing(options: { runId: string; maxFrames: number; maxBytes: number }): FrameRing {
  const { runId, maxFrames, maxBytes } = options;
  const frames = new Map<number, Frame>();
  let first = 1;
  let next = 1;
  let bytes = 0;

  const dropOldest = () => {
    bytes -= frames.get(first)?.bytes ?? 0;
    frames.delete(first);
    first += 1;
  };

  return {
    push(event, data) {
      const text = sseRecord({ id: `${runId}-${next}`, event, data });
      frames.set(next, { text, bytes: Buffer.byteLength(text) });
      bytes += Buffer.byteLength(text);
      next += 1;
      // The newest stays whatever its size: readers that keep up must get it.
      while (frames.size > 1 && (frames.size > maxFrames || bytes > maxBytes)) dropOldest();
    },
    breakOff() {
      frames.clear();
      bytes = 0;
      next += 1;
      first = next;
    },
    at: (sequence) => frames.get(sequence)?.text,
    positionAfter(id) {
      if (id === undefined) return { next };
      const [, run, digits] = /^([a-z0-9]+)-(\d{1,15})$/.exec(id) ?? [];
      if (run !== runId) return { lost: "The monitor was restarted since then." };
      const after = Number(digits) + 1;
      if (after < first) return { lost: "The events since then are no longer held." };
      return after > next ? { lost: "This event was never sent." } : { next: after };
    },
    lastId: () => `${runId}-${next - 1}`,
    get first() {
      return first;
    },
    get next() {
      return next;
    },
  };
}

/** One record of `text/event-stream`; JSON holds no line break, so one `data:` line is enough. */
export function sseRecord(record: { id: string; event: string; data: unknown }): string {
  return `id: ${record.id}\nevent: ${record.event}\ndata: ${JSON.stringify(record.data)}\n\n`;
}
