import type { AlertStage } from "../../events/alert-records.ts";
import { SEVERITIES } from "../../events/alert-records.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { Fault } from "../../lib/fault.ts";
import { wildcard } from "../../lib/wildcard.ts";
import type { WatchContext } from "../context.ts";
import type { AlertSettings } from "../schema.ts";
import type { ActionKind, WatchAction, WatchPorts } from "../watch.ts";
import { alertSubject, alertText, pageUrl } from "./alert-message.ts";
import type { DeliveryContent, MetricSeries, ToldAlert } from "./delivery-content.ts";
import { guardSecrets } from "./secrets.ts";
import { refused } from "./send-faults.ts";
import { durationWords } from "./words.ts";

/** What is told of an alert, when. */
export type Told = {
  alert: ToldAlert;
  stage: AlertStage;
  decidedMs: number;
  metric?: MetricSeries | undefined;
};

/** An action of the configuration, for every alert that its route takes. */
export type RoutedAction = {
  /** Unique among all routes; the delivery's `action`. */
  name: string;
  kind: ActionKind;
  /** What is to be sent, without secrets. Rejects with `delivery_refused` when a template cannot be rendered. */
  content(told: Told): Promise<DeliveryContent>;
  /** The action of such a content with its secrets. */
  open(content: DeliveryContent): JsonObject;
};

export type Routes = {
  /** What is sent of an alert, in the order of the configuration. */
  matching(alert: ToldAlert): readonly RoutedAction[];
  named(name: string): RoutedAction | undefined;
  all(): readonly RoutedAction[];
};

/** The routes of the configuration; `compile` reads an action as it stands in a watch. */
export function createRoutes(deps: {
  settings: Pick<AlertSettings, "routes" | "secrets" | "public_url">;
  compile(id: string, action: JsonObject): Pick<WatchAction, "kind" | "render">;
}): Routes {
  const { settings, compile } = deps;
  const routes = settings.routes.map(({ rules, scopes, min_severity: least, actions }) => {
    const patterns = rules.map(wildcard);
    return {
      takes: (alert: ToldAlert) =>
        patterns.some((fits) => fits(alert.rule)) &&
        scopes.includes(alert.scope) &&
        SEVERITIES.indexOf(alert.severity) >= SEVERITIES.indexOf(least),
      // It was parsed from JSON.
      actions: Object.entries(actions).map(([name, action]) =>
        createAction({ name, action: action as JsonObject, settings, compile }),
      ),
    };
  });
  const all = routes.flatMap(({ actions }) => actions);
  const byName = new Map(all.map((action) => [action.name, action]));
  return {
    matching: (alert) => routes.filter(({ takes }) => takes(alert)).flatMap(({ actions }) => actions),
    named: (name) => byName.get(name),
    all: () => all,
  };
}

function createAction(input: {
  name: string;
  action: JsonObject;
  settings: Pick<AlertSettings, "secrets" | "public_url">;
  compile(id: string, action: JsonObject): Pick<WatchAction, "kind" | "render">;
}): RoutedAction {
  const { name, settings } = input;
  const guarded = guardSecrets(input.action, settings.secrets ?? {});
  const compiled = input.compile(name, guarded.action);
  return {
    name,
    kind: compiled.kind,
    async content(told) {
      const rendered = await compiled.render(alertContext(told, settings.public_url), NO_PORTS);
      if (rendered.kind === "failed")
        throw refused(`The route's action ${name} cannot be rendered: ${rendered.reason}`);
      const [action = {}] = rendered.kind === "contents" ? rendered.contents : [];
      const { alert, metric } = told;
      return {
        action: guarded.seal(action),
        alert,
        route: name,
        ...(metric === undefined || compiled.kind !== "email" ? {} : { metric }),
      };
    },
    open: ({ action }) => guarded.open(action),
  };
}

/** What a route's templates see: the alert in words as `ctx.alert`, since nothing else outlives its check. */
export function alertContext(told: Told, publicUrl: string | undefined): WatchContext & { alert: JsonObject } {
  const { alert, stage, decidedMs } = told;
  const iso = (ms: number) => new Date(ms).toISOString();
  const untilMs = alert.until_ms ?? alert.last_ms;
  return {
    watch_id: alert.rule,
    id: alert.id,
    execution_time: iso(decidedMs),
    trigger: { triggered_time: iso(decidedMs), scheduled_time: iso(decidedMs) },
    metadata: {},
    vars: {},
    payload: {},
    alert: {
      id: alert.id,
      rule: alert.rule,
      about: alert.about,
      scope: alert.scope,
      severity: alert.severity,
      state: alert.state,
      stage,
      is_over: stage === "over",
      title: alert.title,
      text: alert.text,
      check_first: alert.check_first,
      slot: alert.slot,
      nodes: [...alert.nodes],
      link: pageUrl(alert, publicUrl) ?? null,
      since: iso(alert.since_ms),
      until: stage === "over" ? iso(untilMs) : null,
      duration: durationWords(untilMs - alert.since_ms),
      subject: alertSubject(alert, stage),
      message: alertText({ alert, stage, decidedMs, nowMs: decidedMs, publicUrl }),
    },
  };
}

/** Templates alone are rendered: the configuration lets no transform search or fetch. */
const NO_PORTS: WatchPorts = {
  search: () => Promise.reject(noPort()),
  fetch: () => Promise.reject(noPort()),
  nowMs: 0,
  signal: new AbortController().signal,
};

function noPort(): Fault {
  return new Fault("internal_error", "A route's action neither searches nor fetches.");
}
