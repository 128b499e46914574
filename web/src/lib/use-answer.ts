import { useEffect, useState } from "react";
import { ApiFault } from "./ask-json.ts";

/** What was answered; `fault` beside an answer says that it could not be renewed. */
export type Answer<A> =
  | { kind: "loading" }
  | { kind: "ready"; answer: A; asking: boolean; fault: ApiFault | undefined }
  | { kind: "failed"; fault: ApiFault };

const RETRY_MS = 5000;

/**
 * Asks at once and whenever `tick` changes. `ask` has to keep its identity as long as it asks the same; the last answer
 * stays until the next one comes. What may help is tried again; without `ask` nothing is asked.
 */
export function useAnswer<A>(ask: ((signal: AbortSignal) => Promise<A>) | undefined, tick: unknown): Answer<A> {
  const [answer, setAnswer] = useState<Answer<A>>({ kind: "loading" });
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a tick is the reason to ask again
  useEffect(() => {
    if (ask === undefined) return;
    const abort = new AbortController();
    let retry: ReturnType<typeof setTimeout> | undefined;
    setAnswer((before) => (before.kind === "ready" ? { ...before, asking: true } : before));
    ask(abort.signal).then(
      (told) => {
        if (!abort.signal.aborted) setAnswer({ kind: "ready", answer: told, asking: false, fault: undefined });
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        const fault = faultOf(error);
        setAnswer((before) =>
          before.kind === "ready" && fault.retry ? { ...before, asking: false, fault } : { kind: "failed", fault },
        );
        if (fault.retry) retry = setTimeout(() => setAttempt((count) => count + 1), RETRY_MS);
      },
    );
    return () => {
      clearTimeout(retry);
      abort.abort();
    };
  }, [ask, tick, attempt]);
  return answer;
}

export function faultOf(error: unknown): ApiFault {
  if (error instanceof ApiFault) return error;
  const message = error instanceof Error ? error.message : "The answer could not be read.";
  return new ApiFault({ code: "unreadable", message, status: 0, retry: false });
}
