import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { isJsonObject } from "../../events/json-object.ts";
import { Fault, isAborted, isFault, messageOf } from "../../lib/fault.ts";

/** Where in a watch something stands: the id for Elasticsearch's sentences, the path for people. */
export type Place = { watchId: string; path: string };

/** Elasticsearch's error object. */
export type WatchError = { readonly type: string; readonly reason: string; readonly [key: string]: Json };

export function below(place: Place, ...keys: readonly (string | number)[]): Place {
  return { ...place, path: [place.path, ...keys].filter((key) => key !== "").join(".") };
}

/** A watch that cannot be: `watch_invalid` with Elasticsearch's error and the `path` in its details. */
export function watchInvalid(place: Place, error: WatchError): Fault {
  const where = place.path === "" ? "" : ` (at ${place.path})`;
  const cause = error["caused_by"];
  const because = isJsonObject(cause) && typeof cause["reason"] === "string" ? `: ${cause["reason"]}` : "";
  return new Fault("watch_invalid", `${error.reason}${because}${where}`, { details: { ...error, path: place.path } });
}

/** Elasticsearch's parser's refusal. */
export function parseFault(place: Place, reason: string, causedBy?: WatchError): Fault {
  return watchInvalid(place, {
    type: "parse_exception",
    reason,
    ...(causedBy === undefined ? {} : { caused_by: causedBy }),
  });
}

/** What is well formed and cannot be, or is not supported here. */
export function illegalArgument(place: Place, reason: string): Fault {
  return watchInvalid(place, { type: "illegal_argument_exception", reason });
}

/** A faulty part of a watch, told by what has it: the fault becomes the cause. */
export function wrapped(place: Place, reason: string, error: unknown): unknown {
  if (!isFault(error, "watch_invalid")) return error;
  const { path: _, ...cause } = error.details as WatchError & { path: Json };
  const path = error.details["path"];
  const deepest = typeof path === "string" && path !== "" ? { ...place, path } : place;
  return parseFault(deepest, reason, cause);
}

/** A check or an action that could not be carried out: `watch_failed`, with Elasticsearch's `error` in its details. */
export function watchFailed(type: string, reason: string): Fault {
  return new Fault("watch_failed", reason, { details: { error: { type, reason } } });
}

/** Whatever was thrown, as Elasticsearch's error object. */
export function errorOf(thrown: unknown): WatchError {
  if (isFault(thrown)) {
    const { error, type, reason } = thrown.details;
    if (isError(error)) return error;
    if (typeof type === "string" && typeof reason === "string") return { type, reason };
    return { type: thrown.code, reason: thrown.message };
  }
  if (isAborted(thrown)) return { type: "task_cancelled_exception", reason: "the watch was stopped" };
  return { type: "exception", reason: messageOf(thrown) };
}

function isError(value: unknown): value is WatchError {
  return (
    isJsonObject(value as Json) &&
    typeof (value as JsonObject)["type"] === "string" &&
    typeof (value as JsonObject)["reason"] === "string"
  );
}
