export { RulePage } from "./rule.tsx";
export { NewRulePage } from "./rule-new.tsx";
export { RulesPage } from "./rules.tsx";
