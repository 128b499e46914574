import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { isJsonObject } from "../../events/json-object.ts";
import { isFault } from "../../lib/fault.ts";
import { compileScript, type Script } from "../script/script.ts";
import type { ScriptError } from "../script/script-fault.ts";
import { onlyKeys, tokenOf } from "./reading.ts";
import { below, illegalArgument, type Place, parseFault, watchInvalid } from "./watch-fault.ts";

const KEYS = ["source", "inline", "lang", "params", "id", "options"];

/** A script as Elasticsearch takes it: a text, or `{source | inline, lang, params}`. Stored ones (`id`) are refused. */
export function parseScript(body: Json, place: Place): Script {
  const { source, params } = typeof body === "string" ? { source: body, params: {} } : sourceOf(body, place);
  try {
    return compileScript({ source, params });
  } catch (error) {
    if (!isFault(error, "script_invalid")) throw error;
    const { script_stack, position, ...told } = error.details["error"] as ScriptError;
    throw watchInvalid(place, { ...told, script_stack: [...script_stack], position: { ...position } });
  }
}

function sourceOf(body: Json, place: Place): { source: string; params: JsonObject } {
  if (!isJsonObject(body))
    throw parseFault(place, `unexpected value [${tokenOf(body)}], expected a script as a string or an object`);
  onlyKeys(body, KEYS, (key) => illegalArgument(below(place, key), `[script] unknown field [${key}]`));
  const { id, lang, params = {}, source = body["inline"] } = body;
  if (id !== undefined) throw illegalArgument(below(place, "id"), "stored scripts are not supported, only inline ones");
  if (lang !== undefined && lang !== "painless")
    throw illegalArgument(below(place, "lang"), `script_lang not supported [${String(lang)}]`);
  if (typeof source !== "string")
    throw illegalArgument(place, "must specify either [source] for an inline script or [id] for a stored script");
  if (!isJsonObject(params)) throw illegalArgument(below(place, "params"), "[params] must be an object");
  return { source, params };
}
