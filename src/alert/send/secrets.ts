import { randomBytes } from "node:crypto";
import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";

/** `${NAME}` in a configuration. */
const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** A string of a stored content that names a secret: its pieces in their order. */
type Sealed = { $parts: readonly (string | { $secret: string })[] };

/**
 * An action whose secrets never stand in a document. `action` has a mark in the place of each `${NAME}`, which nobody
 * can guess, so that a rendered text cannot ask for a secret; `seal` turns the marks that rendering left into names.
 */
export type GuardedAction = {
  action: JsonObject;
  seal(rendered: JsonObject): JsonObject;
  /** A sealed content with the values, as it is sent. */
  open(sealed: JsonObject): JsonObject;
};

/** Names of all secrets that a configured value refers to. */
export function secretNames(value: unknown): string[] {
  const names = [...JSON.stringify(value).matchAll(REFERENCE)].map(([, name = ""]) => name);
  return [...new Set(names)];
}

export function guardSecrets(action: JsonObject, secrets: Readonly<Record<string, string>>): GuardedAction {
  const names = secretNames(action);
  const token = randomBytes(16).toString("hex");
  // An address that is a secret as a whole must look like one.
  const markOf = (at: number, isAddress: boolean) => `${isAddress ? "https://" : ""}ethmonSecret${token}n${at}e`;
  const marks = new Map(names.flatMap((name, at) => [true, false].map((isAddress) => [markOf(at, isAddress), name])));
  const mark = new RegExp(`((?:https://)?ethmonSecret${token}n\\d+e)`);
  const hide = (text: string) =>
    text.replace(REFERENCE, (whole, name, at) => {
      const place = names.indexOf(name);
      return place < 0 ? whole : markOf(place, at === 0);
    });
  return {
    action: mapStrings(action, hide),
    seal: (rendered) =>
      mapStrings(rendered, (text) => {
        if (!mark.test(text)) return text;
        const parts = text.split(mark).filter((part) => part !== "");
        return {
          $parts: parts.map((part) => {
            const name = marks.get(part);
            return name === undefined ? part : { $secret: name };
          }),
        };
      }),
    open: (sealed) => joinSealed(sealed, (name) => (names.includes(name) ? (secrets[name] ?? "") : "")),
  };
}

/** A stored content as people may read it: `${NAME}` for each secret. */
export function nameSecrets(sealed: JsonObject): JsonObject {
  return joinSealed(sealed, (name) => `\${${name}}`);
}

function joinSealed(object: JsonObject, secretOf: (name: string) => string): JsonObject {
  const join = (value: Json): Json => {
    if (isSealed(value)) {
      return value.$parts.map((part) => (typeof part === "string" ? part : secretOf(part.$secret))).join("");
    }
    if (Array.isArray(value)) return value.map(join);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, join(inner as Json)]));
  };
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, join(value)]));
}

function isSealed(value: Json): value is Json & Sealed {
  return typeof value === "object" && value !== null && "$parts" in value && Array.isArray(value.$parts);
}

function mapStrings(object: JsonObject, change: (text: string) => Json): JsonObject {
  const map = (value: Json): Json => {
    if (typeof value === "string") return change(value);
    if (Array.isArray(value)) return value.map(map);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, map(inner as Json)]));
  };
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}
