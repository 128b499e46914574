import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { isJsonObject } from "../../events/json-object.ts";
import type { WatchContext } from "../context.ts";
import { reached } from "../template/path.ts";
import type { ActionKind, RenderedAction, WatchAction, WatchPorts } from "../watch.ts";
import type { Render } from "./action.ts";
import { parseEmail } from "./email-action.ts";
import { parseHttpRequest, refuseSecretTemplates } from "./http-request.ts";
import { parseIndex } from "./index-action.ts";
import { next } from "./input.ts";
import { parseLogging } from "./logging-action.ts";
import { parseCondition } from "./parse-condition.ts";
import { parseTransform, type Transform } from "./parse-transform.ts";
import { objectOf, readTimeMs, tokenOf } from "./reading.ts";
import { parseSlack } from "./slack-action.ts";
import { below, errorOf, illegalArgument, type Place, parseFault, watchFailed } from "./watch-fault.ts";

const KINDS: ReadonlyMap<string, { kind: ActionKind; parse(body: Json, place: Place): Render }> = new Map([
  ["email", { kind: "email", parse: parseEmail }],
  ["webhook", { kind: "webhook", parse: parseWebhook }],
  ["slack", { kind: "slack", parse: parseSlack }],
  ["index", { kind: "index", parse: parseIndex }],
  ["logging", { kind: "logging", parse: parseLogging }],
]);
/** Watcher's other ones: refused as what is known and not supported. */
const OTHER_KINDS = ["jira", "pagerduty"];
const DEFAULT_MAX_ITERATIONS = 100;
const MOST_ITERATIONS = 10_000;
const MAX_ACTIONS = 50;
const SETTINGS = [
  "condition",
  "transform",
  "foreach",
  "max_iterations",
  "throttle_period",
  "throttle_period_in_millis",
];

/** `actions` of a watch, in their order. Throws `watch_invalid`. */
export function parseActions(body: Json | undefined, place: Place): readonly WatchAction[] {
  if (body === undefined) return [];
  const object = objectOf(body, () =>
    parseFault(
      place,
      `could not parse actions for watch [${place.watchId}]. expected an object but found [${tokenOf(body)}] instead`,
    ),
  );
  const named = Object.entries(object);
  if (named.length > MAX_ACTIONS) throw illegalArgument(place, `a watch may have at most ${MAX_ACTIONS} actions`);
  return named.map(([id, action]) => parseAction(id, action, below(place, id)));
}

function parseAction(id: string, body: Json, place: Place): WatchAction {
  const name = `${place.watchId}/${id}`;
  if (/\s/.test(id) || id === "")
    throw parseFault(place, `could not parse action [${id}] for watch [${place.watchId}]. id contains whitespace`);
  const object = objectOf(body, () =>
    parseFault(place, `could not parse action [${name}]. expected an object but found [${tokenOf(body)}]`),
  );
  const types = Object.keys(object).filter((key) => !SETTINGS.includes(key));
  const [type = "", ...more] = types;
  if (types.length === 0) throw parseFault(place, `could not parse watch action [${name}]. missing action type`);
  if (more.length > 0)
    throw parseFault(
      place,
      `could not parse action [${name}]. expected one action type, but found [${types.join(", ")}]`,
    );
  const found = KINDS.get(type);
  if (found === undefined) {
    if (OTHER_KINDS.includes(type))
      throw illegalArgument(below(place, type), `action type [${type}] is not supported: use a webhook`);
    throw parseFault(below(place, type), `could not parse action [${name}]. unknown action type [${type}]`);
  }
  const render = found.parse(object[type] ?? null, below(place, type));
  const throttlePeriodMs = readTimeMs({
    object,
    name: "throttle_period",
    place: below(place, "throttle_period"),
    reason: `could not parse action [${name}]. failed to parse field [throttle_period] as time value`,
  });
  const condition =
    object["condition"] === undefined ? undefined : parseCondition(object["condition"], below(place, "condition"));
  const transform =
    object["transform"] === undefined ? undefined : parseTransform(object["transform"], below(place, "transform"));
  const foreach = readForeach(object, place);
  return {
    id,
    kind: found.kind,
    throttlePeriodMs,
    render(ctx, ports) {
      try {
        if (condition !== undefined && !condition.judge(ctx, ports.nowMs).met) return { kind: "condition_not_met" };
        const rendering = next(transformed(transform, { ctx, ports }), (within): RenderedAction => {
          const contexts = foreach === undefined ? [within] : elements(foreach, ctx);
          return { kind: "contents", contents: contexts.flatMap((one) => render(one)) };
        });
        return rendering instanceof Promise ? rendering.catch(failed) : rendering;
      } catch (error) {
        return failed(error);
      }
    },
  };
}

function failed(error: unknown): RenderedAction {
  const { type, reason } = errorOf(error);
  return { kind: "failed", type, reason };
}

function transformed(
  transform: Transform | undefined,
  { ctx, ports }: { ctx: WatchContext; ports: WatchPorts },
): WatchContext | Promise<WatchContext> {
  if (transform === undefined) return ctx;
  return next(transform.apply(ctx, ports), ({ payload }) => ({ ...ctx, payload }));
}

type Foreach = { path: string; most: number };

function readForeach(object: JsonObject, place: Place): Foreach | undefined {
  const { foreach, max_iterations: most = DEFAULT_MAX_ITERATIONS } = object;
  if (typeof most !== "number" || !Number.isInteger(most) || most < 1 || most > MOST_ITERATIONS)
    throw parseFault(below(place, "max_iterations"), `[max_iterations] must be a number from 1 to ${MOST_ITERATIONS}`);
  if (foreach === undefined) return undefined;
  if (typeof foreach === "string" && foreach !== "") return { path: foreach, most };
  throw parseFault(below(place, "foreach"), `[foreach] must be the path of an array, but found [${tokenOf(foreach)}]`);
}

/** One context an element of the array, which is `ctx.payload` there; what is no object is its `_value`. */
function elements({ path, most }: Foreach, ctx: WatchContext): readonly WatchContext[] {
  const list = reached({ ctx }, path.split(".")) ?? null;
  if (list === null) throw watchFailed("exception", `specified foreach object was null: [${path}]`);
  if (!Array.isArray(list))
    throw watchFailed("exception", `specified foreach object was not a an array/collection: [${path}]`);
  if (list.length === 0)
    throw watchFailed("exception", `foreach object [${path}] was an empty list, could not run any action`);
  return list.slice(0, most).map((item: Json) => ({ ...ctx, payload: isJsonObject(item) ? item : { _value: item } }));
}

function parseWebhook(body: Json, place: Place): Render {
  const request = parseHttpRequest(body, place);
  if (isJsonObject(body) && isJsonObject(body["headers"]))
    refuseSecretTemplates(body["headers"], below(place, "headers"));
  return (ctx) => [request.render(ctx)];
}
