import { jsonErrorAt } from "./json-place.ts";

/** What is wrong with something that was written, and where. */
export type Problem = { path: string; sentence: string };

export type Read<T> = { value: T; problems?: undefined } | { value?: undefined; problems: readonly Problem[] };

/** Reads JSON; what cannot be read is told with its line and column. */
export function readJson(text: string): Read<unknown> {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return { problems: [{ path: "", sentence: `This is no JSON: ${wordsOf(text)}.` }] };
  }
}

function wordsOf(text: string): string {
  const at = jsonErrorAt(text) ?? text.length;
  if (at >= text.length) return "it ends too early";
  const before = text.slice(0, at).split("\n");
  const found = [...text.slice(at, at + 2)][0] ?? "";
  return `${JSON.stringify(found)} is not expected in line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
