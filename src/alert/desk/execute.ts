import type { DeliveryRecord } from "../../events/alert-records.ts";
import type { JsonObject } from "../../events/foreign.ts";
import type { ExecuteAsked } from "../desk.ts";
import { type Decision, deliveriesOf, deliveryDocument } from "../engine/decisions.ts";
import { type ActionResult, type ExecutionState, historyDocument, watchRecord } from "../engine/history-record.ts";
import { contextOf } from "../engine/judging.ts";
import { type KeptWatch, nextExecution, stateDocument } from "../engine/kept-watch.ts";
import { ownAction } from "../engine/telling-actions.ts";
import type { RenderedAction, Watch, WatchAction, WatchPorts } from "../watch.ts";
import { hideContentSecrets, lacksSecrets } from "../watch-secrets.ts";
import type { ReadWatch } from "./rule-book.ts";
import { contentsOf, together, trialsOf, withAlerts } from "./trials.ts";

/** Watcher's `_execute`: a watch is carried out once, now, whatever its trigger says. */
export type Execute = (asked: ExecuteAsked, signal: AbortSignal) => Promise<{ id: string; record: JsonObject }>;

type Mode = ExecuteAsked["actionModes"][string];

/**
 * `newest` gives the sources of the newest documents of a dataset, oldest first: what a stream's watch is carried out
 * with where no other input is given.
 */
export function createExecute(deps: {
  read: ReadWatch;
  kept(id: string): KeptWatch;
  newest(asked: { dataset: string; count: number }, signal: AbortSignal): Promise<readonly JsonObject[]>;
  ports: Pick<WatchPorts, "search" | "fetch">;
  decide(decision: Decision): void;
  nowMs(): number;
}): Execute {
  const { read, kept, newest, ports, decide, nowMs } = deps;

  return async (asked, signal) => {
    const known = asked.id === undefined ? undefined : kept(asked.id);
    const original = known?.watch ?? read({ id: "_inlined_", body: asked.watch });
    const watch = altered(original, asked, read);
    const startedMs = nowMs();
    const at = new Date(startedMs).toISOString();
    const trigger = { triggered_time: at, scheduled_time: at, ...asked.triggerData };
    const input = await inputOf(watch, asked, (count, dataset) => newest({ dataset, count }, signal));
    const ctx = contextOf({ watch }, { trigger, ...input }, startedMs);
    const withPorts: WatchPorts = { ...ports, nowMs: startedMs, signal };
    const check = await watch.check(ctx, withPorts);
    const trials = check.met ? trialsOf({ watch, check, ctx, nowMs: startedMs }) : [];

    const deliveries: DeliveryRecord[] = [];
    const counted = known ?? { executions: 0 };
    const actions: ActionResult[] = [];
    for (const action of check.met ? watch.actions : []) {
      const mode = modeOf(asked, action.id);
      if (mode === "skip") continue;
      const held = mode.startsWith("force_") ? undefined : known?.statuses.held(action.id, startedMs);
      if (held !== undefined) {
        actions.push({ id: action.id, type: action.kind, status: held.state, reason: held.reason });
        continue;
      }
      const each = await Promise.all(trials.map(({ ctx: seen }) => action.render(seen, withPorts)));
      const rendered = loggedIn(together(each), { isKept: known !== undefined, mode });
      actions.push(resultOf(action, rendered, mode));
      if (rendered.kind !== "contents" || mode.endsWith("simulate")) continue;
      const due = { action: ownAction(action), stage: "new" as const };
      deliveries.push(
        ...deliveriesOf({
          watch: watch.id,
          due,
          contents: trials.flatMap((trial, i) => contentsOf(trial, each[i])),
          alert: undefined,
          silenced: undefined,
          nextNumber: () => nextExecution(counted),
          nowMs: startedMs,
        }),
      );
      if (asked.recordExecution) known?.statuses.executed(action.id, { nowMs: startedMs });
    }

    const state: ExecutionState =
      check.error !== undefined ? "failed" : check.met ? "executed" : "execution_not_needed";
    const tookMs = Math.max(0, nowMs() - startedMs);
    const execution = { watch, ctx, check, state, actions, startedMs, tookMs };
    const history = asked.recordExecution
      ? [historyDocument(execution, { alerts: [], slot: undefined, reason: undefined })]
      : [];
    const changed = asked.recordExecution && known !== undefined ? [stateDocument(known, nowMs())] : [];
    const documents = [...deliveries.map(deliveryDocument), ...history, ...changed];
    if (documents.length > 0) decide({ documents, deliveries, alerts: [] });
    return { id: ctx.id, record: withAlerts(watchRecord(execution), trials) };
  };
}

/** The watch with another input, or without its condition. */
function altered(watch: Watch, { alternativeInput, ignoreCondition }: ExecuteAsked, read: ReadWatch): Watch {
  const isStream = watch.trigger.kind === "stream";
  const changes: JsonObject = {
    ...(alternativeInput === undefined || isStream ? {} : { input: { simple: alternativeInput } }),
    ...(ignoreCondition ? { condition: { always: {} } } : {}),
  };
  if (Object.keys(changes).length === 0) return watch;
  return read({ id: watch.id, body: { ...watch.source, ...changes } });
}

/** A stream's watch begins with a document: the one that is given, or the newest that there is. */
async function inputOf(
  { trigger }: Watch,
  { alternativeInput }: ExecuteAsked,
  newest: (count: number, dataset: string) => Promise<readonly JsonObject[]>,
): Promise<{ payload: JsonObject; last?: readonly JsonObject[] }> {
  if (trigger.kind !== "stream") return { payload: {} };
  const stored = await newest(Math.max(1, trigger.last), trigger.dataset);
  const taken = stored.filter((source) => trigger.takes(source));
  const payload = alternativeInput ?? taken.at(-1) ?? {};
  if (trigger.last === 0) return { payload };
  return { payload, last: alternativeInput === undefined ? taken : [...taken, alternativeInput].slice(-trigger.last) };
}

function modeOf({ actionModes }: ExecuteAsked, action: string): Mode {
  return actionModes[action] ?? actionModes["_all"] ?? "execute";
}

/** Passwords are in no delivery, and taken from the kept watch when it is sent: one that is not kept has none. */
function loggedIn(rendered: RenderedAction, { isKept, mode }: { isKept: boolean; mode: Mode }): RenderedAction {
  if (isKept || mode.endsWith("simulate") || rendered.kind !== "contents") return rendered;
  if (!rendered.contents.some((content) => lacksSecrets(hideContentSecrets(content)))) return rendered;
  const reason = "an inline watch cannot log in: put it first";
  return { kind: "failed", type: "illegal_argument_exception", reason };
}

function resultOf(
  { id, kind: type }: WatchAction,
  rendered: Awaited<ReturnType<WatchAction["render"]>>,
  mode: Mode,
): ActionResult {
  if (rendered.kind === "failed") return { id, type, status: "failure", reason: rendered.reason };
  if (rendered.kind === "condition_not_met") return { id, type, status: "condition_failed" };
  return { id, type, status: mode.endsWith("simulate") ? "simulated" : "success", content: [...rendered.contents] };
}
