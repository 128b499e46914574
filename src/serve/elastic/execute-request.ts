import type { ExecuteAsked } from "../../alert/desk.ts";
import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { illegalArgument, refusal, validationFailed } from "../../events/refusal.ts";
import { type Fault, isFault } from "../../lib/fault.ts";
import { DEFAULT_FORMAT } from "../../search/dates/date-format.ts";
import { readDateUs } from "../../search/dates/date-math.ts";
import { UTC } from "../../search/dates/time-zone.ts";
import { isWatchId } from "./watch-id.ts";

const MODES = ["simulate", "force_simulate", "execute", "force_execute", "skip"] as const;
type Mode = (typeof MODES)[number];

/** Parts of a watch, which some put into the request itself. */
const PARTS_OF_WATCH = [
  "trigger",
  "input",
  "condition",
  "actions",
  "transform",
  "throttle_period",
  "metadata",
  "status",
];

/** The body of `_execute`, with what its URL says. Throws as Elasticsearch does. */
export function readExecuteRequest(told: {
  id: string | undefined;
  body: JsonObject | undefined;
  ignoreCondition: boolean | undefined;
  recordExecution: boolean | undefined;
  /** What `now` means in times of the trigger. */
  nowMs: number;
}): ExecuteAsked {
  const { id, body = {}, nowMs } = told;
  let { ignoreCondition = false, recordExecution = false } = told;
  let watch: JsonObject | undefined;
  let triggerData: JsonObject | undefined;
  let alternativeInput: JsonObject | undefined;
  let actionModes: Record<string, Mode> = {};
  for (const [name, value] of Object.entries(body)) {
    if (typeof value === "boolean") {
      if (name === "ignore_condition") ignoreCondition = value;
      else if (name === "record_execution") recordExecution = value;
      else throw notParsed(`unexpected boolean field [${name}]`);
    } else if (isObject(value)) {
      if (name === "watch") watch = value;
      else if (name === "trigger_data") triggerData = triggerTimes(value, { id, nowMs });
      else if (name === "alternative_input") alternativeInput = value;
      else if (name === "action_modes") actionModes = modesOf(value);
      else throw unexpectedObject(name);
    } else {
      throw notParsed(`unexpected token [${tokenOf(value)}]`);
    }
  }
  const complaints = complaintsOf({ id, watch, recordExecution, actions: Object.keys(actionModes) });
  if (complaints.length > 0) throw validationFailed(...complaints);
  return { id, watch, triggerData, alternativeInput, ignoreCondition, actionModes, recordExecution };
}

/** `triggered_time` and `scheduled_time` may be date math, `now` above all. */
function triggerTimes(data: JsonObject, { id, nowMs }: { id: string | undefined; nowMs: number }): JsonObject {
  const reading = { format: DEFAULT_FORMAT, zone: UTC, roundUp: false, nowMs };
  return Object.fromEntries(
    Object.entries(data).map(([name, value]): [string, Json] => {
      if (name !== "triggered_time" && name !== "scheduled_time") return [name, value];
      try {
        if (typeof value === "string" || typeof value === "number") {
          return [name, new Date(Number(readDateUs(value, reading) / 1000n)).toISOString()];
        }
      } catch (error) {
        if (!isFault(error)) throw error;
      }
      throw parseException(
        `could not parse [schedule] trigger event for [${id ?? "_inlined_"}]. failed to parse date field [${name}]`,
      );
    }),
  );
}

function complaintsOf(asked: {
  id: string | undefined;
  watch: JsonObject | undefined;
  recordExecution: boolean;
  actions: readonly string[];
}): string[] {
  const { id, watch, recordExecution, actions } = asked;
  const either = "a watch execution request must either have a watch id or an inline watch source";
  return [
    ...(id === undefined && watch === undefined ? [`${either}, but both are missing`] : []),
    ...(id !== undefined && !isWatchId(id) ? ["watch id contains whitespace"] : []),
    ...actions.filter((action) => !isWatchId(action)).map((action) => `action id [${action}] contains whitespace`),
    ...(id !== undefined && watch !== undefined ? [`${either} but not both`] : []),
    ...(watch !== undefined && recordExecution ? ["the execution of an inline watch cannot be recorded"] : []),
  ];
}

function modesOf(modes: JsonObject): Record<string, Mode> {
  return Object.fromEntries(
    Object.entries(modes).map(([action, told]): [string, Mode] => {
      if (typeof told !== "string") throw notParsed(`unexpected array field [${action}]`);
      const mode = MODES.find((one) => one === told.toLowerCase());
      if (mode !== undefined) return [action, mode];
      throw refusal({
        type: "parse_exception",
        reason: "could not parse watch execution request",
        status: 400,
        causedBy: { type: "illegal_argument_exception", reason: `unknown action execution mode [${told}]` },
      });
    }),
  );
}

function unexpectedObject(name: string): Fault {
  return PARTS_OF_WATCH.includes(name)
    ? parseException(`please wrap watch including field [${name}] inside a "watch" field`)
    : notParsed(`unexpected object field [${name}]`);
}

function notParsed(why: string): Fault {
  return parseException(`could not parse watch execution request. ${why}`);
}

function parseException(reason: string): Fault {
  return refusal({ type: "parse_exception", reason, status: 400 });
}

/** Execution with more of the context in its record is not offered. */
export function refuseDebug(debug: boolean | undefined): void {
  if (debug) throw illegalArgument("request parameter [debug] is not supported: the record holds no variables");
}

function tokenOf(value: Json): string {
  if (value === null) return "VALUE_NULL";
  if (Array.isArray(value)) return "START_ARRAY";
  return typeof value === "string" ? "VALUE_STRING" : "VALUE_NUMBER";
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
