import type { Fault } from "../lib/fault.ts";
import type { DocumentText } from "./document-texts.ts";

/** Documents lost between two moments because the queue was full. */
export type Loss = {
  fromUs: number;
  toUs: number;
  dropped: number;
  /** `observer.name` of the dropped documents. */
  nodes: string[];
};

/** Documents that one write takes to the journal; `count` of them. */
export type JournalBatch = { firstPosition: number; texts: readonly DocumentText[]; count: number };

/** The bounded queue in front of the journal: gives out positions and remembers who waits for which. */
export type JournalQueue = {
  /** Takes all or nothing; the position of the last document, or undefined when there is no room. */
  push(texts: readonly DocumentText[]): number | undefined;
  take(maxBytes: number): JournalBatch;
  /** Notes what was dropped now; `fromUs` is when the first of it was received. */
  noteLoss(options: { fromUs: number; nowUs: number; dropped: number; nodes: Iterable<string> }): void;
  /** When the loss began that was not handed out yet. */
  readonly lossFromUs: number | undefined;
  /** The loss so far, once `quietUs` passed since the last one; a loss is handed out once. */
  takeLoss(options: { nowUs: number; quietUs: number }): Loss | undefined;
  /** Resolves when `position` is durable. */
  waitFor(position: number): Promise<void>;
  settle(durablePosition: number): void;
  fail(fault: Fault): void;
  readonly lastPosition: number;
  readonly size: number;
  readonly bytes: number;
  readonly dropped: number;
  readonly waiting: boolean;
};

export function createJournalQueue(options: { nextPosition: number; limit: number; limitBytes: number }): JournalQueue {
  const { limit, limitBytes } = options;
  let nextPosition = options.nextPosition;
  let texts: DocumentText[] = [];
  let bytes = 0;
  let size = 0;
  let dropped = 0;
  let loss: { fromUs: number; toUs: number; dropped: number; nodes: Set<string> } | undefined;
  // Positions only grow, so the waiters stand in order.
  let waiters: { position: number; resolve: () => void; reject: (fault: Fault) => void }[] = [];

  return {
    push(more) {
      let added = 0;
      let count = 0;
      for (const text of more) {
        added += text.text.length;
        count += text.count;
      }
      if (size + count > limit || bytes + added > limitBytes) return undefined;
      for (const text of more) texts.push(text);
      bytes += added;
      size += count;
      nextPosition += count;
      return nextPosition - 1;
    },
    take(maxBytes) {
      const firstPosition = nextPosition - size;
      let place = 0;
      let count = 0;
      let taken = 0;
      let isWhole = true;
      for (; place < texts.length && (taken < maxBytes || !isWhole); place += 1) {
        const text = texts[place] as DocumentText;
        isWhole = text.withNext !== true;
        taken += text.text.length;
        count += text.count;
      }
      const batch = place === texts.length ? texts : texts.slice(0, place);
      texts = place === texts.length ? [] : texts.slice(place);
      bytes -= taken;
      size -= count;
      return { firstPosition, texts: batch, count };
    },
    noteLoss({ fromUs, nowUs, dropped: count, nodes }) {
      dropped += count;
      loss ??= { fromUs, toUs: nowUs, dropped: 0, nodes: new Set() };
      loss.fromUs = Math.min(loss.fromUs, fromUs);
      loss.toUs = nowUs;
      loss.dropped += count;
      for (const node of nodes) loss.nodes.add(node);
    },
    takeLoss({ nowUs, quietUs }) {
      if (loss === undefined) return undefined;
      // By a clock that was set back the loss ends in the future: it is told at once.
      const sinceUs = nowUs - loss.toUs;
      if (sinceUs >= 0 && sinceUs < quietUs) return undefined;
      // A loss of one moment lasts until now: an empty span would be no gap.
      const toUs = loss.fromUs < loss.toUs ? loss.toUs : nowUs;
      const taken = { ...loss, toUs, nodes: [...loss.nodes].sort() };
      loss = undefined;
      return taken;
    },
    waitFor(position) {
      return new Promise((resolve, reject) => {
        waiters.push({ position, resolve, reject });
      });
    },
    settle(durablePosition) {
      let done = 0;
      while (done < waiters.length && (waiters[done] as { position: number }).position <= durablePosition) {
        waiters[done]?.resolve();
        done += 1;
      }
      if (done > 0) waiters = waiters.slice(done);
    },
    fail(fault) {
      for (const waiter of waiters) waiter.reject(fault);
      waiters = [];
    },
    get lossFromUs() {
      return loss?.fromUs;
    },
    get lastPosition() {
      return nextPosition - 1;
    },
    get size() {
      return size;
    },
    get bytes() {
      return bytes;
    },
    get dropped() {
      return dropped;
    },
    get waiting() {
      return waiters.length > 0;
    },
  };
}
