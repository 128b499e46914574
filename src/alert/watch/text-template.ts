import type { Json } from "../../events/document.ts";
import { isJsonObject } from "../../events/json-object.ts";
import { isFault } from "../../lib/fault.ts";
import { compileTemplate, type Template } from "../template/template.ts";
import type { Form } from "../template/texts.ts";
import { onlyKeys, tokenOf } from "./reading.ts";
import { below, illegalArgument, type Place, parseFault, watchInvalid } from "./watch-fault.ts";

const KEYS = ["source", "inline", "lang", "params", "id", "options"];
/** Watcher's mark of a template whose result is JSON. */
const JSON_MARK = /^__json__::/i;
const TEXT_MARK = /^__(?:plain_text|text)__::/i;

/**
 * A text with Mustache in it, or `{source | inline, params}`. A number or a boolean is its text. With the mark
 * `__json__::` before it, values are escaped for JSON whatever `form` says. Throws `watch_invalid`.
 */
export function parseTemplate(body: Json, { place, form }: { place: Place; form: Form }): Template {
  if (typeof body === "string") return compiled(body, { place, form });
  if (typeof body === "number" || typeof body === "boolean") return () => String(body);
  if (!isJsonObject(body))
    throw parseFault(place, `unexpected value [${tokenOf(body)}], expected a template as a string or an object`);
  onlyKeys(body, KEYS, (key) => illegalArgument(below(place, key), `[script] unknown field [${key}]`));
  const { id, lang, params = {}, source = body["inline"] } = body;
  if (id !== undefined)
    throw illegalArgument(below(place, "id"), "stored templates are not supported, only inline ones");
  if (lang !== undefined && lang !== "mustache")
    throw illegalArgument(below(place, "lang"), `script_lang not supported [${String(lang)}]`);
  if (typeof source !== "string" || !isJsonObject(params))
    throw illegalArgument(place, "a template must have a string [source], and [params] must be an object");
  return compiled(source, { place, form, params });
}

type Compiling = { place: Place; form: Form; params?: { readonly [key: string]: Json } };

function compiled(text: string, { place, form, params = {} }: Compiling): Template {
  const isJson = JSON_MARK.test(text);
  const source = text.replace(isJson ? JSON_MARK : TEXT_MARK, "");
  try {
    return compileTemplate(source, { form: isJson ? "json" : form, params });
  } catch (error) {
    if (!isFault(error, "template_invalid")) throw error;
    throw watchInvalid(place, {
      type: "script_exception",
      reason: "compile error",
      script: source,
      lang: "mustache",
      caused_by: { type: "mustache_exception", reason: error.message },
    });
  }
}
