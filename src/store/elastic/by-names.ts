import { refused } from "./dialect.ts";
import type { Engine, EngineAnswer, EngineObject, EngineRequest } from "./engine.ts";

/** An engine takes 4096 bytes in the first line of a request. */
export const LONGEST_PATH = 3_000;

/**
 * Asks about indices, in as many requests as the length of their names demands; what each was answered. An index that
 * is not there has no answer. One that is refused for itself holds up no other one: it is left out, unless it is needed.
 * Rejects with `engine_*`.
 */
export async function askByNames(input: {
  engine: Engine;
  names: Iterable<string>;
  isNeeded: (name: string) => boolean;
  /** `path` holds the names. */
  request: (path: string) => EngineRequest;
  /** What is not let, as in "the cluster does not let ethmon …". */
  what: string;
}): Promise<EngineObject[]> {
  const { engine, names, isNeeded, request, what } = input;
  const bodies: EngineObject[] = [];
  let last: EngineAnswer | undefined;

  const ask = async (part: readonly string[]): Promise<void> => {
    const answer = await engine.ask(request(`/${part.map(encodeURIComponent).join(",")}`));
    const { status, body } = answer;
    if (status < 300) bodies.push(body);
    if (status < 300 || status === 404) return;
    const half = part.length >> 1;
    if (!isForItself(answer) || (half === 0 && part.some(isNeeded))) throw refused(what, answer);
    if (half === 0) last = answer;
    else for (const one of [part.slice(0, half), part.slice(half)]) await ask(one);
  };

  for (const part of partsOf(names)) await ask(part);
  // Who refuses each of them means none of them.
  if (bodies.length === 0 && last !== undefined) throw refused(what, last);
  return bodies;
}

/** Whether an index may be refused for its own sake, and no other one: it is closed, or another's to read. */
export function isForItself({ status }: EngineAnswer): boolean {
  return status === 400 || status === 403;
}

function partsOf(names: Iterable<string>): string[][] {
  const parts: string[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const more = encodeURIComponent(name).length + 1;
    if (length + more > LONGEST_PATH) {
      parts.push([]);
      length = 0;
    }
    parts.at(-1)?.push(name);
    length += more;
  }
  return parts;
}
