import { z } from "zod";
import {
  ALERT_SCOPES,
  alertDataset,
  deliveryDataset,
  SEVERITIES,
  watchHistoryDataset,
} from "../../events/alert-records.ts";
import type {
  AlertAnswer,
  AlertRecord,
  AlertsAnswer,
  Backtest,
  BacktestBody,
  ChannelsAnswer,
  RuleAnswer,
  RuleDeletedAnswer,
  RuleHistoryAnswer,
  RulePutAnswer,
  RulesAnswer,
  RuleTestAnswer,
  RuleTestBody,
  Silence,
  SilenceBody,
  SilencesAnswer,
  WatchBody,
} from "../alerts-view.ts";
import { MAX_UNIX_MS } from "./iso-time.ts";
import { count, identifier, recordSchema, unixMs } from "./record-fields.ts";

export type AlertViews = {
  Alert: AlertRecord;
  Alerts: AlertsAnswer;
  AlertDetail: AlertAnswer;
  Silence: Silence;
  Silences: SilencesAnswer;
  SilenceBody: SilenceBody;
  Rules: RulesAnswer;
  RuleDetail: RuleAnswer;
  RulePut: RulePutAnswer;
  RuleDeleted: RuleDeletedAnswer;
  Watch: WatchBody;
  RuleTestBody: RuleTestBody;
  RuleTest: RuleTestAnswer;
  BacktestBody: BacktestBody;
  Backtest: Backtest;
  RuleHistory: RuleHistoryAnswer;
  Channels: ChannelsAnswer;
};

const json = z.record(z.string(), z.unknown());
const severity = z.enum(SEVERITIES);
const scope = z.enum(ALERT_SCOPES);
const stage = z.enum(["new", "worse", "repeat", "over"]);
const status = z.enum(["pending", "delivered", "failed", "silenced", "summarised", "no_account"]);
const actionKind = z.enum(["email", "webhook", "slack", "index", "logging"]);
const moment = z.number().min(0).max(MAX_UNIX_MS);

const told = z.strictObject({
  action: z.string().describe("Name of the watch's action."),
  stage,
  at_ms: unixMs.describe("When it was decided."),
  status,
  delivery: z.string().optional().describe("Id of its delivery; alerts of a back-test have none."),
  delivered_ms: unixMs.optional(),
  reason: z.string().optional(),
});

const alert = recordSchema(alertDataset, {
  id: z.string(),
  rule: z.string(),
  about: z.string(),
  scope,
  state: z.enum(["open", "acknowledged", "over"]),
  severity,
  title: z.string(),
  text: z.string(),
  check_first: z.string().nullable(),
  link: z.string().nullable(),
  slot: identifier.nullable(),
  nodes: z.array(z.string()),
  since_ms: unixMs,
  last_ms: unixMs,
  until_ms: unixMs.nullable(),
  met: count,
  acknowledged_ms: unixMs.nullable(),
  told: z.array(told),
});

const delivery = recordSchema(deliveryDataset, {
  id: z.string(),
  watch: z.string(),
  action: z.string(),
  kind: z.string(),
  alert: z.string().nullable(),
  stage: stage.nullable(),
  status,
  decided_ms: unixMs,
  done_ms: unixMs.nullable(),
  attempts: count,
  reason: z.string().nullable(),
  by_fallback: z.boolean().nullable(),
  content: z.unknown(),
});

const execution = recordSchema(watchHistoryDataset, {
  watch: z.string(),
  state: z.string(),
  met: z.boolean(),
  slot: identifier.nullable(),
  took_ms: z.number(),
  reason: z.string().nullable(),
  alerts: z.array(z.string()).nullable(),
  record: z.unknown(),
}).extend({ at_ms: unixMs.describe("When it was executed.") });

const rule = z
  .strictObject({
    id: z.string(),
    title: z.string(),
    description: z.string(),
    scope: scope.nullable().describe("What its alerts are about; null of a plain watch."),
    severity: severity.nullable().describe("Least severity it can have; null of a plain watch."),
    origin: z
      .enum(["shipped", "changed", "own"])
      .describe("Whether it comes with the program, was saved over one that does, or is one's own."),
    active: z.boolean().describe("It is checked."),
    trigger: z.strictObject({ kind: z.enum(["schedule", "stream"]), words: z.string() }),
    actions: z.array(z.strictObject({ id: z.string(), kind: actionKind })),
    version: count.describe("Counts its changes."),
    last_checked_ms: unixMs.nullable(),
    last_met_ms: unixMs.nullable(),
    cannot_judge: z.string().nullable().describe("Why it could not be judged when last checked."),
    open_alerts: count,
  })
  .describe("A rule: a watch, and how it fares.");

const ruleParts = {
  rule,
  watch: json.describe("The watch as it was put; passwords stand as `::es_redacted::`."),
  status: json.describe("Watcher's status of the watch."),
};

const name = z.string().min(1).max(512);

const silenceParts = {
  rules: z.array(name).min(1).max(100).describe("Ids of rules, `*` allowed."),
  nodes: z.array(name).max(100).describe("Names of nodes; none: whatever the alert is about."),
  until_ms: moment.describe("When it ends, Unix milliseconds."),
  reason: z.string().max(2_000),
};

const silence = z
  .strictObject({ id: z.string(), from_ms: unixMs, ...silenceParts })
  .describe("While it lasts, what it covers is judged and kept, and nobody is told.");

const watch = json.describe("A watch in Elasticsearch Watcher's JSON; docs/watches.md.");

const backtest = z
  .strictObject({
    from_ms: unixMs,
    until_ms: unixMs.describe("Up to where it came, which a time limit may have made earlier than asked."),
    checks: count,
    failures: count.describe("Of the checks, those that failed."),
    failure: z.string().nullable().describe("Why the first of them failed."),
    alerts: z
      .array(
        alert.pick({
          rule: true,
          about: true,
          severity: true,
          title: true,
          slot: true,
          nodes: true,
          since_ms: true,
          until_ms: true,
          met: true,
          told: true,
        }),
      )
      .describe("What it would have said, in the order in which it began."),
    metric: z
      .strictObject({
        title: z.string(),
        unit: z.string(),
        points: z.array(z.tuple([z.number(), z.number()])).describe("Moments, Unix milliseconds, and values; thinned."),
      })
      .nullable()
      .describe("The rule's metric over time; null of a rule without one."),
    notes: z.array(z.string()).describe("What limits it, in sentences."),
  })
  .describe("What a rule would have said of the stored past.");

const channel = z.strictObject({
  kind: actionKind,
  name: z.string(),
  to: z.array(z.string()).describe("Who gets its mails, once one was sent.").optional(),
  configured: z.boolean(),
  delivered: count.describe("Since the start."),
  failed: count.describe("Since the start."),
  waiting: count,
  last_failure: z.string().nullable(),
  last_failure_ms: unixMs.nullable(),
  failing_since_ms: unixMs.nullable().describe("Nothing could be delivered there since; null while it can."),
});

const nextBefore = z.number().nullable().describe("The `before` that continues with older ones; null at the end.");

export const alertSchemas = {
  Alert: alert,
  Alerts: z.strictObject({ alerts: z.array(alert), next_before: nextBefore }).describe("One page of alerts."),
  AlertDetail: z
    .strictObject({ alert, deliveries: z.array(delivery).describe("Its messages, in the order they were decided.") })
    .describe("One alert, and what became of its messages."),
  Silence: silence,
  Silences: z.strictObject({ silences: z.array(silence) }).describe("Silences that last or are to come."),
  SilenceBody: z
    .strictObject({
      ...silenceParts,
      nodes: silenceParts.nodes.default([]),
      from_ms: moment.describe("When it begins, Unix milliseconds; now where it is left out.").exactOptional(),
      reason: silenceParts.reason.default(""),
    })
    .describe("A silence to be made."),
  Rules: z
    .strictObject({ rules: z.array(rule), running: z.boolean().describe("Watches are checked at all.") })
    .describe("All rules."),
  RuleDetail: z.strictObject(ruleParts).describe("One rule with its watch."),
  RulePut: z.strictObject({ ...ruleParts, created: z.boolean() }).describe("The rule as it is now."),
  RuleDeleted: z
    .strictObject({
      id: z.string(),
      restored: z.boolean().describe("It comes with the program, and is as it was shipped again."),
    })
    .describe("What was deleted."),
  Watch: watch,
  RuleTestBody: z
    .strictObject({
      watch,
      id: name.describe("A rule that there is: passwords that are hidden are those of its watch.").exactOptional(),
      alternative_input: json.describe("In place of what the input would bring.").exactOptional(),
      ignore_condition: z.boolean().default(false),
    })
    .describe("A watch to be checked once."),
  RuleTest: z
    .strictObject({ id: z.string(), record: json.describe("Watcher's watch record.") })
    .describe("What the check found and would have told."),
  BacktestBody: z
    .strictObject({ watch, from_ms: moment, until_ms: moment })
    .describe("A watch, and the span of the past it is held against."),
  Backtest: backtest,
  RuleHistory: z
    .strictObject({ executions: z.array(execution), next_before: nextBefore })
    .describe("Executions that met the condition, failed or could not be judged."),
  Channels: z.strictObject({ channels: z.array(channel) }).describe("Where alerts can be told."),
} satisfies { [Name in keyof AlertViews]: z.ZodType<AlertViews[Name]> };
