/**
 * The value at a path of an answer. Keys may hold dots themselves (`values.50.0` of percentiles, flat field names of a
 * document): at each step the longest key that is there is taken.
 */
export function valueAt(value: unknown, path: string): unknown {
  if (path === "") return value;
  if (Array.isArray(value)) {
    const [head = "", ...rest] = path.split(".");
    if (/^\d+$/.test(head)) return valueAt(value[Number(head)], rest.join("."));
    return value.map((element) => valueAt(element, path));
  }
  if (typeof value !== "object" || value === null) return undefined;
  const parts = path.split(".");
  for (let length = parts.length; length > 0; length -= 1) {
    const key = parts.slice(0, length).join(".");
    if (!Object.hasOwn(value, key)) continue;
    const found = valueAt((value as Record<string, unknown>)[key], parts.slice(length).join("."));
    if (found !== undefined) return found;
  }
  return undefined;
}
