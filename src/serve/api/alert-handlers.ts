import type { AlertDesk } from "../../alert/desk.ts";
import { hideSecrets, restoreSecrets } from "../../alert/watch-secrets.ts";
import type { JsonObject } from "../../events/foreign.ts";
import type { Clock } from "../../lib/clock.ts";
import { Fault, isFault } from "../../lib/fault.ts";
import type { Store } from "../../store/store.ts";
import type { RuleAnswer } from "../alerts-view.ts";
import type { NetworkView } from "../views.ts";
import type { alertOperations } from "./alert-operations.ts";
import { readAlert, readAlerts, readExecutions } from "./alert-records.ts";
import { bodyFault } from "./body.ts";
import type { Handlers } from "./operations.ts";

type AlertHandlers = Pick<Handlers, keyof typeof alertOperations>;

/** Alerts and executions come from the store, the rest from the running rules. */
export function createAlertHandlers(deps: {
  store: Pick<Store, "search">;
  network: () => NetworkView;
  /** Undefined until the store is opened. */
  desk: () => AlertDesk | undefined;
  clock: Clock;
}): AlertHandlers {
  const { store, network, clock } = deps;
  const desk = (): AlertDesk => {
    const running = deps.desk();
    if (running !== undefined) return running;
    throw new Fault("alerts_unavailable", "Watches are not running yet: no node has told its network.", {
      retry: "retryable",
    });
  };
  const stored = (signal: AbortSignal) => ({ store, network: network().name, signal });
  const rule = (id: string): RuleAnswer => {
    const { watch, ...more } = desk().rule(id);
    return { ...more, watch: hideSecrets(watch) };
  };
  const setActive = async (asked: { id: string; active: boolean }, signal: AbortSignal) => {
    await desk().setActive(asked, signal);
    return rule(asked.id);
  };

  return {
    listAlerts: ({ query, signal }) => readAlerts({ ...stored(signal), ...query }),
    getAlert: ({ params: { id }, signal }) => readAlert({ ...stored(signal), id }),
    acknowledgeAlert: ({ params: { id }, signal }) => desk().acknowledge(id, signal),
    listSilences: () => ({ silences: desk().silences() }),
    createSilence({ body, signal }) {
      const nowMs = clock.nowUs() / 1000;
      const { from_ms = nowMs, until_ms } = body;
      if (until_ms <= Math.max(from_ms, nowMs)) throw bodyFault("until_ms: it ends before it begins, or has ended");
      return desk().silence({ ...body, from_ms }, signal);
    },
    async deleteSilence({ params: { id }, signal }) {
      await desk().unsilence(id, signal);
      return { id };
    },
    listRules: () => ({ rules: desk().rules(), running: desk().stats()["watcher_state"] === "started" }),
    getRule: ({ params: { id } }) => rule(id),
    async putRule({ params: { id }, query, body, signal }) {
      const watch = restoreSecrets(body as JsonObject, storedWatch(desk(), id));
      const active = query.active === undefined ? undefined : query.active === "true";
      const { created } = await desk().put({ id, watch, active }, signal);
      return { ...rule(id), created };
    },
    async deleteRule({ params: { id }, signal }) {
      await desk().remove(id, signal);
      return { id, restored: storedWatch(desk(), id) !== undefined };
    },
    activateRule: ({ params: { id }, signal }) => setActive({ id, active: true }, signal),
    deactivateRule: ({ params: { id }, signal }) => setActive({ id, active: false }, signal),
    async acknowledgeRule({ params: { id }, signal }) {
      await desk().acknowledgeWatch({ id }, signal);
      return rule(id);
    },
    testRule({ body, signal }) {
      const { watch, id, alternative_input: alternativeInput, ignore_condition: ignoreCondition } = body;
      const kept = id === undefined ? undefined : desk().rule(id).watch;
      return desk().execute(
        {
          watch: restoreSecrets(watch as JsonObject, kept),
          alternativeInput: alternativeInput as JsonObject | undefined,
          ignoreCondition,
          actionModes: { _all: "simulate" },
          recordExecution: false,
        },
        signal,
      );
    },
    backtestRule({ body: { watch, from_ms: fromMs, until_ms: untilMs }, signal }) {
      if (untilMs <= fromMs) throw bodyFault("until_ms: the span ends before it begins");
      return desk().backtest({ watch, fromMs, untilMs }, signal);
    },
    listRuleHistory: ({ params: { id }, query, signal }) => readExecutions({ ...stored(signal), watch: id, ...query }),
    listChannels: () => ({ channels: desk().channels() }),
  };
}

/** A rule's watch; undefined where there is none. */
function storedWatch(desk: AlertDesk, id: string): JsonObject | undefined {
  try {
    return desk.rule(id).watch;
  } catch (error) {
    if (isFault(error, "watch_unknown")) return undefined;
    throw error;
  }
}
