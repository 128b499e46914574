import type { Json } from "../../events/document.ts";
import { isJsonObject } from "../../events/json-object.ts";

/**
 * What a dotted path of a template leads to: own members of objects alone, elements of lists by index, and `size` of a
 * list. A member whose name has dots in it (`host.name` of a hit's `fields`) is found, too. Undefined where there is none.
 */
export function reached(from: Json, keys: readonly string[]): Json | undefined {
  let value = from;
  let at = 0;
  while (at < keys.length) {
    const step = member(value, keys, at);
    if (step === undefined) return undefined;
    value = step.value;
    at = step.next;
  }
  return value;
}

function member(of: Json, keys: readonly string[], at: number): { value: Json; next: number } | undefined {
  const key = keys[at] ?? "";
  if (Array.isArray(of)) {
    const value: Json | undefined = key === "size" ? of.length : /^\d{1,9}$/.test(key) ? of[Number(key)] : undefined;
    return value === undefined ? undefined : { value, next: at + 1 };
  }
  if (!isJsonObject(of)) return undefined;
  let name = "";
  for (let next = at; next < keys.length; next += 1) {
    name = next === at ? key : `${name}.${keys[next]}`;
    const value = Object.hasOwn(of, name) ? of[name] : undefined;
    if (value !== undefined) return { value, next: next + 1 };
  }
  return undefined;
}
