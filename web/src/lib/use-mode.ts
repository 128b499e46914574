import { useSyncExternalStore } from "react";
import { askJson } from "./ask-json.ts";
import type { ModeView } from "./panel-views.ts";

/** What this monitor lets do; until it is `told`, nothing is offered that may be refused. */
type Mode = ModeView & { told: boolean };

const UNTOLD: Mode = { public: true, sql: false, writes: false, told: false };
const RETRY_MS = 5000;

let mode: Mode = UNTOLD;
let asked = false;
const answered = Promise.withResolvers<ModeView>();
const listeners = new Set<() => void>();

/** What this monitor lets its visitors do; it does not change while it runs. */
export function useMode(): Mode {
  return useSyncExternalStore(subscribe, () => mode);
}

/** The same for what is no component; resolves once the monitor told it. */
export function toldMode(): Promise<ModeView> {
  askOnce();
  return answered.promise;
}

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  askOnce();
  return () => listeners.delete(changed);
}

function askOnce(): void {
  if (asked) return;
  asked = true;
  ask();
}

function ask(): void {
  askJson<ModeView>("/api/v1/mode", { signal: new AbortController().signal }).then(
    (told) => {
      mode = { ...told, told: true };
      answered.resolve(told);
      for (const changed of listeners) changed();
    },
    () => setTimeout(ask, RETRY_MS),
  );
}
