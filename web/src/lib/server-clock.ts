/** One answer of the server that says what time it is there; all Unix milliseconds. */
export type ClockSample = { sentMs: number; receivedMs: number; serverMs: number };

export type ServerClock = {
  /** The server's time now, Unix milliseconds. */
  nowMs(): number;
  /** How far the server's time can be from `nowMs()`: half the round trip of the best sample. */
  errorMs(): number;
  observe(sample: ClockSample): void;
};

/**
 * The server's clock as the browser can know it. An answer bounds the offset to `[server - received, server - sent]`;
 * the narrowest bound wins until a later one contradicts it, which means that one of the clocks was stepped.
 */
export function createServerClock(browserNowMs: () => number): ServerClock {
  let offsetMs = 0;
  let errorMs = Number.POSITIVE_INFINITY;
  return {
    nowMs: () => browserNowMs() + offsetMs,
    errorMs: () => errorMs,
    observe({ sentMs, receivedMs, serverMs }) {
      const lowest = serverMs - receivedMs;
      const highest = serverMs - sentMs;
      const contradicted = offsetMs - errorMs > highest || offsetMs + errorMs < lowest;
      const sampleErrorMs = (highest - lowest) / 2;
      if (!contradicted && sampleErrorMs >= errorMs) return;
      offsetMs = (lowest + highest) / 2;
      errorMs = sampleErrorMs;
    },
  };
}
