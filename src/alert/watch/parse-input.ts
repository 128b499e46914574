import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { isJsonObject } from "../../events/json-object.ts";
import { parseHttpInput } from "./http-input.ts";
import { type Input, next, type Read } from "./input.ts";
import { parseTransform } from "./parse-transform.ts";
import { objectOf, onlyKeys, onlyMember, tokenOf } from "./reading.ts";
import { parseSearch } from "./search-request.ts";
import { below, type Place, parseFault } from "./watch-fault.ts";

/** What the watch's own trigger gives: of a stream the document, of a schedule nothing. */
export type Given = { hasDocument: boolean };

type ParseInput = (body: Json, place: Place, given: Given) => Input;

const MAX_INPUTS = 50;

const PARSERS: ReadonlyMap<string, ParseInput> = new Map<string, ParseInput>([
  ["none", (_body, _place, given) => none(given)],
  ["simple", simple],
  ["search", searching],
  ["http", parseHttpInput],
  ["chain", chain],
  ["transform", transforming],
]);

/** `{"search": {…}}`. Throws `watch_invalid`. */
export function parseInput(body: Json, place: Place, given: Given): Input {
  const words = `could not parse input for watch [${place.watchId}].`;
  const object = objectOf(body, () =>
    parseFault(place, `${words} expected an object representing the input, but found [${tokenOf(body)}] instead`),
  );
  const [type, inner] = onlyMember(object) ?? [];
  if (type === undefined || inner === undefined) {
    const several = Object.keys(object);
    const found = several.length === 0 ? "an empty object" : `[${several.join(", ")}]`;
    throw parseFault(place, `${words} expected field indicating the input type, but found ${found} instead`);
  }
  const parser = PARSERS.get(type);
  if (parser === undefined) throw parseFault(below(place, type), `${words} unknown input type [${type}]`);
  if (!isJsonObject(inner))
    throw parseFault(
      below(place, type),
      `${words} expected an object representing input [${type}], but found [${tokenOf(inner)}] instead`,
    );
  return parser(inner, below(place, type), given);
}

/** Of a stream the document itself. */
export function none({ hasDocument }: Given): Input {
  return { type: "none", read: (ctx) => ({ payload: hasDocument ? ctx.payload : {} }) };
}

function simple(body: Json): Input {
  return { type: "simple", read: () => ({ payload: body }) };
}

function searching(body: Json, place: Place): Input {
  const search = parseSearch(body, { place, what: "input" });
  return {
    type: "search",
    async read(ctx, ports) {
      const { payload, request } = await search(ctx, ports);
      return { payload, body: { request } };
    },
  };
}

function transforming(body: Json, place: Place): Input {
  const transform = parseTransform(body, place);
  return { type: "transform", read: (ctx, ports) => next(transform.apply(ctx, ports), ({ payload }) => ({ payload })) };
}

/** `{"inputs": [{"name": {…}}, …]}`: each sees the payloads of those before it by their names. */
function chain(body: Json, place: Place, given: Given): Input {
  const fault = (reason: string, at: Place = place) => parseFault(at, reason);
  const object = objectOf(body, () => fault(`Expected starting JSON object after [chain] in watch [${place.watchId}]`));
  onlyKeys(object, ["inputs"], (key) =>
    fault(`unexpected field [${key}] in a chain input of watch [${place.watchId}]`, below(place, key)),
  );
  const { inputs } = object;
  if (!Array.isArray(inputs) || inputs.length === 0 || inputs.length > MAX_INPUTS)
    throw fault(
      `a chain input of watch [${place.watchId}] must have [inputs], an array of 1 to ${MAX_INPUTS} named inputs`,
    );
  const named = inputs.map((item: Json, index) => {
    const at = below(place, "inputs", index);
    const [name, inner] = isJsonObject(item) ? (onlyMember(item) ?? []) : [];
    if (name === undefined || inner === undefined)
      throw fault(`Expected closing JSON object after parsing one input in watch [${place.watchId}]`, at);
    if (!isJsonObject(inner))
      throw fault(`Expected starting JSON object after [${name}] in watch [${place.watchId}]`, at);
    return { name, input: parseInput(inner, below(at, name), given) };
  });
  return {
    type: "chain",
    read(ctx, ports) {
      let read: Read | Promise<Read> = { payload: {}, body: {} };
      for (const { name, input } of named)
        read = next(read, (before) => {
          // The first none of a stream sees the document, and not what the chain has so far.
          const seen = input.type === "none" ? ctx : { ...ctx, payload: before.payload };
          return next(input.read(seen, ports), (made) => joined(before, { name, type: input.type, made }));
        });
      return read;
    },
  };
}

function joined({ payload, body }: Read, { name, type, made }: { name: string; type: string; made: Read }): Read {
  const result: JsonObject = {
    type,
    status: "success",
    payload: made.payload,
    ...(made.body === undefined ? {} : { [type]: made.body }),
  };
  return {
    payload: { ...(payload as JsonObject), [name]: made.payload },
    body: { ...body, [name]: result },
  };
}
