import { Fault } from "../../lib/fault.ts";
import { type CharSet, charSet } from "./char-set.ts";
import { type Assertion, NO_END, type ParsedRegex, type RegexNode, type RepeatMode } from "./syntax.ts";
import { lengthOf, mayBeEmpty } from "./tree-facts.ts";

/** One step of the matcher. Targets are indices of `Program.steps`. */
export type Step =
  | { op: "char"; code: number }
  | { op: "set"; set: CharSet }
  /** A repeat of one character class: the commonest thing in log patterns, and the reason for its own step. */
  | { op: "loop"; set: CharSet; min: number; max: number; mode: RepeatMode }
  | { op: "split"; first: number; second: number }
  | { op: "jump"; to: number }
  | { op: "save"; slot: number }
  /** Leaves a repeat whose last round took no character: it would go on for ever. */
  | { op: "leaveIfEmpty"; slot: number; to: number }
  | { op: "assert"; what: Assertion }
  | { op: "look"; program: readonly Step[]; behind: { min: number; max: number } | undefined; negative: boolean }
  | { op: "atomic"; program: readonly Step[] }
  | { op: "backreference"; indices: readonly number[]; ignoreCase: boolean }
  | { op: "match" };

export type Program = { steps: readonly Step[]; slots: number };

/** Counted repeats are written out: this bounds what a pattern of a few characters can make. */
const MAX_STEPS = 50_000;
/** As Java and Ruby have it, looking behind has a bounded length. */
const MAX_BEHIND = 255;

/** Throws `regex_invalid` for what would be too large a program. */
export function createProgram(parsed: ParsedRegex): Program {
  let slots = 2 * (parsed.captures + 1);
  let written = 0;

  const sub = (node: RegexNode): Step[] => {
    const inner: Step[] = [];
    emit(node, inner);
    inner.push({ op: "match" });
    return inner;
  };

  const emit = (node: RegexNode, into: Step[]): void => {
    written += 1;
    if (written > MAX_STEPS) throw new Fault("regex_invalid", "The regular expression has too many counted repeats");
    switch (node.kind) {
      case "empty":
        return;
      case "char":
        into.push({ op: "char", code: node.code });
        return;
      case "set":
        into.push({ op: "set", set: charSet(node.test) });
        return;
      case "sequence":
        for (const item of node.items) emit(item, into);
        return;
      case "choice":
        emitChoice(node.options, into);
        return;
      case "repeat":
        emitRepeat(node, into);
        return;
      case "capture":
        into.push({ op: "save", slot: 2 * node.index });
        emit(node.item, into);
        into.push({ op: "save", slot: 2 * node.index + 1 });
        return;
      case "look": {
        const behind = node.behind ? lengthOf(node.item) : undefined;
        if (behind !== undefined && behind.max > MAX_BEHIND)
          throw new Fault("regex_invalid", "The regular expression looks behind without a bounded length");
        into.push({ op: "look", program: sub(node.item), behind, negative: node.negative });
        return;
      }
      case "atomic":
        into.push({ op: "atomic", program: sub(node.item) });
        return;
      case "backreference":
        into.push({ op: "backreference", indices: node.indices, ignoreCase: node.ignoreCase });
        return;
      case "assert":
        into.push({ op: "assert", what: node.what });
    }
  };

  const emitChoice = (options: readonly RegexNode[], into: Step[]): void => {
    const jumps: { op: "jump"; to: number }[] = [];
    for (const [index, option] of options.entries()) {
      if (index === options.length - 1) {
        emit(option, into);
        break;
      }
      const split = { op: "split" as const, first: into.length + 1, second: 0 };
      into.push(split);
      emit(option, into);
      const jump = { op: "jump" as const, to: 0 };
      into.push(jump);
      jumps.push(jump);
      split.second = into.length;
    }
    for (const jump of jumps) jump.to = into.length;
  };

  const emitRepeat = (node: RegexNode & { kind: "repeat" }, into: Step[]): void => {
    const { item, min, max, mode } = node;
    if (item.kind === "set" || item.kind === "char") {
      const set = charSet(item.kind === "set" ? item.test : (code) => code === item.code);
      into.push({ op: "loop", set, min, max, mode });
      return;
    }
    if (mode === "possessive") {
      emit({ kind: "atomic", item: { ...node, mode: "greedy" } }, into);
      return;
    }
    for (let i = 0; i < min; i += 1) emit(item, into);
    if (max === NO_END) {
      emitStar(item, mode, into);
      return;
    }
    const splits: { op: "split"; first: number; second: number }[] = [];
    for (let i = min; i < max; i += 1) {
      splits.push(pushSplit(into));
      emit(item, into);
    }
    for (const split of splits) leaveAt({ split, to: into.length, mode });
  };

  const emitStar = (item: RegexNode, mode: RepeatMode, into: Step[]): void => {
    const top = into.length;
    const split = pushSplit(into);
    const leave = mayBeEmpty(item) ? { op: "leaveIfEmpty" as const, slot: slots, to: 0 } : undefined;
    if (leave !== undefined) {
      into.push({ op: "save", slot: slots });
      slots += 1;
    }
    emit(item, into);
    if (leave !== undefined) into.push(leave);
    into.push({ op: "jump", to: top });
    if (leave !== undefined) leave.to = into.length;
    leaveAt({ split, to: into.length, mode });
  };

  return { steps: sub(parsed.root), slots };
}

type Split = { op: "split"; first: number; second: number };

function pushSplit(into: Step[]): Split {
  const split: Split = { op: "split", first: into.length + 1, second: 0 };
  into.push(split);
  return split;
}

function leaveAt({ split, to, mode }: { split: Split; to: number; mode: RepeatMode }): void {
  split.second = to;
  if (mode === "lazy") [split.first, split.second] = [split.second, split.first];
}
