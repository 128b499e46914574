import type { Json } from "../events/document.ts";
import type { JsonObject } from "../events/foreign.ts";
import { Fault } from "../lib/fault.ts";

/** What stands for a secret when a watch is shown, as Watcher has it. */
const REDACTED = "::es_redacted::";

/** A header that somebody logs in by: `Authorization`, `Cookie`, `X-Api-Key`, `Private-Token` and the like. */
export function isSecretHeader(name: string): boolean {
  return /authorization|cookie|token|key|secret/i.test(name);
}

/** A watch, or a part of one, to be shown: passwords of basic authentication and headers that log in are left out. */
export function hideSecrets(watch: JsonObject): JsonObject {
  return changed(watch, [], hidden) as JsonObject;
}

/** The rendered content of an action, to be stored: the same, but nothing in the documents that it may hold. */
export function hideContentSecrets(content: JsonObject): JsonObject {
  return changed(content, [], (value, path) => (isOfContent(path) ? hidden(value) : value)) as JsonObject;
}

/** Whether a stored content cannot be sent without its watch. */
export function lacksSecrets(content: JsonObject): boolean {
  let found = false;
  changed(content, [], (value, path) => {
    if (value === REDACTED && isOfContent(path)) found = true;
    return value;
  });
  return found;
}

/**
 * A watch as it came back from who was shown it: what was hidden is again what it is in the stored one, at the same
 * place. Throws `watch_invalid` where there is nothing.
 */
export function restoreSecrets(watch: JsonObject, stored: JsonObject | undefined): JsonObject {
  return changed(watch, [], (value, path) => {
    if (value !== REDACTED) return value;
    const kept = valueAt(stored, path);
    if (kept !== undefined && kept !== REDACTED) return kept;
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
  const [a, b, c] = [path.at(-3), path.at(-2), path.at(-1)];
  if (a === "auth" && b === "basic" && c === "password") return true;
  return typeof b === "string" && b.toLowerCase() === "headers" && typeof c === "string" && isSecretHeader(c);
}

/** A request is the whole content of a webhook; elsewhere such names are those of a document. */
function isOfContent(path: Path): boolean {
  return path.length === (path[0] === "auth" ? 3 : 2);
}

/** What is sealed already holds the names of secrets alone. */
function hidden(value: Json): Json {
  const isSealed = typeof value === "object" && value !== null && "$parts" in value;
  return value === null || isSealed ? value : REDACTED;
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
