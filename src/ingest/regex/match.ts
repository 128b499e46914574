import { Fault } from "../../lib/fault.ts";
import { type CharSet, holds } from "./char-set.ts";
import type { Step } from "./program.ts";
import { NO_END } from "./syntax.ts";
import { asserted } from "./text-positions.ts";

/** What a search may still spend: every step of the matcher, and every fourth character that a repeat passes, is one. */
export type Allowance = { stepsLeft: number };

/** Starts and ends of groups, -1 where a group took no part; above them the marks of repeats. */
export type Slots = number[];

const FAILED = -1;

// What is gone back to after a failure, four numbers each: the kind, and what it needs.
const RESUME = 0; // step, position
const RESTORE = 1; // slot, its value before
const SHORTEN = 2; // step of the loop, end of the loop's run, least end
const LENGTHEN = 3; // step of the loop, end of the loop's run, how many more it may take

/** One search in one text, at several positions. */
export type Search = {
  text: string;
  /** Hold the groups when it matched; when it did not they are as they were before. */
  slots: Slots;
  allowance: Allowance;
};

/**
 * Runs a program from one position by backtracking, with a stack of its own: the depth of a match is bounded by memory
 * that its allowance bounds, not by the thread's stack. The match must end at `endAt`, where it is given, for looking
 * behind. Gives the end of the match or -1; throws `regex_gave_up` when the allowance is used up.
 */
export function runProgram(steps: readonly Step[], search: Search, { from, endAt }: { from: number; endAt?: number }) {
  const { text, slots, allowance } = search;
  const back: number[] = [];
  let at = 0;
  let position = from;

  for (;;) {
    allowance.stepsLeft -= 1;
    if (allowance.stepsLeft < 0) throw gaveUp();
    const step = steps[at];
    if (step === undefined) return FAILED;
    let holdsHere = true;
    switch (step.op) {
      case "char":
        if (step.code > 0xffff) {
          holdsHere = text.codePointAt(position) === step.code;
          if (holdsHere) position += 2;
        } else {
          holdsHere = text.charCodeAt(position) === step.code;
          if (holdsHere) position += 1;
        }
        at += 1;
        break;
      case "set": {
        const width = widthOf(step.set, text, position);
        holdsHere = width > 0;
        position += width;
        at += 1;
        break;
      }
      case "loop": {
        const most = step.mode === "lazy" ? step.min : step.max;
        let least = position;
        let count = 0;
        const start = position;
        while (count < most) {
          if (count === step.min) least = position;
          const width = widthOf(step.set, text, position);
          if (width === 0) break;
          position += width;
          count += 1;
        }
        if (count === step.min) least = position;
        allowance.stepsLeft -= (position - start) >> 2;
        holdsHere = count >= step.min;
        at += 1;
        if (!holdsHere) break;
        if (step.mode === "greedy" && position > least) back.push(SHORTEN, at, position, least);
        else if (step.mode === "lazy" && step.max > step.min)
          back.push(LENGTHEN, at - 1, position, step.max === NO_END ? NO_END : step.max - step.min);
        break;
      }
      case "split":
        back.push(RESUME, step.second, position, 0);
        at = step.first;
        break;
      case "jump":
        at = step.to;
        break;
      case "save":
        back.push(RESTORE, step.slot, slots[step.slot] ?? FAILED, 0);
        slots[step.slot] = position;
        at += 1;
        break;
      case "leaveIfEmpty":
        at = slots[step.slot] === position ? step.to : at + 1;
        break;
      case "assert":
        holdsHere = asserted(step.what, text, position);
        at += 1;
        break;
      case "look":
        holdsHere = looksRight(step, search, { position, back });
        at += 1;
        break;
      case "atomic": {
        const end = runWithin(step.program, search, { from: position, back });
        holdsHere = end !== FAILED;
        if (holdsHere) position = end;
        at += 1;
        break;
      }
      case "backreference": {
        const said = lastGroup(step.indices, slots, text);
        const here = said === undefined ? undefined : text.substr(position, said.length);
        holdsHere =
          said !== undefined && (said === here || (step.ignoreCase && said.toLowerCase() === here?.toLowerCase()));
        position += said?.length ?? 0;
        allowance.stepsLeft -= (said?.length ?? 0) >> 2;
        at += 1;
        break;
      }
      case "match":
        if (endAt === undefined || position === endAt) return position;
        holdsHere = false;
    }
    if (holdsHere) continue;

    // Go back to the last choice.
    for (;;) {
      if (back.length === 0) return FAILED;
      const c = back.pop() ?? 0;
      const b = back.pop() ?? 0;
      const a = back.pop() ?? 0;
      const kind = back.pop();
      if (kind === RESTORE) {
        slots[a] = b;
        continue;
      }
      if (kind === RESUME) {
        at = a;
        position = b;
        break;
      }
      if (kind === SHORTEN) {
        const end = shortened({ next: steps[a], text, from: b, least: c });
        allowance.stepsLeft -= (b - Math.max(end, c)) >> 2;
        if (end < c) continue;
        if (end > c) back.push(SHORTEN, a, end, c);
        at = a;
        position = end;
        break;
      }
      const loop = steps[a];
      const width = loop?.op === "loop" ? widthOf(loop.set, text, b) : 0;
      if (width === 0) continue;
      if (c > 1) back.push(LENGTHEN, a, b + width, c === NO_END ? NO_END : c - 1);
      at = a + 1;
      position = b + width;
      break;
    }
  }
}

/** Runs a program within another: what it set is taken back when the outer one goes back before it. */
function runWithin(
  program: readonly Step[],
  search: Search,
  { from, endAt, back }: { from: number; endAt?: number; back: number[] },
): number {
  const { slots, allowance } = search;
  const before = slots.slice();
  allowance.stepsLeft -= slots.length >> 3;
  const found = runProgram(program, search, endAt === undefined ? { from } : { from, endAt });
  for (let slot = 0; slot < before.length; slot += 1) {
    const old = before[slot] ?? FAILED;
    if (slots[slot] !== old) back.push(RESTORE, slot, old, 0);
  }
  return found;
}

function looksRight(
  step: Step & { op: "look" },
  search: Search,
  { position, back }: { position: number; back: number[] },
): boolean {
  const { program, behind, negative } = step;
  if (negative) {
    // What stands in groups of something that must not be there is of no use.
    const kept = search.slots.slice();
    const found = looked(program, search, { position, behind, back: [] });
    for (let slot = 0; slot < kept.length; slot += 1) search.slots[slot] = kept[slot] ?? FAILED;
    return !found;
  }
  return looked(program, search, { position, behind, back });
}

function looked(
  program: readonly Step[],
  search: Search,
  { position, behind, back }: { position: number; behind: { min: number; max: number } | undefined; back: number[] },
): boolean {
  if (behind === undefined) return runWithin(program, search, { from: position, back }) !== FAILED;
  for (let length = behind.min; length <= behind.max && length <= position; length += 1) {
    if (runWithin(program, search, { from: position - length, endAt: position, back }) !== FAILED) return true;
  }
  return false;
}

/** How many units the character at a position has when it is of the set, else 0. */
function widthOf(set: CharSet, text: string, position: number): number {
  const unit = text.charCodeAt(position);
  if (unit < 128) return set.ascii[unit] === 1 ? 1 : 0;
  const code = text.codePointAt(position);
  if (code === undefined || !holds(set, code)) return 0;
  return code > 0xffff ? 2 : 1;
}

/**
 * The next shorter end of a greedy repeat, below `least` when there is none. Ends at which the character that must
 * follow does not stand are passed over.
 */
function shortened(options: { next: Step | undefined; text: string; from: number; least: number }): number {
  const { next, text, from, least } = options;
  let end = from - 1;
  const wanted = next?.op === "char" && next.code <= 0xffff ? next.code : undefined;
  if (wanted !== undefined) while (end >= least && text.charCodeAt(end) !== wanted) end -= 1;
  const unit = text.charCodeAt(end);
  const insidePair = end > least && unit >= 0xdc00 && unit <= 0xdfff && isHigh(text.charCodeAt(end - 1));
  return insidePair ? end - 1 : end;
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function lastGroup(indices: readonly number[], slots: Slots, text: string): string | undefined {
  for (const index of indices.toReversed()) {
    const start = slots[2 * index] ?? FAILED;
    const end = slots[2 * index + 1] ?? FAILED;
    if (start >= 0 && end >= start) return text.slice(start, end);
  }
  return undefined;
}

function gaveUp(): Fault {
  return new Fault("regex_gave_up", "The regular expression took more steps than one text may cost");
}
