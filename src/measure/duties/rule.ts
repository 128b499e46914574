import type { DutyCause } from "../../events/duty-records.ts";

/** One step on the way to a fault's cause. The order of the rules is the order in which causes are looked for. */
export type Rule<Facts> = {
  cause: DutyCause;
  /** When it holds, for docs/duties.md. */
  words: string;
  /** The evidence in one sentence; undefined where the rule does not hold. */
  explain(facts: Facts): string | undefined;
};

/** The cause of the first rule that holds. The last rule of a list must hold always. */
export function firstCause<Facts>(rules: readonly Rule<Facts>[], facts: Facts): { cause: DutyCause; sentence: string } {
  for (const { cause, explain } of rules) {
    const sentence = explain(facts);
    if (sentence !== undefined) return { cause, sentence };
  }
  return { cause: "unknown", sentence: "No rule speaks of it." };
}

/** Others share a fault when so many of them have it: two thirds, as the chain itself needs them to finalize. */
const SHARED_BY = 2 / 3;

export const isShared = ({ same, of }: { same: number; of: number }): boolean => of > 0 && same >= SHARED_BY * of;

/** Signed seconds with two decimals, from the start of the slot. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2).replace("-", "−")} s`;
}

/** `n1`, `n1 and n2`, `n1, n2 and n3`. */
export function listed(items: readonly string[]): string {
  return items.length <= 1 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
