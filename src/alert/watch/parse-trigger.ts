import { catalogue } from "../../events/catalogue.ts";
import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { isFault } from "../../lib/fault.ts";
import type { WatchContext } from "../context.ts";
import type { WatchTrigger } from "../watch.ts";
import type { Condition } from "./condition.ts";
import { parseCondition } from "./parse-condition.ts";
import { parseSchedule } from "./parse-schedule.ts";
import { objectOf, onlyKeys, onlyMember, tokenOf } from "./reading.ts";
import { below, illegalArgument, type Place, parseFault } from "./watch-fault.ts";

/** Votes and columns come by the thousand a slot: no watch sees them one by one. */
const TOO_MANY = ["ethereum.attestation", "ethereum.single_attestation", "ethereum.data_column_sidecar"];
/** What watches themselves write: one that watched it would wake itself. */
const OWN = ["alert", "delivery", "watch_state", "ethereum.watch_history"];
const DATASETS: readonly string[] = catalogue
  .map(({ name }) => name)
  .filter((name) => !TOO_MANY.includes(name) && !OWN.includes(name));
const MAX_LAST = 1_024;
const STREAM_KEYS = ["dataset", "where", "last"];

/** `{"schedule": {…}}`, or our own `{"stream": {"dataset": …}}`. Throws `watch_invalid`. */
export function parseTrigger(body: Json, place: Place): WatchTrigger {
  const { watchId } = place;
  const object = objectOf(body, () =>
    parseFault(
      place,
      `could not parse trigger for [${watchId}]. expected trigger type string field, but found [${tokenOf(body)}]`,
    ),
  );
  const [type, inner] = onlyMember(object) ?? [];
  if (type === undefined || inner === undefined)
    throw parseFault(
      place,
      `could not parse trigger for [${watchId}]. expected trigger type string field, but found [${Object.keys(object).join(", ") || "END_OBJECT"}]`,
    );
  if (type !== "schedule" && type !== "stream")
    throw parseFault(
      below(place, type),
      `could not parse trigger [${type}] for [${watchId}]. unknown trigger type [${type}]`,
    );
  const within = objectOf(inner, () =>
    parseFault(
      below(place, type),
      `could not parse trigger [${type}] for [${watchId}]. expected trigger an object as the trigger body, but found [${tokenOf(inner)}]`,
    ),
  );
  if (type === "stream") return parseStream(within, below(place, type));
  return { kind: "schedule", nextMs: parseSchedule(within, below(place, type)) };
}

function parseStream(body: JsonObject, place: Place): WatchTrigger {
  const words = `could not parse trigger [stream] for [${place.watchId}].`;
  onlyKeys(body, STREAM_KEYS, (key) => parseFault(below(place, key), `${words} unexpected field [${key}]`));
  const { dataset, where, last = 0 } = body;
  if (typeof dataset !== "string") throw parseFault(place, `${words} missing required field [dataset]`);
  if (!DATASETS.includes(dataset)) throw illegalArgument(below(place, "dataset"), `${words} ${notWatched(dataset)}`);
  if (typeof last !== "number" || !Number.isInteger(last) || last < 0 || last > MAX_LAST)
    throw parseFault(below(place, "last"), `${words} [last] must be a number from 0 to ${MAX_LAST}`);
  const at = below(place, "where");
  const condition = where === undefined ? undefined : parseCondition(where, at);
  if (condition?.needsNow === true)
    throw illegalArgument(at, `${words} [where] has no present moment: compare with [now] in the watch's condition`);
  return { kind: "stream", dataset, last, takes: condition === undefined ? () => true : taking(condition) };
}

function notWatched(dataset: string): string {
  if (TOO_MANY.includes(dataset)) return `documents of [${dataset}] are too many to be watched one by one`;
  if (OWN.includes(dataset)) return `[${dataset}] is written by watches themselves`;
  return `unknown dataset [${dataset}], expected one of [${DATASETS.join(", ")}]`;
}

/** A document for which the condition cannot be judged is not taken. */
function taking(condition: Condition): (source: JsonObject) => boolean {
  return (source) => {
    try {
      return condition.judge({ ...NOTHING, payload: source }, 0).met;
    } catch (error) {
      if (isFault(error)) return false;
      throw error;
    }
  };
}

const NOTHING: WatchContext = {
  watch_id: "",
  id: "",
  execution_time: "",
  trigger: { triggered_time: "", scheduled_time: "" },
  metadata: {},
  vars: {},
  payload: {},
};
