import type { Severity } from "../../events/alert-records.ts";
import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { isJsonObject } from "../../events/json-object.ts";
import { rankOf } from "../alerts/alert-book.ts";
import type { EmailSettings } from "../schema.ts";
import type { AlertWords } from "./alert-words.ts";
import { escapedForJson, substitute } from "./substitute.ts";

export type CompletedAction = {
  /** Undefined: it is left out, as the remarks say. */
  action: JsonObject | undefined;
  remarks: readonly string[];
};

/** An action of a watch, or of a route: then with the least severity that it takes. */
export type NamedAction = { name: string; action: JsonObject; least: Severity | undefined };

type How = {
  id: string;
  words: AlertWords;
  /** Path of the list whose elements are alerts. */
  each: string | undefined;
  severities: readonly Severity[];
  /** The payload tells the severity. */
  isGraded: boolean;
  email: Pick<EmailSettings, "to"> | undefined;
};

const SETTINGS = [
  "condition",
  "transform",
  "foreach",
  "max_iterations",
  "throttle_period",
  "throttle_period_in_millis",
];

/** An action of an alert as one of Watcher: with the texts that are made from the alert here, and one run an alert. */
export function completeAction({ name, action, least }: NamedAction, how: How): CompletedAction {
  const { words, each } = how;
  const [type = "", body = null] = Object.entries(action).find(([key]) => !SETTINGS.includes(key)) ?? [];
  const asked = toldSeverities(action["condition"], how);
  if (asked === undefined) {
    return leftOut(name, "its condition asks `ctx.vars.alert` for what Watcher does not have");
  }
  const told = asked.filter((severity) => least === undefined || rankOf(severity) >= rankOf(least));
  if (told.length === 0) return leftOut(name, "no alert of the rule can be so severe");
  const form = formOf(type, isJsonObject(body) ? body : {}, how);
  const { condition, ...settings } = Object.fromEntries(
    Object.entries(action).filter(([key]) => SETTINGS.includes(key)),
  );
  const asksAlert = isOfAlert(condition);
  const isAll = how.severities.every((severity) => told.includes(severity));
  const filter = isAll || !how.isGraded ? {} : filterOf(told, each);
  const remarks =
    isAll || how.isGraded
      ? []
      : [`its action ${name} is run for every severity: the rule's cannot be said in a script`];
  return {
    action: {
      ...(condition === undefined || asksAlert ? {} : { condition }),
      ...(each === undefined ? {} : { foreach: each }),
      ...settings,
      ...filter,
      ...(substituted(form, words) as JsonObject),
    },
    remarks: [...remarks, ...remarksOf(name, form, how)],
  };
}

function leftOut(name: string, why: string): CompletedAction {
  return { action: undefined, remarks: [`its action ${name} is left out: ${why}`] };
}

/** Of the severities those that the action is run for; undefined where its condition cannot be said there. */
function toldSeverities(condition: Json | undefined, { words, severities }: How): readonly Severity[] | undefined {
  if (!isJsonObject(condition) || !isOfAlert(condition)) return severities;
  const compare = condition["compare"];
  const [[path, compared] = ["", null]] = isJsonObject(compare) ? Object.entries(compare) : [];
  const key = /^ctx\.vars\.alert\.(\w+)$/.exec(path)?.[1];
  const [[operator, value] = ["", null]] = isJsonObject(compared) ? Object.entries(compared) : [];
  if (key === undefined || (operator !== "eq" && operator !== "not_eq")) return undefined;
  const holds = (word: string) => (word === String(value)) === (operator === "eq");
  if (key === "severity") return severities.filter(holds);
  if (!["stage", "state", "scope", "rule", "is_over"].includes(key)) return undefined;
  return holds(key === "is_over" ? "false" : (words[key] ?? "")) ? severities : [];
}

function isOfAlert(condition: Json | undefined): boolean {
  return condition !== undefined && JSON.stringify(condition).includes("ctx.vars.alert");
}

/** Watcher runs the transform of an action before its `foreach`. */
function filterOf(told: readonly Severity[], each: string | undefined): JsonObject {
  const params = { told: [...told] };
  if (each === undefined) {
    return { condition: { script: { source: "params.told.contains(ctx.payload.alert_severity)", params } } };
  }
  const source = `['alerts': ${each}.stream().filter(e -> params.told.contains(e.alert_severity)).collect(Collectors.toList())]`;
  return { transform: { script: { source, params } }, foreach: "ctx.payload.alerts" };
}

/** The action with what is made from the alert where it says nothing of its own. */
function formOf(type: string, body: JsonObject, { words, email }: How): JsonObject {
  const { subject = "", message = "" } = words;
  switch (type) {
    case "email": {
      const to = body["to"] ?? (email === undefined || email.to.length === 0 ? undefined : [...email.to]);
      return { email: { ...(to === undefined ? {} : { to }), subject, body: { text: message }, ...body } };
    }
    case "slack":
      return slackForm(body, message);
    default:
      return { [type]: body };
  }
}

/** A chat's own address is ours: Watcher would need an account for it, but posts anywhere. */
function slackForm({ url, message, ...rest }: JsonObject, text: string): JsonObject {
  const told = isJsonObject(message) ? message : {};
  if (typeof url !== "string") return { slack: { ...rest, message: { text, ...told } } };
  const said = typeof told["text"] === "string" ? told["text"] : text;
  return {
    webhook: {
      method: "post",
      url,
      headers: { "Content-Type": "application/json" },
      body: `__json__::{"text": "${escapedForJson(said)}"}`,
    },
  };
}

function substituted(value: Json, words: AlertWords): Json {
  if (typeof value === "string") return substitute(value, words);
  if (Array.isArray(value)) return value.map((item: Json) => substituted(item, words));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, substituted(inner, words)]));
}

function remarksOf(name: string, form: JsonObject, { words }: How): string[] {
  const { email } = form;
  const left = JSON.stringify(substituted(form, words)).includes("ctx.vars.alert");
  return [
    ...(isJsonObject(email) && email["to"] === undefined && email["cc"] === undefined && email["bcc"] === undefined
      ? [`its action ${name} names nobody: the mail account of the cluster must have a default \`to\``]
      : []),
    ...(left ? [`its action ${name} says \`ctx.vars.alert\` in a way that is empty there`] : []),
  ];
}
