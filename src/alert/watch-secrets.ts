import type { Json } from "../events/document.ts";
import type { JsonObject } from "../events/foreign.ts";
import { Fault } from "../lib/fault.ts";

/** What stands for a secret when a watch is shown, as Watcher has it. */
const REDACTED = "::es_redacted::";

/** A watch to be shown: passwords of basic authentication and `Authorization` headers, which are left out of it. */
export function hideSecrets(watch: JsonObject): JsonObject {
  return changed(watch, [], (value) => (typeof value === "string" ? REDACTED : value)) as JsonObject;
}

/**
 * A watch as it came back from who was shown it: what was hidden is again what it is in the stored one, at the same
 * place. Throws `watch_invalid` where there is nothing.
 */
export function restoreSecrets(watch: JsonObject, stored: JsonObject | undefined): JsonObject {
  return changed(watch, [], (value, path) => {
    if (value !== REDACTED) return value;
    const kept = valueAt(stored, path);
    if (typeof kept === "string") return kept;
    const reason = `[${path.join(".")}] stands for a password that is kept, and none is`;
    throw new Fault("watch_invalid", `The watch cannot be read: ${reason}.`, {
      details: { type: "parse_exception", reason },
    });
  }) as JsonObject;
}

type Path = readonly (string | number)[];

/** The same JSON with other secrets. */
function changed(value: Json, path: Path, change: (secret: Json, path: Path) => Json): Json {
  if (isSecret(path)) return change(value, path);
  if (isList(value)) return value.map((element, at) => changed(element, [...path, at], change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, changed(part, [...path, key], change)]));
}

function isSecret(path: Path): boolean {
  const [a, b, c] = path.slice(-3);
  if (a === "auth" && b === "basic" && c === "password") return true;
  return b === "headers" && typeof c === "string" && c.toLowerCase() === "authorization";
}

function valueAt(value: Json | undefined, path: Path): Json | undefined {
  let found: Json | undefined = value;
  for (const part of path) {
    if (typeof found !== "object" || found === null) return undefined;
    found = (found as { readonly [part: string]: Json })[part];
  }
  return found;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
