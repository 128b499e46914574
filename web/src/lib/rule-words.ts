import type { RuleView } from "../../../src/serve/views.ts";

/** How the rules fare together. */
export type RuleCounts = {
  active: number;
  /** The last check of any. */
  checkedMs: number | undefined;
  /** Active ones that cannot judge now. */
  unjudged: number;
};

export function ruleCounts(rules: readonly RuleView[]): RuleCounts {
  const active = rules.filter((rule) => rule.active);
  const checks = active.flatMap(({ last_checked_ms }) => (last_checked_ms === null ? [] : [last_checked_ms]));
  return {
    active: active.length,
    checkedMs: checks.length === 0 ? undefined : Math.max(...checks),
    unjudged: active.filter(({ cannot_judge }) => cannot_judge !== null).length,
  };
}
