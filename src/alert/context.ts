import type { Json } from "../events/document.ts";
import type { JsonObject } from "../events/foreign.ts";

/** What conditions, transforms and templates of a watch see as `ctx`, in Watcher's own names. */
export type WatchContext = {
  watch_id: string;
  /** Of this execution. */
  id: string;
  /** ISO time. */
  execution_time: string;
  trigger: WatchTriggerEvent;
  metadata: JsonObject;
  /** Of a stream trigger `last`: the sources of the newest documents, oldest first. Chains and scripts may add to it. */
  vars: JsonObject;
  payload: Json;
};

export type WatchTriggerEvent = {
  /** ISO times. */
  triggered_time: string;
  scheduled_time: string;
  /** Of a stream trigger alone. */
  dataset?: string;
};
