import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { isJsonObject } from "../../events/json-object.ts";
import type { Watch } from "../watch.ts";
import { createCheck } from "./check.ts";
import { parseActions } from "./parse-action.ts";
import { parseAlert } from "./parse-alert.ts";
import { ALWAYS, parseCondition } from "./parse-condition.ts";
import { none, parseInput } from "./parse-input.ts";
import { parseTransform } from "./parse-transform.ts";
import { parseTrigger } from "./parse-trigger.ts";
import { readTimeMs, tokenOf } from "./reading.ts";
import { below, illegalArgument, type Place, parseFault } from "./watch-fault.ts";

const KEYS = [
  "trigger",
  "input",
  "condition",
  "transform",
  "actions",
  "metadata",
  "throttle_period",
  "throttle_period_in_millis",
  // What Elasticsearch answers beside a watch, so that what was read there can be put again.
  "status",
  "_status",
  "version",
  "_version",
];
const MAX_NESTING = 100;

/**
 * Reads a watch of Elasticsearch Watcher, with our own `stream` trigger and `metadata.alert`; docs/watches.md says what of
 * it is supported. Throws `watch_invalid`: the message names the place, the details are Elasticsearch's error and `path`.
 */
export function parseWatch({ id, body }: { id: string; body: unknown }): Watch {
  const place: Place = { watchId: id, path: "" };
  if (!/^\S{1,512}$/.test(id)) throw illegalArgument(place, `watch id [${id}] must not be empty, or have spaces in it`);
  const words = `could not parse watch [${id}].`;
  if (!isJsonObject(body as Json))
    throw parseFault(place, `${words} expected an object, but found [${tokenOf(body as Json)}]`);
  if (isDeep(body, MAX_NESTING)) throw illegalArgument(place, `${words} it is nested more than ${MAX_NESTING} deep`);
  const source = body as JsonObject;
  const unknown = Object.keys(source).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw parseFault(below(place, unknown), `${words} unexpected field [${unknown}]`);
  if (source["trigger"] === undefined) throw parseFault(place, `${words} missing required field [trigger]`);

  const trigger = parseTrigger(source["trigger"], below(place, "trigger"));
  const given = { hasDocument: trigger.kind === "stream" };
  const { input, condition, transform, metadata = {} } = source;
  if (!isJsonObject(metadata))
    throw parseFault(
      below(place, "metadata"),
      `${words} expected an object for [metadata], but found [${tokenOf(metadata)}]`,
    );
  const at = (key: string) => below(place, key);
  return {
    id,
    source,
    trigger,
    metadata,
    throttlePeriodMs: readTimeMs({
      object: source,
      name: "throttle_period",
      place: at("throttle_period"),
      reason: `${words} failed to parse time value for field [throttle_period]`,
    }),
    actions: parseActions(source["actions"], at("actions")),
    alert:
      metadata["alert"] === undefined ? undefined : parseAlert(metadata["alert"], below(place, "metadata", "alert")),
    check: createCheck({
      input: input === undefined ? none(given) : parseInput(input, at("input"), given),
      condition: condition === undefined ? ALWAYS : parseCondition(condition, at("condition")),
      transform: transform === undefined ? undefined : parseTransform(transform, at("transform")),
    }),
  };
}

/** Whether objects and lists are nested deeper than the limit, which no part that reads them goes. */
function isDeep(value: unknown, limit: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return limit === 0 || Object.values(value).some((inner) => isDeep(inner, limit - 1));
}
