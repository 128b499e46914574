import { useEffect, useRef, useState } from "react";

/** An answer of the store: the last one stays while it is asked for again. */
export type Stored<A> = { kind: "loading" } | { kind: "ready"; answer: A } | { kind: "failed"; sentence: string };

/** What the stream tells can be searched a second later; asked after two, so that it is in the answer. */
const REFETCH_MS = 2000;
const RETRY_MS = 3000;

/**
 * Reads from the API at once, and again 2 s after `changed` is another one. `read` has to keep its identity as long as
 * it asks the same. A failure is told only while there is nothing to show, and tried again either way.
 */
export function useStored<A>(read: (signal: AbortSignal) => Promise<A>, changed: unknown): Stored<A> {
  const [stored, setStored] = useState<Stored<A>>({ kind: "loading" });
  const [attempt, setAttempt] = useState(0);
  const answered = useRef<(signal: AbortSignal) => Promise<A>>(undefined);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of what the stream tells is the reason to read again
  useEffect(() => {
    const abort = new AbortController();
    let retry: ReturnType<typeof setTimeout> | undefined;
    const load = async () => {
      try {
        const answer = await read(abort.signal);
        answered.current = read;
        setStored({ kind: "ready", answer });
      } catch (error) {
        if (abort.signal.aborted) return;
        const sentence = error instanceof Error ? error.message : "The answer could not be read.";
        setStored((before) => (before.kind === "ready" ? before : { kind: "failed", sentence }));
        retry = setTimeout(() => setAttempt((count) => count + 1), RETRY_MS);
      }
    };
    const wait = setTimeout(() => void load(), answered.current === read ? REFETCH_MS : 0);
    return () => {
      clearTimeout(wait);
      clearTimeout(retry);
      abort.abort();
    };
  }, [read, changed, attempt]);

  return stored;
}
