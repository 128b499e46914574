import type { Json } from "../../events/document.ts";
import { parseArrayCompare, parseCompare } from "./compare-condition.ts";
import type { Condition } from "./condition.ts";
import { objectOf, onlyMember, tokenOf } from "./reading.ts";
import { parseScript } from "./script-field.ts";
import { below, type Place, parseFault } from "./watch-fault.ts";

type ParseCondition = (body: Json, place: Place) => Condition;

const PARSERS: ReadonlyMap<string, ParseCondition> = new Map<string, ParseCondition>([
  ["always", (body, place) => constant("always", { body, place })],
  ["never", (body, place) => constant("never", { body, place })],
  ["compare", parseCompare],
  ["array_compare", parseArrayCompare],
  ["script", parseScriptCondition],
]);

/** Without a condition a watch always acts. */
export const ALWAYS: Condition = { type: "always", needsNow: false, judge: () => ({ met: true }) };

/** `{"compare": {…}}`. Throws `watch_invalid`. */
export function parseCondition(body: Json, place: Place): Condition {
  const words = `could not parse condition for watch [${place.watchId}].`;
  const object = objectOf(body, () =>
    parseFault(place, `${words} expected an object but found [${tokenOf(body)}] instead`),
  );
  const [type, inner] = onlyMember(object) ?? [];
  if (type === undefined || inner === undefined) {
    const several = Object.keys(object);
    throw parseFault(
      place,
      several.length === 0
        ? `${words} missing required condition type field`
        : `${words} expected one condition type, but found [${several.join(", ")}]`,
    );
  }
  const parser = PARSERS.get(type);
  if (parser === undefined) throw parseFault(below(place, type), `${words} unknown condition type [${type}]`);
  return parser(inner, place);
}

function constant(type: "always" | "never", { body, place }: { body: Json; place: Place }): Condition {
  const isEmpty = typeof body === "object" && body !== null && Object.keys(body).length === 0;
  if (!isEmpty)
    throw parseFault(
      below(place, type),
      `unable to parse [${type}] condition for watch [${place.watchId}]. expected an empty object but found [${tokenOf(body)}]`,
    );
  return { type, needsNow: false, judge: () => ({ met: type === "always" }) };
}

function parseScriptCondition(body: Json, place: Place): Condition {
  const script = parseScript(body, below(place, "script"));
  return { type: "script", needsNow: false, judge: (ctx) => ({ met: script.met(ctx) }) };
}
