import type { AlertRecord, RuleView } from "../../../src/serve/views.ts";

/** Which rules are shown; part of the address. */
export type RuleFilter = { text: string; show: RuleShow; origin: RuleView["origin"] | undefined };

export const RULE_SHOWS = ["all", "active", "inactive", "open", "unjudged"] as const;
export type RuleShow = (typeof RULE_SHOWS)[number];

export const SHOW_WORDS: Readonly<Record<RuleShow, string>> = {
  all: "all rules",
  active: "switched on",
  inactive: "switched off",
  open: "with open alerts",
  unjudged: "that cannot judge now",
};

export const ORIGINS = ["shipped", "changed", "own"] as const satisfies readonly RuleView["origin"][];

export function readRuleFilter(query: URLSearchParams): RuleFilter {
  return {
    text: query.get("q") ?? "",
    show: RULE_SHOWS.find((one) => one === query.get("show")) ?? "all",
    origin: ORIGINS.find((one) => one === query.get("origin")),
  };
}

export function takesRule({ text, show, origin }: RuleFilter, rule: RuleView): boolean {
  const words = text.toLowerCase().split(/\s+/);
  const said = [rule.id, rule.title, rule.description, rule.scope ?? "", rule.trigger.words].join(" ").toLowerCase();
  return (
    words.every((word) => said.includes(word)) && (origin === undefined || rule.origin === origin) && shows(show, rule)
  );
}

function shows(show: RuleShow, { active, open_alerts, cannot_judge }: RuleView): boolean {
  if (show === "active") return active;
  if (show === "inactive") return !active;
  if (show === "open") return open_alerts > 0;
  return show === "unjudged" ? active && cannot_judge !== null : true;
}

/** Rules of one scope, by title. */
export type RuleGroup = { scope: AlertRecord["scope"] | null; title: string; rules: readonly RuleView[] };

const SCOPES: readonly { scope: RuleGroup["scope"]; title: string }[] = [
  { scope: "network", title: "The network" },
  { scope: "node", title: "Your nodes" },
  { scope: "validators", title: "Your validators" },
  { scope: "host", title: "Their servers" },
  { scope: "monitor", title: "The monitor itself" },
  { scope: null, title: "Plain watches" },
];

export function ruleGroups(rules: readonly RuleView[]): RuleGroup[] {
  return SCOPES.flatMap(({ scope, title }) => {
    const own = rules.filter((rule) => rule.scope === scope);
    own.sort((a, b) => a.title.localeCompare(b.title, "en") || (a.id < b.id ? -1 : 1));
    return own.length === 0 ? [] : [{ scope, title, rules: own }];
  });
}
