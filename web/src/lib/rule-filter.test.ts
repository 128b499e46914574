import { expect, test } from "vitest";
import type { RuleView } from "../../../src/serve/views.ts";
import { readRuleFilter, ruleGroups, takesRule } from "./rule-filter.ts";
import { ruleCounts } from "./rule-words.ts";

const rule = (id: string, changes: Partial<RuleView> = {}): RuleView => ({
  id,
  title: id,
  description: "",
  scope: "network",
  severity: "warning",
  origin: "shipped",
  active: true,
  trigger: { kind: "schedule", words: "every 1m" },
  actions: [],
  version: 1,
  last_checked_ms: null,
  last_met_ms: null,
  cannot_judge: null,
  open_alerts: 0,
  ...changes,
});

const RULES = [
  rule("late-blocks", { title: "Late blocks", description: "After the deadline.", open_alerts: 2, last_checked_ms: 5 }),
  rule("node-behind", { title: "Node behind", scope: "node", cannot_judge: "Only 1 node.", last_checked_ms: 9 }),
  rule("mine", { scope: null, origin: "own", active: false, cannot_judge: "Never.", last_checked_ms: 99 }),
];

test.each([
  ["", ["late-blocks", "node-behind", "mine"]],
  ["q=deadline+late", ["late-blocks"]],
  ["q=NODE", ["node-behind"]],
  ["show=open", ["late-blocks"]],
  ["show=unjudged", ["node-behind"]],
  ["show=inactive", ["mine"]],
  ["origin=own&show=active", []],
  ["show=nonsense&origin=nonsense", ["late-blocks", "node-behind", "mine"]],
])("'%s' chooses", (query, ids) => {
  const filter = readRuleFilter(new URLSearchParams(query));
  expect(RULES.filter((one) => takesRule(filter, one)).map(({ id }) => id)).toEqual(ids);
});

test("rules stand by what they are about, plain watches last", () => {
  expect(ruleGroups(RULES.toReversed()).map(({ title, rules }) => [title, rules.map(({ id }) => id)])).toEqual([
    ["The network", ["late-blocks"]],
    ["Your nodes", ["node-behind"]],
    ["Plain watches", ["mine"]],
  ]);
});

test("only rules that are switched on are counted", () => {
  expect(ruleCounts(RULES)).toEqual({ active: 2, checkedMs: 9, unjudged: 1 });
  expect(ruleCounts([])).toEqual({ active: 0, checkedMs: undefined, unjudged: 0 });
});
