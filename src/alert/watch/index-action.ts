import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { resolveDateMath } from "../../events/index-date-math.ts";
import { isJsonObject } from "../../events/json-object.ts";
import type { WatchContext } from "../context.ts";
import type { Render } from "./action.ts";
import { objectOf, onlyKeys, readTimeMs, tokenOf } from "./reading.ts";
import { parseTemplate } from "./text-template.ts";
import { below, illegalArgument, type Place, parseFault, watchFailed } from "./watch-fault.ts";

const KEYS = [
  "index",
  "doc_id",
  "op_type",
  "execution_time_field",
  "timeout",
  "timeout_in_millis",
  "dynamic_name_timezone",
  "refresh",
];

/**
 * One content a document: the payload, or each of its `_doc`; `_index` and `_id` of a document stand over the action's.
 */
export function parseIndex(body: Json, place: Place): Render {
  const words = `could not parse [index] action [${place.watchId}].`;
  const object = objectOf(body, () => parseFault(place, `${words} unexpected token [${tokenOf(body)}]`));
  onlyKeys(object, KEYS, (key) => parseFault(below(place, key), `${words} unexpected field [${key}]`));
  const text = (key: string) => {
    const value = object[key];
    if (value !== undefined && typeof value !== "string")
      throw parseFault(below(place, key), `${words} unexpected token [${tokenOf(value)}] for [${key}]`);
    return value;
  };
  const [index, docId, timeField] = [text("index"), text("doc_id"), text("execution_time_field")];
  const opType = text("op_type");
  if (opType !== undefined && opType !== "index" && opType !== "create")
    throw parseFault(
      below(place, "op_type"),
      `${words} failed to parse op_type value for field [op_type]: expected [index] or [create], found [${opType}]`,
    );
  if (object["dynamic_name_timezone"] !== undefined && object["dynamic_name_timezone"] !== "UTC")
    throw illegalArgument(below(place, "dynamic_name_timezone"), "names of indices are resolved in UTC alone");
  const { refresh } = object;
  if (refresh !== undefined && ![true, false, "true", "false", "wait_for"].includes(refresh as string))
    throw parseFault(below(place, "refresh"), `${words} Unknown value for refresh: [${String(refresh)}].`);
  readTimeMs({ object, name: "timeout", place: below(place, "timeout"), reason: `${words} failed to parse [timeout]` });
  const named = index === undefined ? undefined : parseTemplate(index, { place: below(place, "index"), form: "text" });
  const identified =
    docId === undefined ? undefined : parseTemplate(docId, { place: below(place, "doc_id"), form: "text" });
  return (ctx) => {
    const nowMs = Date.parse(ctx.execution_time);
    return documentsOf(ctx.payload).map((document) => {
      const { _index, _id, ...source } = document;
      const target = typeof _index === "string" ? _index : named?.(ctx);
      if (target === undefined)
        throw watchFailed("illegal_argument_exception", "neither the action nor the document names an [index]");
      const id = typeof _id === "string" ? _id : identified?.(ctx);
      return {
        index: resolveDateMath(target, Number.isNaN(nowMs) ? 0 : nowMs),
        ...(id === undefined ? {} : { doc_id: id }),
        ...(opType === undefined ? {} : { op_type: opType }),
        ...(refresh === undefined ? {} : { refresh: String(refresh) }),
        payload: withTime(source, { timeField, ctx }),
      };
    });
  };
}

function documentsOf(payload: Json): readonly JsonObject[] {
  const object = isJsonObject(payload) ? payload : { _value: payload };
  const documents = Object.hasOwn(object, "_doc") ? object["_doc"] : undefined;
  if (documents === undefined) return [object];
  const list: readonly Json[] = Array.isArray(documents) ? documents : [documents];
  return list.map((document) => {
    if (isJsonObject(document)) return document;
    throw watchFailed("illegal_state_exception", "could not index payload: [_doc] must hold objects alone");
  });
}

function withTime(
  source: JsonObject,
  { timeField, ctx }: { timeField: string | undefined; ctx: WatchContext },
): JsonObject {
  return timeField === undefined ? source : { ...source, [timeField]: ctx.execution_time };
}
