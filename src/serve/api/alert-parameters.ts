import { z } from "zod";
import { SEVERITIES } from "../../events/alert-records.ts";
import { limitParameter, momentParameter } from "./parameters.ts";

const STATES = ["open", "acknowledged", "over"] as const;

const stateAllowed = STATES.join(", ");
const severityAllowed = SEVERITIES.join(", ");
const idAllowed = "an id without white space";

const idText = (words: string) =>
  z
    .string({ error: () => idAllowed })
    .max(512, { error: () => idAllowed })
    .regex(/^\S+$/, { error: () => idAllowed })
    .describe(words);

export const alertsQuery = z.strictObject({
  state: z
    .enum(STATES, { error: () => stateAllowed })
    .describe("Only those in this state: open, acknowledged or over.")
    .exactOptional(),
  rule: idText("Only those of this rule.").exactOptional(),
  severity: z
    .enum(SEVERITIES, { error: () => severityAllowed })
    .describe("Only those that are at least so severe.")
    .exactOptional(),
  node: z
    .string({ error: () => "the name of a node" })
    .min(1, { error: () => "the name of a node" })
    .max(512, { error: () => "the name of a node" })
    .describe("Only those that are about this node, alone or among others.")
    .exactOptional(),
  since: momentParameter("Only those that were not over before this moment, Unix milliseconds."),
  limit: limitParameter(
    "How many to answer of one state at most; open and acknowledged ones come whole without `state`.",
  ),
  before: momentParameter("Only what began earlier, Unix milliseconds; `next_before` of the page before."),
});

export const alertPath = z.strictObject({ id: idText("The alert's id; its `/` as `%2F`.") });
export const rulePath = z.strictObject({ id: idText("The rule's id.") });
export const silencePath = z.strictObject({ id: idText("The silence's id.") });

export const putRuleQuery = z.strictObject({
  active: z
    .enum(["true", "false"], { error: () => "true or false" })
    .describe("Whether it is checked; without it as before, and a new one is.")
    .exactOptional(),
});
