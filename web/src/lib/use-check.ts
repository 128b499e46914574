import { useCallback, useEffect, useState } from "react";
import type { CheckAnswer } from "../../../src/serve/views.ts";
import { useMonitor } from "./monitor.tsx";

/** How the check of the nodes stands, and how to begin another one. */
export type CheckLoad = { answer: CheckAnswer | undefined; sentence: string | undefined; begin(): void };

const RUNNING_MS = 500;
/** Another page may have begun one. */
const IDLE_MS = 15_000;
const RETRY_MS = 3000;

/** Follows the check of the nodes; where none was made yet, one is begun. */
export function useCheck(): CheckLoad {
  const { api } = useMonitor();
  const [answer, setAnswer] = useState<CheckAnswer>();
  const [sentence, setSentence] = useState<string>();
  const [wanted, setWanted] = useState(0);

  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const follow = async (isWanted: boolean) => {
      let nextMs = RETRY_MS;
      try {
        const told = await (isWanted ? api.beginCheck(abort.signal) : api.check(abort.signal));
        setAnswer(told);
        setSentence(undefined);
        const isUntouched = told.report === null && told.failure === null && told.running_since_ms === null;
        if (isUntouched && !isWanted) return await follow(true);
        nextMs = told.running_since_ms === null ? IDLE_MS : RUNNING_MS;
      } catch (error) {
        if (abort.signal.aborted) return;
        setSentence(error instanceof Error ? error.message : "The answer could not be read.");
      }
      timer = setTimeout(() => void follow(false), nextMs);
    };
    void follow(wanted > 0);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [api, wanted]);

  const begin = useCallback(() => setWanted((count) => count + 1), []);
  return { answer, sentence, begin };
}
