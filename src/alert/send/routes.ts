import { type AlertStage, SEVERITIES } from "../../events/alert-records.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { isJsonObject } from "../../events/json-object.ts";
import { Fault } from "../../lib/fault.ts";
import { wildcard } from "../../lib/wildcard.ts";
import type { WatchContext } from "../context.ts";
import type { AlertSettings } from "../schema.ts";
import type { ActionKind, WatchAction, WatchPorts } from "../watch.ts";
import { hideContentSecrets, restoreSecrets } from "../watch-secrets.ts";
import { alertVariables } from "./alert-variables.ts";
import type { DeliveryContent, MetricSeries, ToldAlert } from "./delivery-content.ts";
import { guardSecrets } from "./secrets.ts";
import { refused } from "./send-faults.ts";

/** What is told of an alert, when. */
export type Telling = {
  alert: ToldAlert;
  stage: AlertStage;
  decidedMs: number;
  metric?: MetricSeries | undefined;
};

/** An action of the configuration, for every alert that its route takes. */
export type RoutedAction = {
  /** Unique among all routes: a delivery's `action`, and the `route` of its content. */
  name: string;
  kind: ActionKind;
  /** Whether a storm of its messages becomes summaries. */
  summarised: boolean;
  /** What is to be sent, without secrets. Rejects with `delivery_refused` when it cannot be rendered. */
  content(telling: Telling): Promise<DeliveryContent>;
  /** The action of a delivery's content with its secrets. */
  open(content: DeliveryContent): JsonObject;
};

export type Routes = {
  /** What is sent of an alert, in the order of the configuration. */
  matching(alert: ToldAlert): readonly RoutedAction[];
  named(name: string): RoutedAction | undefined;
  all(): readonly RoutedAction[];
};

/** Reads an action as it stands in a watch. */
export type CompileAction = (id: string, action: JsonObject) => WatchAction;

/** The routes of the configuration. Throws what `compile` throws. */
export function createRoutes(deps: {
  settings: Pick<AlertSettings, "routes" | "secrets" | "public_url">;
  compile: CompileAction;
}): Routes {
  const { settings, compile } = deps;
  const routes = settings.routes.map(({ rules, scopes, min_severity: least, actions, summarise }) => {
    const patterns = rules.map(wildcard);
    return {
      takes: (alert: ToldAlert) =>
        patterns.some((fits) => fits(alert.rule)) &&
        scopes.includes(alert.scope) &&
        SEVERITIES.indexOf(alert.severity) >= SEVERITIES.indexOf(least),
      // It was parsed from JSON.
      actions: Object.entries(actions).map(([name, action]) =>
        createAction({ name, source: action as JsonObject, summarised: summarise, settings, compile }),
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
  source: JsonObject;
  summarised: boolean;
  settings: Pick<AlertSettings, "secrets" | "public_url">;
  compile: CompileAction;
}): RoutedAction {
  const { name, source, summarised, settings, compile } = input;
  const guarded = guardSecrets(source, settings.secrets ?? {});
  const { action: form, url } = asWatchers(guarded.action);
  const compiled = compile(name, form);
  const seal = (content: JsonObject) => guarded.seal(url === undefined ? content : { ...content, url });

  return {
    name,
    kind: compiled.kind,
    summarised,
    async content(telling) {
      const rendered = await compiled.render(contextOf(telling, settings.public_url), NO_PORTS);
      if (rendered.kind === "failed") throw refused(`The action ${name} cannot be rendered: ${rendered.reason}`);
      const [action = {}] = rendered.kind === "contents" ? rendered.contents : [];
      const { alert, metric } = telling;
      const picture = metric === undefined || compiled.kind !== "email" ? {} : { metric };
      return { action: hideContentSecrets(seal(action)), alert, route: name, ...picture };
    },
    open: ({ action }) => guarded.open(restoreSecrets(action, bodyOf(source))),
  };
}

/** A watch has no `url` of a chat, and its message must be there: those are our own. */
function asWatchers(action: JsonObject): { action: JsonObject; url?: string | undefined } {
  const { slack } = action;
  if (!isJsonObject(slack)) return { action };
  const { url, ...rest } = slack;
  return { action: { slack: { message: {}, ...rest } }, ...(typeof url === "string" ? { url } : {}) };
}

function bodyOf(action: JsonObject): JsonObject | undefined {
  return Object.values(action).find(isJsonObject);
}

/** What templates see: `ctx.vars.alert` alone, since nothing else outlives the check. */
function contextOf({ alert, stage, decidedMs }: Telling, publicUrl: string | undefined): WatchContext {
  const time = new Date(decidedMs).toISOString();
  return {
    watch_id: alert.rule,
    id: alert.id,
    execution_time: time,
    trigger: { triggered_time: time, scheduled_time: time },
    metadata: {},
    vars: { alert: alertVariables({ alert, stage, nowMs: decidedMs, publicUrl }) },
    payload: {},
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
