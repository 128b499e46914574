import { createQueue, type Queue } from "./queue.ts";

export type Subscription<T> = { queue: Queue<T>; lost(): boolean; close(): void };

export type Broadcaster<T> = {
  publish(item: T): void;
  /** A subscriber that falls `limit` items behind is closed and marked lost: it never holds the others up. */
  subscribe(limit: number): Subscription<T>;
  readonly subscribers: number;
};

/** Fan-out from one stage to several, each with its own bounded queue. */
export function createBroadcaster<T>(): Broadcaster<T> {
  const members = new Set<{ queue: Queue<T>; lost: boolean }>();
  return {
    publish(item) {
      for (const member of members) {
        if (member.queue.push(item)) continue;
        member.lost = true;
        member.queue.close();
        members.delete(member);
      }
    },
    subscribe(limit) {
      const member = { queue: createQueue<T>({ limit, whenFull: "refuse" }), lost: false };
      members.add(member);
      return {
        queue: member.queue,
        lost: () => member.lost,
        close() {
          members.delete(member);
          member.queue.close();
        },
      };
    },
    get subscribers() {
      return members.size;
    },
  };
}
