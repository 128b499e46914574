import type { CharTest } from "./char-set.ts";
import { NO_END, type RegexNode } from "./syntax.ts";

/** How many characters (UTF-16 units) a match can have. */
export function lengthOf(node: RegexNode): { min: number; max: number } {
  switch (node.kind) {
    case "char":
      return node.code > 0xffff ? { min: 2, max: 2 } : { min: 1, max: 1 };
    case "set":
      return { min: 1, max: 2 };
    case "sequence":
      return node.items.map(lengthOf).reduce((a, b) => ({ min: a.min + b.min, max: plus(a.max, b.max) }), {
        min: 0,
        max: 0,
      });
    case "choice": {
      const lengths = node.options.map(lengthOf);
      return {
        min: Math.min(...lengths.map(({ min }) => min)),
        max: Math.max(...lengths.map(({ max }) => max)),
      };
    }
    case "repeat": {
      const item = lengthOf(node.item);
      return { min: item.min * node.min, max: node.max === NO_END ? NO_END : Math.min(item.max * node.max, NO_END) };
    }
    case "capture":
    case "atomic":
      return lengthOf(node.item);
    case "backreference":
      return { min: 0, max: NO_END };
    case "empty":
    case "look":
    case "assert":
      return { min: 0, max: 0 };
  }
}

export function mayBeEmpty(node: RegexNode): boolean {
  return lengthOf(node).min === 0;
}

function plus(a: number, b: number): number {
  return Math.min(a + b, NO_END);
}

/** What a match can begin with; `test` undefined is anything, also nothing. */
export type Beginning = { test: CharTest | undefined; atTextStart: boolean };

/** A search looks only where a match can begin. */
export function beginningOf(root: RegexNode): Beginning {
  return { test: firstOf(root), atTextStart: startsText(root) };
}

function firstOf(node: RegexNode): CharTest | undefined {
  switch (node.kind) {
    case "char":
      return (code) => code === node.code;
    case "set":
      return node.test;
    case "sequence": {
      const tests: CharTest[] = [];
      for (const item of node.items) {
        const optional = mayBeEmpty(item);
        if (optional && takesNothing(item)) continue;
        const test = optional ? firstWhenTaken(item) : firstOf(item);
        if (test === undefined) return undefined;
        tests.push(test);
        if (!optional) return (code) => tests.some((one) => one(code));
      }
      return undefined;
    }
    case "choice": {
      const tests = node.options.map(firstOf);
      const known = tests.filter((test) => test !== undefined);
      return known.length < tests.length ? undefined : (code) => known.some((test) => test(code));
    }
    case "repeat":
      return node.min === 0 ? undefined : firstOf(node.item);
    case "capture":
    case "atomic":
      return firstOf(node.item);
    default:
      return undefined;
  }
}

/** Of a part that may be left out: what it begins with where it is not. */
function firstWhenTaken(node: RegexNode): CharTest | undefined {
  if (node.kind === "repeat") return mayBeEmpty(node.item) ? undefined : firstOf(node.item);
  if (node.kind === "capture" || node.kind === "atomic") return firstWhenTaken(node.item);
  return undefined;
}

function takesNothing(node: RegexNode): boolean {
  return node.kind === "empty" || node.kind === "look" || node.kind === "assert";
}

function startsText(node: RegexNode): boolean {
  switch (node.kind) {
    case "assert":
      return node.what === "textStart";
    case "sequence": {
      const [first] = node.items;
      return first !== undefined && startsText(first);
    }
    case "choice":
      return node.options.every(startsText);
    case "capture":
    case "atomic":
      return startsText(node.item);
    default:
      return false;
  }
}
