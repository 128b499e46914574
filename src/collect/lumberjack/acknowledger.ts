import type { Socket } from "node:net";

export type Acknowledger = {
  /** Acknowledges up to `sequence` once `written` resolves and all before it did; ends the connection when it rejects. */
  when(written: Promise<void>, part: { sequence: number; bytes: number }): void;
  /** Waits until less than `limit` bytes are on their way; throws what could not be written. */
  below(limit: number): Promise<void>;
  /** Settles when all that was handed in is acknowledged or given up. */
  finished(): Promise<void>;
  /** What could not be written. */
  failure(): unknown;
  close(): void;
};

/** Sends `2 A sequence` in the order of reading, and `2 A 0` again and again while the store works. */
export function createAcknowledger({ socket, everyMs }: { socket: Socket; everyMs: number }): Acknowledger {
  let last: Promise<void> = Promise.resolve();
  let pendingBytes = 0;
  let pending = 0;
  let failure: { error: unknown } | undefined;
  let wake: (() => void) | undefined;
  const send = (sequence: number) => {
    if (!socket.writable) return;
    const frame = Buffer.from("2A\0\0\0\0", "latin1");
    frame.writeUInt32BE(sequence, 2);
    socket.write(frame);
  };
  const keepAlive = setInterval(() => {
    if (pending > 0) send(0);
  }, everyMs);
  keepAlive.unref();
  return {
    when(written: Promise<void>, { sequence, bytes }: { sequence: number; bytes: number }) {
      pending += 1;
      pendingBytes += bytes;
      const before = last;
      last = (async () => {
        try {
          await Promise.all([before, written]);
          if (failure === undefined) send(sequence);
        } catch (error) {
          // Nothing behind what is not durable may be acknowledged.
          failure ??= { error };
          socket.destroy();
        } finally {
          pending -= 1;
          pendingBytes -= bytes;
          wake?.();
        }
      })();
    },
    async below(limit: number) {
      while (pendingBytes >= limit && failure === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (failure !== undefined) throw failure.error;
    },
    finished: () => last,
    failure: () => failure?.error,
    close: () => clearInterval(keepAlive),
  };
}
