import type { ApiFault } from "./ask-json.ts";

const FIRST_MS = 5_000;
const MOST_MS = 60_000;
/** The same question would end the same way, and cost the store as much again. */
const TOO_MUCH: readonly string[] = ["search_timeout", "search_too_large", "answer_too_large"];

/** When a question is asked again by itself after so many faults in a row, ms; undefined: not before someone asks. */
export function askAgainMs(fault: Pick<ApiFault, "code" | "retry">, faults: number): number | undefined {
  if (!fault.retry || TOO_MUCH.includes(fault.code)) return undefined;
  return Math.min(MOST_MS, FIRST_MS * 2 ** (faults - 1));
}

/** Calls back after a while, but not while nobody looks: then as soon as somebody does. Returns what ends the wait. */
export function whenLookedAt(act: () => void, afterMs: number): () => void {
  const look = () => {
    if (document.hidden) return;
    end();
    act();
  };
  const timer = setTimeout(() => {
    document.addEventListener("visibilitychange", look);
    look();
  }, afterMs);
  const end = () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", look);
  };
  return end;
}
