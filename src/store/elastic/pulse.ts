import { isFault, messageOf } from "../../lib/fault.ts";
import { sleep } from "../../lib/sleep.ts";

const EVERY_MS = 10_000;
const AGAIN_MS = 2_000;

/**
 * Asks the cluster who it is while nothing is written to it, so that its absence is told without a document, and told
 * to be over. Resolves when `signal` aborted, or as soon as another cluster answers.
 */
export async function watchPulse(input: {
  isIdle: () => boolean;
  recheck: (signal: AbortSignal) => Promise<void>;
  onTrouble: (reason: string | undefined) => void;
  signal: AbortSignal;
  everyMs?: number;
}): Promise<void> {
  const { isIdle, recheck, onTrouble, signal, everyMs = EVERY_MS } = input;
  let isAway = false;
  while (!signal.aborted) {
    await sleep(isAway ? AGAIN_MS : everyMs, signal);
    if (!isIdle()) {
      isAway = false;
      continue;
    }
    try {
      await recheck(signal);
      if (isAway && isIdle()) onTrouble(undefined);
      isAway = false;
    } catch (error) {
      if (signal.aborted || isFault(error, "cluster_changed")) return;
      isAway = true;
      onTrouble(messageOf(error));
    }
  }
}
