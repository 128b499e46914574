/** What happens when a full queue is offered an item. */
export type WhenFull = "refuse" | "drop_oldest";

export type QueueCounts = { size: number; limit: number; pushed: number; dropped: number; highWater: number };

export type Queue<T> = AsyncIterable<T> & {
  /** Offers an item; false when it (or, with `drop_oldest`, an older one) was dropped. */
  push(item: T): boolean;
  /** Takes all that is there, at most `limit`, without waiting. */
  drain(limit?: number): T[];
  /** Resolves when something can be drained or the queue is closed. */
  ready(): Promise<void>;
  close(): void;
  readonly closed: boolean;
  counts(): QueueCounts;
};

/** A bounded queue between two stages. It never grows past `limit`, and counts what it drops. */
export function createQueue<T>(options: {
  limit: number;
  whenFull: WhenFull;
  onDrop?: (item: T) => void;
}): Queue<T> {
  const { limit, whenFull, onDrop } = options;
  let items: T[] = [];
  let head = 0;
  let pushed = 0;
  let dropped = 0;
  let highWater = 0;
  let closed = false;
  let wake: (() => void) | undefined;
  let waiting: Promise<void> | undefined;

  const size = () => items.length - head;
  const compact = () => {
    if (head > 1024 && head * 2 > items.length) {
      items = items.slice(head);
      head = 0;
    }
  };
  const signal = () => {
    wake?.();
    wake = undefined;
    waiting = undefined;
  };
  const drop = (item: T) => {
    dropped += 1;
    onDrop?.(item);
  };

  const queue: Queue<T> = {
    push(item) {
      if (closed) {
        drop(item);
        return false;
      }
      let kept = true;
      if (size() >= limit) {
        kept = false;
        if (whenFull === "refuse") {
          drop(item);
          return false;
        }
        drop(items[head] as T);
        head += 1;
        compact();
      }
      items.push(item);
      pushed += 1;
      highWater = Math.max(highWater, size());
      signal();
      return kept;
    },
    drain(max = Number.POSITIVE_INFINITY) {
      const count = Math.min(max, size());
      const taken = items.slice(head, head + count);
      head += count;
      compact();
      if (size() === 0) {
        items = [];
        head = 0;
      }
      return taken;
    },
    ready() {
      if (size() > 0 || closed) return Promise.resolve();
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
    counts: () => ({ size: size(), limit, pushed, dropped, highWater }),
    async *[Symbol.asyncIterator]() {
      while (true) {
        for (const item of queue.drain()) yield item;
        if (closed && size() === 0) return;
        await queue.ready();
      }
    },
  };
  return queue;
}
