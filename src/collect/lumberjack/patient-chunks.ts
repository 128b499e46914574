import type { Socket } from "node:net";
import { Fault, isFault } from "../../lib/fault.ts";
import { cut } from "./bytes.ts";

/**
 * The chunks of a socket, with a limit on how long one frame or window may be waited for in all: a sender that trickles
 * bytes does not hold a place for ever. Only time spent waiting for the sender counts, never the store's.
 */
export function patientChunks(input: {
  socket: Socket;
  limitMs: number;
  /** Whether nothing is begun, so that any wait is right. */
  isIdle: () => boolean;
}): { chunks: AsyncIterable<Uint8Array>; progressed(): void } {
  const { socket, limitMs, isIdle } = input;
  let waitedMs = 0;
  return {
    progressed() {
      waitedMs = 0;
    },
    chunks: {
      async *[Symbol.asyncIterator]() {
        const iterator = (socket as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
        while (true) {
          if (isIdle()) waitedMs = 0;
          const fromMs = performance.now();
          const timer = isIdle()
            ? undefined
            : setTimeout(() => socket.destroy(tooSlow(limitMs)), Math.max(0, limitMs - waitedMs));
          try {
            const { done, value } = await iterator.next().catch(asCut);
            if (done === true) return;
            waitedMs += performance.now() - fromMs;
            yield value;
          } finally {
            clearTimeout(timer);
          }
        }
      },
    },
  };
}

/** The operating system's word for a broken connection. */
function asCut(cause: unknown): never {
  throw isFault(cause) ? cause : cut(cause);
}

function tooSlow(limitMs: number): Fault {
  return new Fault("lumberjack_slow", `A frame did not come whole within ${limitMs} ms of waiting.`);
}
