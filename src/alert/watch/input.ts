import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import type { WatchContext } from "../context.ts";
import type { WatchPorts } from "../watch.ts";

/** An input of a watch, read. */
export type Input = {
  type: string;
  /** Synchronous where neither a search nor HTTP is needed. Throws or rejects with faults. */
  read(ctx: WatchContext, ports: WatchPorts): Read | Promise<Read>;
};

export type Read = {
  payload: Json;
  /** What Watcher tells of it below its type, such as the request. */
  body?: JsonObject;
};

/** Goes on with a value at once, or when it is there. */
export function next<T, U>(value: T | Promise<T>, go: (value: T) => U | Promise<U>): U | Promise<U> {
  return value instanceof Promise ? value.then(go) : go(value);
}
