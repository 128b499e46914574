import type { ChannelsAnswer, RulesAnswer, SilencesAnswer } from "../../../src/serve/views.ts";
import { alertApi } from "./alert-api.ts";
import { type Answer, useAnswer } from "./use-answer.ts";
import { useEvery } from "./use-every.ts";

const EVERY_MS = 10_000;

/** What stands beside the alerts, asked for again every few seconds. */
export type AlertDeskState = {
  rules: Answer<RulesAnswer>;
  silences: Answer<SilencesAnswer>;
  channels: Answer<ChannelsAnswer>;
  /** The title of a rule, its id where it is not known. */
  titleOf(rule: string): string;
  /** Something was changed: ask now. */
  again(): void;
};

export function useAlertDesk(): AlertDeskState {
  const { tick, again } = useEvery(EVERY_MS);
  const rules = useAnswer(alertApi.rules, tick);
  const silences = useAnswer(alertApi.silences, tick);
  const channels = useAnswer(alertApi.channels, tick);
  const titleOf = (rule: string) =>
    (rules.kind === "ready" ? rules.answer.rules.find(({ id }) => id === rule)?.title : undefined) ?? rule;
  return { rules, silences, channels, titleOf, again };
}
