import { useState } from "react";
import type { ApiFault } from "./ask-json.ts";
import { faultOf } from "./use-answer.ts";

/** Whether something is being sent, and why it was refused. */
export type Saving = {
  busy: boolean;
  fault: ApiFault | undefined;
  send(act: (signal: AbortSignal) => Promise<unknown>, then: () => void): void;
};

const MOST_MS = 30_000;

/** Sends a change, one at a time. */
export function useSave(): Saving {
  const [state, setState] = useState<{ busy: boolean; fault: ApiFault | undefined }>({ busy: false, fault: undefined });
  return {
    ...state,
    send(act, then) {
      if (state.busy) return;
      setState({ busy: true, fault: undefined });
      act(AbortSignal.timeout(MOST_MS)).then(
        () => {
          setState({ busy: false, fault: undefined });
          then();
        },
        (error: unknown) => setState({ busy: false, fault: faultOf(error) }),
      );
    },
  };
}
