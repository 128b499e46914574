import { Fault } from "../../lib/fault.ts";
import { type Engine, type EngineAnswer, errorOf } from "../../store/elastic/engine.ts";
import type { Watch } from "../watch.ts";
import { completeWatch, type PushSettings } from "./complete-watch.ts";

/** What became of one watch. */
export type Pushed = {
  id: string;
  outcome: "created" | "replaced" | "left_out" | "refused";
  reason?: string;
  remarks: readonly string[];
};

/**
 * Puts watches into the Watcher of a real Elasticsearch. Rejects with `watcher_missing` where there is none, or it may
 * not be used, and with `engine_unreachable`.
 */
export async function pushWatches(input: {
  engine: Engine;
  watches: readonly Watch[];
  settings: PushSettings | undefined;
  active: boolean;
  signal: AbortSignal;
}): Promise<Pushed[]> {
  const { engine, watches, settings, active, signal } = input;
  await checkWatcher(engine, signal);
  const pushed: Pushed[] = [];
  for (const watch of watches) {
    const completed = completeWatch(watch, settings);
    const { id } = watch;
    if (completed.kind === "left_out") {
      pushed.push({ id, outcome: "left_out", reason: completed.reason, remarks: [] });
      continue;
    }
    const { body, remarks } = completed;
    const path = `/_watcher/watch/${encodeURIComponent(id)}`;
    const query = active ? {} : { active: false };
    const answer = await engine.ask({ method: "PUT", path, query, body, signal });
    if (answer.status >= 300) pushed.push({ id, outcome: "refused", reason: reasonOf(answer), remarks });
    else pushed.push({ id, outcome: answer.status === 201 ? "created" : "replaced", remarks });
  }
  return pushed;
}

async function checkWatcher(engine: Engine, signal: AbortSignal): Promise<void> {
  const answer = await engine.ask({ method: "GET", path: "/_watcher/stats", signal });
  if (answer.status < 300) return;
  const why = answer.status === 401 || answer.status === 403 ? reasonOf(answer) : `it answered ${reasonOf(answer)}`;
  throw new Fault("watcher_missing", `There is no Watcher to be used: ${why}.`, {
    retry: answer.status === 429 || answer.status >= 500 ? "retryable" : "final",
  });
}

function reasonOf(answer: EngineAnswer): string {
  const { type, reason } = errorOf(answer);
  return `${reason} (${type})`.replace(/\.(?= \()/, "");
}
