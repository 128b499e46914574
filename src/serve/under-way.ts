import type { ServerResponse } from "node:http";
import { sleep } from "../lib/sleep.ts";

/** The answers that are being made now. */
type UnderWay = {
  track(response: ServerResponse): void;
  /** Resolves when every answer is sent or its client gone, at the latest after `limitMs`. */
  finished(limitMs: number): Promise<void>;
};

/**
 * Node waits for idle connections of its own accord, but counts one that a browser opened ahead of any request as
 * busy. So a closing server waits for the answers under way, which are what matters, and then closes them all.
 */
export function createUnderWay(): UnderWay {
  const responses = new Set<ServerResponse>();
  let wake: (() => void) | undefined;
  return {
    track(response) {
      responses.add(response);
      response.once("close", () => {
        responses.delete(response);
        if (responses.size === 0) wake?.();
      });
    },
    async finished(limitMs) {
      if (responses.size === 0) return;
      const limit = new AbortController();
      const all = new Promise<void>((resolve) => {
        wake = resolve;
      });
      await Promise.race([all, sleep(limitMs, limit.signal)]);
      limit.abort();
    },
  };
}
