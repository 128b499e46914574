import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { isJsonObject } from "../../events/json-object.ts";
import { DEFAULT_FORMAT } from "../../search/dates/date-format.ts";
import { readDateUs } from "../../search/dates/date-math.ts";
import { UTC } from "../../search/dates/time-zone.ts";
import type { WatchContext } from "../context.ts";
import { reached } from "../template/path.ts";
import type { Condition } from "./condition.ts";
import { type Compared, lenientCompare } from "./lenient-compare.ts";
import { objectOf, onlyMember, tokenOf } from "./reading.ts";
import { below, type Place, parseFault, watchFailed } from "./watch-fault.ts";

type Holds = (order: number | undefined) => boolean;

/** `not_eq` holds for what has no order; in a list it does not. */
const OPERATORS: ReadonlyMap<string, Holds> = new Map<string, Holds>([
  ["eq", (order) => order === 0],
  ["not_eq", (order) => order !== 0],
  ["lt", (order) => order !== undefined && order < 0],
  ["lte", (order) => order !== undefined && order <= 0],
  ["gt", (order) => order !== undefined && order > 0],
  ["gte", (order) => order !== undefined && order >= 0],
]);

/** `{"ctx.payload.hits.total": {"gte": 5}}` */
export function parseCompare(body: Json, place: Place): Condition {
  const fault = faults("compare", place);
  const { path, object } = comparedPath(body, fault);
  const [operator, value] = onlyMember(object) ?? [];
  if (operator === undefined || value === undefined)
    throw fault(
      `expected a field indicating the comparison operator, but found [${Object.keys(object).join(", ")}] instead`,
    );
  const holds = operatorOf({ operator, value, path, fault });
  const configured = configuredValue(value, fault);
  return {
    type: "compare",
    needsNow: configured.needsNow,
    judge(ctx, nowMs) {
      const { compared, resolved } = configured.resolve(ctx, nowMs);
      const found = valueAt(ctx, path);
      return { met: holds(lenientCompare(found, compared)), body: { resolved_values: { ...resolved, [path]: found } } };
    },
  };
}

/** `{"ctx.payload.buckets": {"path": "doc_count", "gte": {"value": 25, "quantifier": "some"}}}` */
export function parseArrayCompare(body: Json, place: Place): Condition {
  const fault = faults("array_compare", place);
  const { path: arrayPath, object } = comparedPath(body, fault);
  const { path = "", ...operators } = object;
  if (typeof path !== "string") throw fault(`[path] must be a string, but found [${tokenOf(path)}]`);
  const [operator, asked] = onlyMember(operators) ?? [];
  if (operator === undefined || asked === undefined)
    throw fault(
      `expected a field indicating the compared path or a comparison operator, but found [${Object.keys(operators).join(", ")}] instead`,
    );
  if (!OPERATORS.has(operator.toLowerCase())) throw fault(`unknown comparison operator [${operator}]`);
  if (!isJsonObject(asked))
    throw fault(`expected an object for field [${operator}] but found [${tokenOf(asked)}] instead`);
  const { value = null, quantifier = "some", ...unknown } = asked;
  const [first] = Object.keys(unknown);
  if (first !== undefined)
    throw fault(
      `expected a field indicating the comparison value or comparison quantifier, but found [${first}] instead`,
    );
  const all = typeof quantifier === "string" ? quantifier.toLowerCase() : "";
  if (all !== "all" && all !== "some") throw fault(`unknown comparison quantifier [${quantifier}]`);
  const holds = operatorOf({ operator, value, path, fault });
  const configured = configuredValue(value, fault);
  const keys = path === "" ? [] : path.split(".");
  return {
    type: "array_compare",
    needsNow: configured.needsNow,
    judge(ctx, nowMs) {
      const { compared, resolved } = configured.resolve(ctx, nowMs);
      const list = valueAt(ctx, arrayPath);
      if (list !== null && !Array.isArray(list))
        throw watchFailed(
          "illegal_state_exception",
          `array path ${arrayPath} did not evaluate to array, was ${JSON.stringify(list).slice(0, 200)}`,
        );
      const items: readonly Json[] = list ?? [];
      const test = (item: Json) => {
        const order = lenientCompare(reached(item, keys) ?? null, compared);
        return order !== undefined && holds(order);
      };
      const met = items.length > 0 && (all === "all" ? items.every(test) : items.some(test));
      return { met, body: { resolved_values: { ...resolved, [arrayPath]: items } } };
    },
  };
}

type FaultOf = (reason: string) => unknown;

function faults(type: string, place: Place): FaultOf {
  return (reason) =>
    parseFault(below(place, type), `could not parse [${type}] condition for watch [${place.watchId}]. ${reason}`);
}

function comparedPath(body: Json, fault: FaultOf): { path: string; object: JsonObject } {
  const members = objectOf(body, () => fault(`expected an object but found [${tokenOf(body)}] instead`));
  const [path, object] = onlyMember(members) ?? [];
  if (path === undefined)
    throw fault(
      `expected a field indicating the compared path, but found [${Object.keys(members).join(", ")}] instead`,
    );
  return {
    path,
    object: objectOf(object, () =>
      fault(`expected an object for field [${path}] but found [${tokenOf(object)}] instead`),
    ),
  };
}

function operatorOf({
  operator,
  value,
  path,
  fault,
}: {
  operator: string;
  value: Json;
  path: string;
  fault: FaultOf;
}): Holds {
  const name = operator.toLowerCase();
  const holds = OPERATORS.get(name);
  if (holds === undefined) throw fault(`unknown comparison operator [${operator}]`);
  if (typeof value === "object" && value !== null && name !== "eq" && name !== "not_eq")
    throw fault(
      `compared value for [${path}] with operation [${name}] must either be a numeric, string, boolean or null value, but found [${tokenOf(value)}] instead`,
    );
  return holds;
}

function valueAt(ctx: WatchContext, path: string): Json {
  return path === "" ? { ctx } : (reached({ ctx }, path.split(".")) ?? null);
}

type Configured = {
  needsNow: boolean;
  resolve(ctx: WatchContext, nowMs: number): { compared: Compared; resolved: JsonObject };
};

/** The value that a watch compares with: as it stands, `<{now-5m}>` or `{{path}}`. */
function configuredValue(value: Json, fault: FaultOf): Configured {
  const [, math] = typeof value === "string" ? (/^<\{(.+)\}>$/.exec(value) ?? []) : [];
  if (math !== undefined) {
    const moment = (nowMs: number) => readDateUs(math, { format: DEFAULT_FORMAT, zone: UTC, roundUp: false, nowMs });
    try {
      moment(0);
    } catch {
      throw fault(`failed to parse date math [${math}]`);
    }
    return {
      needsNow: math.startsWith("now"),
      resolve(_, nowMs) {
        const momentUs = moment(nowMs);
        return { compared: { momentUs }, resolved: { [math]: DEFAULT_FORMAT.print(momentUs, UTC) } };
      },
    };
  }
  const [, path] = typeof value === "string" ? (/^\{\{(.+)\}\}$/.exec(value) ?? []) : [];
  if (path === undefined) return { needsNow: false, resolve: () => ({ compared: { value }, resolved: {} }) };
  return {
    needsNow: false,
    resolve(ctx) {
      const found = valueAt(ctx, path);
      return { compared: { value: found }, resolved: { [path]: found } };
    },
  };
}
