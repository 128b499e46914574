import type { WatchBody } from "../../../src/serve/views.ts";
import { alertApi } from "./alert-api.ts";
import { ruleOfPanel, ruleOfSearch } from "./explore-rule.ts";
import { readExplore } from "./explore-state.ts";
import { panelApi } from "./panels-of.ts";
import { isRecord, valueAtPath, withValueAt } from "./watch-fields.ts";

/** What a new rule begins with, and where that is from. */
export type RuleStart = { watch: WatchBody; of: string };

/** A rule of what the address names: another rule (`of`), a panel, or a search of Explore; undefined of neither. */
export async function newRuleOf(
  { query, network }: { query: URLSearchParams; network: string },
  signal: AbortSignal,
): Promise<RuleStart | undefined> {
  const of = query.get("of");
  if (of !== null) {
    const { rule, watch } = await alertApi.rule(of, signal);
    return { watch: asCopy(watch), of: `a copy of “${rule.title}”` };
  }
  const id = query.get("panel");
  if (id !== null) {
    const { panel } = await panelApi.panel(id, signal);
    return { watch: ruleOfPanel({ panel, network }), of: `a rule of the panel “${panel.title}”` };
  }
  const state = readExplore(query);
  if (state.index === undefined) return undefined;
  const { indices } = await panelApi.indices(signal);
  const line = indices.find(({ name }) => name === state.index);
  const timeField = line === undefined ? "@timestamp" : (line.time_field ?? undefined);
  return { watch: ruleOfSearch({ state, index: state.index, timeField }), of: "a rule of a search in Explore" };
}

/** The same under a title of its own. */
function asCopy(watch: WatchBody): WatchBody {
  const name = valueAtPath(watch, ["metadata", "name"]);
  if (typeof name !== "string") return watch;
  const copy = withValueAt(watch, ["metadata", "name"], `${name} (copy)`);
  return isRecord(copy) ? copy : watch;
}
