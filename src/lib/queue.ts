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

/** A bounded queue between two stages. It never grows past `limit`, and counts what it drops. */
export function createQueue<T>(options: { limit: number; whenFull: WhenFull; onDrop?: (item: T) => void }): Queue<T> {
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
  const release = (count: number) => {
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
        release(1);
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
      release(count);
      return taken;
    },
    peek: () => items[head],
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
        // One at a time: what a reader has not taken when it stops stays here, and counts against the limit.
        while (size() > 0) {
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
