import { useEffect, useRef, useState } from "react";
import { askAgainMs, whenLookedAt } from "./ask-again.ts";
import { ApiFault } from "./ask-json.ts";

/** What was answered; `fault` beside an answer says that it could not be renewed. */
export type Answer<A> =
  | { kind: "loading" }
  | { kind: "ready"; answer: A; asking: boolean; fault: ApiFault | undefined }
  | { kind: "failed"; fault: ApiFault };

type Ask<A> = ((signal: AbortSignal) => Promise<A>) | undefined;

/**
 * Asks at once and whenever `tick` changes. `ask` has to keep its identity as long as it asks the same: the last answer
 * stays until the next one comes, but another question begins without one. What may help is tried again; without `ask`
 * nothing is asked.
 */
export function useAnswer<A>(ask: Ask<A>, tick: unknown): Answer<A> {
  const [told, setTold] = useState<{ ask: Ask<A>; answer: Answer<A> }>({ ask, answer: { kind: "loading" } });
  const [attempt, setAttempt] = useState(0);
  const failing = useRef<{ ask: Ask<A>; faults: number }>({ ask, faults: 0 });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a tick is the reason to ask again
  useEffect(() => {
    if (ask === undefined) return;
    const abort = new AbortController();
    let endWait: (() => void) | undefined;
    if (failing.current.ask !== ask) failing.current = { ask, faults: 0 };
    const change = (next: (before: Answer<A>) => Answer<A>) =>
      setTold((before) => ({ ask, answer: next(answerTo(ask, before)) }));
    change((before) => (before.kind === "ready" ? { ...before, asking: true } : before));
    ask(abort.signal).then(
      (answer) => {
        if (abort.signal.aborted) return;
        failing.current.faults = 0;
        change(() => ({ kind: "ready", answer, asking: false, fault: undefined }));
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        const fault = faultOf(error);
        failing.current.faults += 1;
        change((before) =>
          before.kind === "ready" && fault.retry ? { ...before, asking: false, fault } : { kind: "failed", fault },
        );
        const againMs = askAgainMs(fault, failing.current.faults);
        if (againMs !== undefined) endWait = whenLookedAt(() => setAttempt((count) => count + 1), againMs);
      },
    );
    return () => {
      endWait?.();
      abort.abort();
    };
  }, [ask, tick, attempt]);
  return answerTo(ask, told);
}

/** What was told belongs to the question that it was told to. */
export function answerTo<A>(ask: Ask<A>, told: { ask: Ask<A>; answer: Answer<A> }): Answer<A> {
  return told.ask === ask ? told.answer : { kind: "loading" };
}

export function faultOf(error: unknown): ApiFault {
  if (error instanceof ApiFault) return error;
  const message = error instanceof Error ? error.message : "The answer could not be read.";
  return new ApiFault({ code: "unreadable", message, status: 0, retry: false });
}
