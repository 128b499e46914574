/** What happens when a full queue is offered an item. */
export type WhenFull = "refuse" | "drop_oldest";

export type QueueCounts = { size: number; limit: number; pushed: number; dropped: number; highWater: number };

export type Queue<T> = AsyncIterable<T> & {
  /** Offers an item; false when it (or, with `drop_oldest`, an older one) was dropped. */
  push(item: T): boolean;
  /** Takes all that is there, at most `limit`, without waiting. */
  drain(limit?: number): T[];
  /** What would be drained first, left where it is. */
  peek(): T | undefined;
  /** Resolves when something can be drained or the queue is closed. */
  ready(): Promise<void>;
  close(): void;
  readonly closed: boolean;
  counts(): QueueCounts;
};

/**
 * A bounded queue between two stages. It never grows past `limit`, and counts what it drops; an item counts as much as
 * `weightOf` says, 1 without it.
 */
export function createQueue<T>(options: {
  limit: number;
  whenFull: WhenFull;
  onDrop?: (item: T) => void;
  weightOf?: (item: T) => number;
}): Queue<T> {
  const { limit, whenFull, onDrop, weightOf = () => 1 } = options;
  let items: T[] = [];
  let head = 0;
  let pushed = 0;
  let dropped = 0;
  let highWater = 0;
  let closed = false;
  let wake: (() => void) | undefined;
  let waiting: Promise<void> | undefined;
  let weight = 0;

  const length = () => items.length - head;
  const release = (count: number) => {
    for (let at = head; at < head + count; at += 1) weight -= weightOf(items[at] as T);
    head += count;
    if (head < items.length && (head <= 1024 || head * 2 <= items.length)) return;
    items = items.slice(head);
    head = 0;
  };
  const signal = () => {
    wake?.();
    wake = undefined;
    waiting = undefined;
  };
  const drop = (item: T) => {
    dropped += weightOf(item);
    onDrop?.(item);
  };

  const queue: Queue<T> = {
    push(item) {
      if (closed) {
        drop(item);
        return false;
      }
      let kept = true;
      const added = weightOf(item);
      while (weight + added > limit && (whenFull === "refuse" || length() > 0)) {
        kept = false;
        if (whenFull === "refuse") {
          drop(item);
          return false;
        }
        const oldest = items[head] as T;
        release(1);
        drop(oldest);
      }
      items.push(item);
      weight += added;
      pushed += added;
      highWater = Math.max(highWater, weight);
      signal();
      return kept;
    },
    drain(max = Number.POSITIVE_INFINITY) {
      const count = Math.min(max, length());
      const taken = items.slice(head, head + count);
      release(count);
      return taken;
    },
    peek: () => items[head],
    ready() {
      if (length() > 0 || closed) return Promise.resolve();
      waiting ??= new Promise((resolve) => {
        wake = resolve;
      });
      return waiting;
    },
    close() {
      closed = true;
      signal();
    },
    get closed() {
      return closed;
    },
    counts: () => ({ size: weight, limit, pushed, dropped, highWater }),
    async *[Symbol.asyncIterator]() {
      while (true) {
        // One at a time: what a reader has not taken when it stops stays here, and counts against the limit.
        while (length() > 0) {
          const item = items[head] as T;
          release(1);
          yield item;
        }
        if (closed) return;
        await queue.ready();
      }
    },
  };
  return queue;
}
