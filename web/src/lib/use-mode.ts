import { useSyncExternalStore } from "react";
import { askJson } from "./ask-json.ts";
import type { ModeView } from "./panel-views.ts";

/** What this monitor lets do; until it is `told`, nothing is offered that may be refused. */
type Mode = ModeView & { told: boolean };

const UNTOLD: Mode = { public: true, sql: false, writes: false, told: false };
const RETRY_MS = 5000;

let mode: Mode = UNTOLD;
let asked = false;
const listeners = new Set<() => void>();

/** What this monitor lets its visitors do; it does not change while it runs. */
export function useMode(): Mode {
  return useSyncExternalStore(subscribe, () => mode);
}

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  if (!asked) {
    asked = true;
    ask();
  }
  return () => listeners.delete(changed);
}

function ask(): void {
  askJson<ModeView>("/api/v1/mode", { signal: new AbortController().signal }).then(
    (told) => {
      mode = { ...told, told: true };
      for (const changed of listeners) changed();
    },
    () => setTimeout(ask, RETRY_MS),
  );
}
