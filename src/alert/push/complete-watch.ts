import { SEVERITIES, type Severity } from "../../events/alert-records.ts";
import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { isJsonObject } from "../../events/json-object.ts";
import { wildcard } from "../../lib/wildcard.ts";
import type { AlertSettings } from "../schema.ts";
import type { Watch } from "../watch.ts";
import { alertWords } from "./alert-words.ts";
import { type CompletedAction, completeAction, type NamedAction } from "./complete-action.ts";
import { possibleSeverities, severityExpression } from "./severity-script.ts";

/** What of the configuration a pushed watch is completed with. */
export type PushSettings = Pick<AlertSettings, "routes" | "secrets" | "public_url" | "email">;

export type Completed =
  | { kind: "ready"; body: JsonObject; remarks: readonly string[] }
  | { kind: "left_out"; reason: string };

/** Watcher runs actions with every execution: what is told once here would be told every minute there. */
const THROTTLE = "1h";
/** What an answer of Elasticsearch has beside a watch. */
const NO_PARTS = ["status", "_status", "version", "_version"];

/**
 * A watch as Elasticsearch's own Watcher understands it: what `metadata.alert` and routes add here by themselves stands
 * in its actions there.
 */
export function completeWatch({ id, source, trigger }: Watch, settings: PushSettings | undefined): Completed {
  if (trigger.kind === "stream") {
    return { kind: "left_out", reason: "its trigger is `stream`: Watcher has schedules alone" };
  }
  const body = Object.fromEntries(Object.entries(source).filter(([part]) => !NO_PARTS.includes(part)));
  const alert = isJsonObject(source["metadata"]) ? source["metadata"]["alert"] : undefined;
  if (!isJsonObject(alert)) return { kind: "ready", body, remarks: [] };

  const severities = possibleSeverities(alert["severity"]);
  const graded = gradedBy(alert, severities);
  const words = alertWords({ id, alert, severity: graded.word, publicUrl: settings?.public_url });
  const each = typeof alert["each"] === "string" ? `ctx.${alert["each"].replace(/^ctx\./, "")}` : undefined;
  const how = { id, words, each, severities, isGraded: graded.script !== undefined, email: settings?.email };
  const own = Object.entries((source["actions"] ?? {}) as Readonly<Record<string, JsonObject>>);
  const all: readonly NamedAction[] = [
    ...own.map(([name, action]) => ({ name, action, least: undefined })),
    ...routedActions({ id, alert, severities, settings }),
  ];
  const completed = all.map((one): [string, CompletedAction] => [one.name, completeAction(one, how)]);
  const actions = completed.flatMap(([name, { action }]) => (action === undefined ? [] : [[name, action] as const]));
  return {
    kind: "ready",
    body: {
      ...body,
      ...transformOf(source["transform"], graded.script),
      throttle_period: source["throttle_period"] ?? THROTTLE,
      actions: Object.fromEntries(actions),
    },
    remarks: [...remarksOf(source, alert), ...graded.remarks, ...completed.flatMap(([, { remarks }]) => remarks)],
  };
}

/** How the pushed watch tells its severity: a word, or a field that a script of its own adds to the payload. */
function gradedBy(
  alert: JsonObject,
  severities: readonly Severity[],
): { word: string; script?: string; remarks: readonly string[] } {
  const [only, ...more] = severities;
  if (only !== undefined && more.length === 0) return { word: only, remarks: [] };
  const { each, severity } = alert;
  const list = typeof each === "string" ? `ctx.${each.replace(/^ctx\./, "")}` : undefined;
  const expression = severityExpression(severity, list === undefined ? "ctx.payload" : "e");
  if (expression === undefined) {
    const remark = "the severity of its alerts cannot be said in a script: its messages name all that there may be";
    return { word: severities.join(" or "), remarks: [remark] };
  }
  const script =
    list === undefined
      ? `ctx.payload.alert_severity = ${expression}; return ctx.payload`
      : `for (def e : ${list}) { e.alert_severity = ${expression}; } return ctx.payload`;
  return { word: "{{ctx.payload.alert_severity}}", script, remarks: [] };
}

function transformOf(own: Json | undefined, script: string | undefined): JsonObject {
  if (script === undefined) return own === undefined ? {} : { transform: own };
  const graded = { script: { source: script, lang: "painless" } };
  return { transform: own === undefined ? graded : { chain: [own, graded] } };
}

/** Actions of the routes that take the rule, with their secrets, and what they take. */
function routedActions(asked: {
  id: string;
  alert: JsonObject;
  severities: readonly Severity[];
  settings: PushSettings | undefined;
}): NamedAction[] {
  const { id, alert, severities, settings } = asked;
  const scope = alert["scope"] ?? "network";
  return (settings?.routes ?? []).flatMap((route) => {
    const least = SEVERITIES.indexOf(route.min_severity);
    const takes =
      route.rules.some((pattern) => wildcard(pattern)(id)) &&
      route.scopes.some((one) => one === scope) &&
      severities.some((severity) => SEVERITIES.indexOf(severity) >= least);
    if (!takes) return [];
    return Object.entries(route.actions).map(([name, action]) => ({
      name,
      // It was parsed from JSON.
      action: withSecrets(action as JsonObject, settings?.secrets ?? {}) as JsonObject,
      least: route.min_severity,
    }));
  });
}

function withSecrets(value: Json, secrets: Readonly<Record<string, string>>): Json {
  if (typeof value === "string") return value.replace(/\$\{(\w+)\}/g, (whole, name: string) => secrets[name] ?? whole);
  if (Array.isArray(value)) return value.map((item: Json) => withSecrets(item, secrets));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withSecrets(inner, secrets)]));
}

function remarksOf(source: JsonObject, alert: JsonObject): string[] {
  const lost = ["holds_for", "needs_nodes", "needs_clock"].filter((key) => alert[key] !== undefined);
  return [
    ...(source["throttle_period"] === undefined
      ? [`Watcher tells it again every ${THROTTLE} while it lasts (throttle_period), and never that it is over`]
      : []),
    ...(lost.length === 0 ? [] : [`Watcher has no ${lost.join(", ")}`]),
  ];
}
