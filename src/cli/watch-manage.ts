import { readWatchFiles } from "../alert/shipped.ts";
import { Fault } from "../lib/fault.ts";
import { isoSeconds } from "../lib/moment-words.ts";
import { schemas } from "../serve/api/schemas.ts";
import type { AlertRecord, RuleAnswer, RulesAnswer, RuleView } from "../serve/views.ts";
import { askRunning } from "./ask-running.ts";
import { columns } from "./columns.ts";
import { neededRunning, print, type RunningOptions } from "./rules-of-running.ts";
import { stoppable } from "./stop-signal.ts";

const ruleUrl = (id: string) => `/api/v1/rules/${encodeURIComponent(id)}`;

export async function list(options: RunningOptions): Promise<void> {
  await stoppable(async (signal) => {
    const base = await neededRunning(options);
    const answer: RulesAnswer = await askRunning({ base, path: "/api/v1/rules", schema: schemas.Rules, signal });
    print(options, answer, listLines(answer));
  });
}

function listLines({ rules, running }: RulesAnswer): string[] {
  const head = ["rule", "state", "origin", "severity", "scope", "checked", "open", "last met", ""];
  const lines =
    rules.length === 0 ? ["There are no rules."] : columns([head, ...rules.map(row)], [head.indexOf("open")]);
  return running ? lines : ["Watches are stopped: none is checked.", ...lines];
}

function row(rule: RuleView): string[] {
  const met = rule.last_met_ms === null ? "never" : isoSeconds(rule.last_met_ms);
  return [
    rule.id,
    rule.active ? "active" : "inactive",
    rule.origin,
    rule.severity ?? "-",
    rule.scope ?? "-",
    rule.trigger.words,
    `${rule.open_alerts}`,
    met,
    rule.cannot_judge ?? "",
  ];
}

export async function show(id: string, options: RunningOptions): Promise<void> {
  await stoppable(async (signal) => {
    const base = await neededRunning(options);
    const answer: RuleAnswer = await askRunning({ base, path: ruleUrl(id), schema: schemas.RuleDetail, signal });
    print(options, answer, [JSON.stringify(answer.watch, undefined, 2)]);
  });
}

export async function put(file: string, options: RunningOptions & { id?: string; inactive?: true }): Promise<void> {
  await stoppable(async (signal) => {
    const watch = oneWatch(file);
    const base = await neededRunning(options);
    const id = options.id ?? watch.id;
    const path = `${ruleUrl(id)}${options.inactive ? "?active=false" : ""}`;
    const answer = await askRunning({ base, path, method: "PUT", body: watch.source, schema: schemas.RulePut, signal });
    const state = answer.rule.active ? "is checked" : "is not checked until it is activated";
    print(options, answer, [`${id} was ${answer.created ? "created" : "replaced"}, and ${state}.`]);
  });
}

export async function remove(id: string, options: RunningOptions): Promise<void> {
  await stoppable(async (signal) => {
    const base = await neededRunning(options);
    const asked = { base, path: ruleUrl(id), method: "DELETE" as const, schema: schemas.RuleDeleted, signal };
    const answer = await askRunning(asked);
    print(options, answer, [answer.restored ? `${id} is as it was shipped again.` : `${id} was deleted.`]);
  });
}

export async function change(id: string, verb: "activate" | "deactivate", options: RunningOptions): Promise<void> {
  await stoppable(async (signal) => {
    const base = await neededRunning(options);
    const asked = { base, path: `${ruleUrl(id)}/${verb}`, method: "POST" as const, schema: schemas.RuleDetail, signal };
    const answer: RuleAnswer = await askRunning(asked);
    print(options, answer, [`${id} is ${answer.rule.active ? "active" : "inactive"}.`]);
  });
}

export async function acknowledge(id: string, options: RunningOptions): Promise<void> {
  await stoppable(async (signal) => {
    const base = await neededRunning(options);
    if (id.includes("/")) {
      const path = `/api/v1/alerts/${encodeURIComponent(id)}/acknowledge`;
      const alert: AlertRecord = await askRunning({ base, path, method: "POST", schema: schemas.Alert, signal });
      print(options, alert, [`Acknowledged: ${alert.title}`]);
      return;
    }
    const path = `${ruleUrl(id)}/acknowledge`;
    const answer: RuleAnswer = await askRunning({ base, path, method: "POST", schema: schemas.RuleDetail, signal });
    print(options, answer, [`${id} is acknowledged: ${answer.rule.open_alerts} open alerts.`]);
  });
}

/** The watch of a file. Throws `watch_invalid`. */
export function oneWatch(file: string): ReturnType<typeof readWatchFiles>[number] {
  const [watch, ...more] = readWatchFiles(file);
  if (watch !== undefined && more.length === 0) return watch;
  throw new Fault(
    "watch_invalid",
    `${file} holds ${more.length === 0 ? "no watch" : "several watches"}: name one file.`,
  );
}
