import { Fault } from "../../lib/fault.ts";
import { type CharSet, charSet } from "./char-set.ts";
import { type Allowance, runProgram, type Search, type Slots } from "./match.ts";
import { parseRegex } from "./parse.ts";
import { createProgram } from "./program.ts";
import type { Dialect } from "./syntax.ts";
import { beginningOf } from "./tree-facts.ts";

/** A match: `groups[2 n]` and `groups[2 n + 1]` are the bounds of group n, -1 where it took no part. */
export type RegexMatch = { start: number; end: number; groups: readonly number[] };

export type Regex = {
  /** Group numbers by name. */
  names: ReadonlyMap<string, readonly number[]>;
  /** The first match at or after `from`. Throws `regex_gave_up` (see `MAX_STEPS`). */
  exec(text: string, options: { from?: number; allowance: Allowance }): RegexMatch | undefined;
  /** Whether the text matches anywhere. */
  test(text: string, allowance: Allowance): boolean;
};

/**
 * What one search may cost: some ten milliseconds. Log lines hold what strangers wrote (a peer's name, a block's
 * graffiti), so a pattern that backtracks for ever on one of them must end. Ordinary lines take some thousand steps.
 */
export const MAX_STEPS = 400_000;
/** What all searches for one document may cost together. */
const MAX_STEPS_TOGETHER = 2_000_000;
/** Longer texts are not searched: a line is cut by its shipper long before. */
export const MAX_SEARCHED = 131_072;

/**
 * Compiles a regular expression for texts of strangers: matched by steps that are counted, so that it ends in bounded
 * time whatever the pattern and the text. Throws `regex_invalid`.
 */
export function compileRegex(options: { source: string; dialect: Dialect; ignoreCase?: boolean }): Regex {
  const parsed = parseRegex(options);
  const { steps, slots: slotCount } = createProgram(parsed);
  const beginning = beginningOf(parsed.root);
  const first = beginning.test === undefined ? undefined : charSet(beginning.test);

  const search = (text: string, from: number, allowance: Allowance): RegexMatch | undefined => {
    if (text.length > MAX_SEARCHED)
      throw new Fault("regex_gave_up", `A text of more than ${MAX_SEARCHED} characters is not searched`);
    const slots: Slots = new Array<number>(slotCount).fill(-1);
    const run: Search = { text, slots, allowance };
    const last = beginning.atTextStart ? 0 : text.length;
    for (let start = from; start <= last; start += 1) {
      if (first !== undefined) {
        start = nextBeginning(first, text, start);
        if (start >= text.length) return undefined;
      }
      const end = runProgram(steps, run, { from: start });
      if (end < 0) continue;
      slots[0] = start;
      slots[1] = end;
      return { start, end, groups: slots };
    }
    return undefined;
  };
  const exec: Regex["exec"] = (text, { from = 0, allowance }) => {
    const before = Math.min(MAX_STEPS, allowance.stepsLeft);
    const own: Allowance = { stepsLeft: before };
    try {
      return search(text, from, own);
    } finally {
      allowance.stepsLeft -= before - own.stepsLeft;
    }
  };
  return { names: parsed.names, exec, test: (text, allowance) => exec(text, { allowance }) !== undefined };
}

function nextBeginning(first: CharSet, text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 128 ? first.ascii[unit] === 1 : first.above(text.codePointAt(at) ?? unit)) return at;
  }
  return text.length;
}

/** What the searches for one document may cost: to be made once for it. */
export function searchAllowance(): Allowance {
  return { stepsLeft: MAX_STEPS_TOGETHER };
}

/** The text of a group; undefined where it took no part. */
export function groupText(match: RegexMatch, index: number, text: string): string | undefined {
  const start = match.groups[2 * index] ?? -1;
  const end = match.groups[2 * index + 1] ?? -1;
  return start < 0 || end < start ? undefined : text.slice(start, end);
}
