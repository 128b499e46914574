import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { isJsonObject } from "../../events/json-object.ts";
import type { WatchContext } from "../context.ts";
import type { WatchPorts } from "../watch.ts";
import { next } from "./input.ts";
import { objectOf, onlyMember, tokenOf } from "./reading.ts";
import { parseScript } from "./script-field.ts";
import { parseSearch } from "./search-request.ts";
import { below, type Place, parseFault } from "./watch-fault.ts";

/** A transform of a watch or of an action, read. */
export type Transform = {
  type: string;
  /** The new payload. Throws or rejects with faults. */
  apply(ctx: WatchContext, ports: WatchPorts): Transformed | Promise<Transformed>;
};

export type Transformed = { payload: Json; body?: JsonObject };

const MAX_TRANSFORMS = 50;

/** `{"script": "…"}`. Throws `watch_invalid`. */
export function parseTransform(body: Json, place: Place): Transform {
  const words = `could not parse transform for watch [${place.watchId}]`;
  const object = objectOf(body, () => parseFault(place, `${words}, expected an object but found [${tokenOf(body)}]`));
  const [type, inner] = onlyMember(object) ?? [];
  if (type === undefined || inner === undefined)
    throw parseFault(place, `${words}, expected one transform type, but found [${Object.keys(object).join(", ")}]`);
  const at = below(place, type);
  if (type === "script") return scripted(inner, at);
  if (type === "search") return searching(inner, at);
  if (type === "chain") return chain(inner, at);
  throw parseFault(at, `${words}, unknown transform type [${type}]`);
}

/** What the script gives is the payload; a value that is no object becomes its `_value`. */
function scripted(body: Json, place: Place): Transform {
  const script = parseScript(body, place);
  return {
    type: "script",
    apply(ctx) {
      const value = script.value(ctx);
      return { payload: isJsonObject(value) ? value : { _value: value } };
    },
  };
}

function searching(body: Json, place: Place): Transform {
  const search = parseSearch(body, { place, what: "transform" });
  return {
    type: "search",
    async apply(ctx, ports) {
      const { payload, request } = await search(ctx, ports);
      return { payload, body: { request } };
    },
  };
}

/** Each sees the payload of the one before it. */
function chain(body: Json, place: Place): Transform {
  if (!Array.isArray(body) || body.length === 0 || body.length > MAX_TRANSFORMS)
    throw parseFault(
      place,
      `could not parse [chain] transform for watch [${place.watchId}]. expected an array of 1 to ${MAX_TRANSFORMS} transform objects, but found [${tokenOf(body)}] instead`,
    );
  const transforms = body.map((item: Json, index) => parseTransform(item, below(place, index)));
  return {
    type: "chain",
    apply(ctx, ports) {
      let made: Transformed | Promise<Transformed> = { payload: ctx.payload };
      for (const transform of transforms)
        made = next(made, ({ payload }) => transform.apply({ ...ctx, payload }, ports));
      return next(made, ({ payload }) => ({ payload }));
    },
  };
}
