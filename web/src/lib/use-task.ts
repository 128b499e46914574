import { useEffect, useRef, useState } from "react";
import type { ApiFault } from "./ask-json.ts";
import { useMonitor } from "./monitor.tsx";
import { faultOf } from "./use-answer.ts";

/** Something that takes a while, and what came of it last. */
export type TaskState<T> =
  | { kind: "idle" }
  | { kind: "running"; sinceMs: number }
  | { kind: "done"; result: T }
  | { kind: "failed"; fault: ApiFault };

export type Task<T> = {
  state: TaskState<T>;
  start(act: (signal: AbortSignal) => Promise<T>): void;
  /** Ends it before it is done. */
  cancel(): void;
};

/** One at a time: another start ends the one before, and so does leaving the page. */
export function useTask<T>(): Task<T> {
  const { clock } = useMonitor();
  const [state, setState] = useState<TaskState<T>>({ kind: "idle" });
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const cancel = () => {
    running.current?.abort();
    running.current = undefined;
    setState({ kind: "idle" });
  };
  return {
    state,
    cancel,
    start(act) {
      running.current?.abort();
      const mine = new AbortController();
      running.current = mine;
      setState({ kind: "running", sinceMs: clock.nowMs() });
      act(mine.signal).then(
        (result) => {
          if (!mine.signal.aborted) setState({ kind: "done", result });
        },
        (error: unknown) => {
          if (!mine.signal.aborted) setState({ kind: "failed", fault: faultOf(error) });
        },
      );
    },
  };
}
