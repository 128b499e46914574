import type { Json } from "../../events/document.ts";
import type { Render } from "./action.ts";
import { objectOf, onlyKeys, tokenOf } from "./reading.ts";
import { parseTemplate } from "./text-template.ts";
import { below, type Place, parseFault } from "./watch-fault.ts";

const LEVELS = ["error", "warn", "info", "debug", "trace"];

/** `{"level": "info", "text": "…"}` */
export function parseLogging(body: Json, place: Place): Render {
  const words = `failed to parse [logging] action [${place.watchId}].`;
  const object = objectOf(body, () => parseFault(place, `${words} unexpected token [${tokenOf(body)}]`));
  onlyKeys(object, ["text", "level", "category"], (key) =>
    parseFault(below(place, key), `${words} unexpected string field [${key}]`),
  );
  const { text, level = "info", category } = object;
  if (text === undefined) throw parseFault(place, `${words} missing required [text] field`);
  const lower = typeof level === "string" ? level.toLowerCase() : "";
  if (!LEVELS.includes(lower))
    throw parseFault(below(place, "level"), `${words} unknown logging level [${String(level)}]`);
  if (category !== undefined && typeof category !== "string")
    throw parseFault(below(place, "category"), `${words} unexpected token [${tokenOf(category)}]`);
  const template = parseTemplate(text, { place: below(place, "text"), form: "text" });
  return (ctx) => [{ level: lower, ...(category === undefined ? {} : { category }), text: template(ctx) }];
}
