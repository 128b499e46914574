import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { resolveDateMath } from "../../events/index-date-math.ts";
import { isJsonObject } from "../../events/json-object.ts";
import { messageOf } from "../../lib/fault.ts";
import type { WatchContext } from "../context.ts";
import type { WatchPorts } from "../watch.ts";
import { anchorNow } from "./anchor-now.ts";
import { extracted } from "./extract.ts";
import { objectOf, onlyKeys, readTimeMs, textsOf, tokenOf } from "./reading.ts";
import { parseTemplate } from "./text-template.ts";
import { below, illegalArgument, type Place, parseFault, watchFailed, wrapped } from "./watch-fault.ts";

/** What a search found, and the request as Watcher tells it in its result. */
export type Searched = { payload: JsonObject; request: JsonObject };
export type Search = (ctx: WatchContext, ports: WatchPorts) => Promise<Searched>;

const KEYS = ["request", "extract", "timeout", "timeout_in_millis", "dynamic_name_timezone"];
const REQUEST_KEYS = [
  "indices",
  "types",
  "search_type",
  "indices_options",
  "rest_total_hits_as_int",
  "body",
  "template",
];
const SEARCH_TYPES = ["query_then_fetch", "dfs_query_then_fetch"];

/** The body of a search input or of a search transform; `kind` and `what` are for Elasticsearch's sentences. */
export function parseSearch(body: Json, { place, what }: { place: Place; what: "input" | "transform" }): Search {
  const words = `could not parse [search] ${what} for watch [${place.watchId}].`;
  const object = objectOf(body, () => parseFault(place, `${words} unexpected token [${tokenOf(body)}]`));
  onlyKeys(object, KEYS, (key) => parseFault(below(place, key), `${words} unexpected field [${key}]`));
  if (object["request"] === undefined) throw parseFault(place, `${words} missing required [request] field`);
  if (object["dynamic_name_timezone"] !== undefined && object["dynamic_name_timezone"] !== "UTC")
    throw illegalArgument(below(place, "dynamic_name_timezone"), "names of indices are resolved in UTC alone");
  const extract = readExtract(object["extract"], { place, words });
  const timeoutMs = readTimeMs({
    object,
    name: "timeout",
    place: below(place, "timeout"),
    reason: "failed to parse time unit",
  });
  const request = readRequest(object["request"], { place: below(place, "request"), words });
  return async (ctx, ports) => {
    const indices = request.indices.map((name) => resolveDateMath(name, ports.nowMs));
    const written = request.body(ctx);
    const timed = timeoutMs === undefined || "timeout" in written ? written : { ...written, timeout: `${timeoutMs}ms` };
    const searched = anchorNow(timed, ports.nowMs);
    const response = await ports.search({ indices, body: searched, nowMs: ports.nowMs });
    const answer = request.totalAsInt ? withIntegerTotal(response) : (response as unknown as JsonObject);
    return {
      payload: extract === undefined ? answer : extracted(answer, extract),
      request: {
        search_type: "query_then_fetch",
        indices,
        rest_total_hits_as_int: request.totalAsInt,
        body: searched,
      },
    };
  };
}

type Request = { indices: readonly string[]; totalAsInt: boolean; body(ctx: WatchContext): JsonObject };

function readRequest(value: Json | undefined, { place, words }: { place: Place; words: string }): Request {
  try {
    return requestOf(value, place);
  } catch (error) {
    throw wrapped(place, `${words} failed to parse [request]`, error);
  }
}

function requestOf(value: Json | undefined, place: Place): Request {
  const fault = (reason: string, key?: string) =>
    parseFault(key === undefined ? place : below(place, key), `could not read search request. ${reason}`);
  const object = objectOf(value, () => fault(`unexpected token [${tokenOf(value)}]`));
  onlyKeys(object, REQUEST_KEYS, (key) => fault(`unexpected ${kindOf(object[key])} field [${key}]`, key));
  if (object["template"] !== undefined)
    throw illegalArgument(below(place, "template"), "search templates are not supported: write the search into [body]");
  const { types } = object;
  if (types !== undefined && !Array.isArray(types)) throw fault(`unexpected ${kindOf(types)} field [types]`, "types");
  if (Array.isArray(types) && types.length > 0) throw fault("unsupported non-empty array field [types]", "types");
  const searchType = object["search_type"] ?? "query_then_fetch";
  if (typeof searchType !== "string" || !SEARCH_TYPES.includes(searchType.toLowerCase()))
    throw illegalArgument(below(place, "search_type"), `No search type for [${String(searchType)}]`);
  checkIndicesOptions(object["indices_options"], below(place, "indices_options"));
  const asInt = object["rest_total_hits_as_int"] ?? true;
  if (![true, false, "true", "false"].includes(asInt as string))
    throw fault(`unexpected ${kindOf(asInt)} field [rest_total_hits_as_int]`, "rest_total_hits_as_int");
  const body = object["body"] ?? {};
  if (!isJsonObject(body)) throw fault(`unexpected ${kindOf(body)} field [body]`, "body");
  return {
    indices: readIndices(object["indices"], fault, place),
    totalAsInt: String(asInt) === "true",
    body: readBody(body, place),
  };
}

type FaultOf = (reason: string, key: string) => unknown;

function readIndices(value: Json | undefined, fault: FaultOf, place: Place): readonly string[] {
  const texts = textsOf(value ?? []);
  if (texts === undefined)
    throw fault(`expected string values in [indices] field, but instead found [${tokenOf(value)}]`, "indices");
  const names = texts.flatMap((text) => text.split(",")).map((name) => name.trim());
  for (const name of names) {
    try {
      resolveDateMath(name, 0);
    } catch (error) {
      throw illegalArgument(below(place, "indices"), messageOf(error));
    }
  }
  return names.filter((name) => name !== "");
}

/** The body is a template as a whole: it is rendered as JSON text, and read again. */
function readBody(body: JsonObject, place: Place): (ctx: WatchContext) => JsonObject {
  const text = JSON.stringify(body);
  if (!text.includes("{{")) return () => body;
  const template = parseTemplate(text, { place: below(place, "body"), form: "json" });
  return (ctx) => {
    const rendered = template(ctx);
    try {
      const read: unknown = JSON.parse(rendered);
      if (isJsonObject(read as Json)) return read as JsonObject;
    } catch {
      // Told below, as what is no object.
    }
    throw watchFailed("parsing_exception", `the search body's template gave no JSON object: ${rendered.slice(0, 500)}`);
  };
}

/** What is missing is always left out, as Watcher does where nothing is said. */
const LENIENT: Readonly<Record<string, readonly string[]>> = {
  expand_wildcards: ["open"],
  ignore_unavailable: ["true"],
  allow_no_indices: ["true"],
  ignore_throttled: ["true", "false"],
};

function checkIndicesOptions(options: Json | undefined, place: Place): void {
  if (options === undefined) return;
  const object = objectOf(options, () =>
    parseFault(place, `could not read search request. unexpected token [${tokenOf(options)}]`),
  );
  for (const [name, value] of Object.entries(object)) {
    const lenient = Object.hasOwn(LENIENT, name) ? LENIENT[name] : undefined;
    if (lenient === undefined)
      throw parseFault(below(place, name), `could not read indices options. unexpected object field [${name}]`);
    const values = Array.isArray(value) ? value.map(String) : [String(value)];
    if (!values.every((text) => lenient.includes(text)))
      throw illegalArgument(
        below(place, name),
        `[${name}: ${values.join(",")}] is not supported: it is always ${lenient[0]}`,
      );
  }
}

function readExtract(
  value: Json | undefined,
  { place, words }: { place: Place; words: string },
): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const texts = Array.isArray(value) ? textsOf(value) : undefined;
  if (texts !== undefined) return texts;
  throw parseFault(
    below(place, "extract"),
    `${words} expected a string value in [extract] array, but found [${tokenOf(value)}] instead`,
  );
}

/** Watcher's answers have `hits.total` as a number, where the request does not ask otherwise. */
function withIntegerTotal(response: Awaited<ReturnType<WatchPorts["search"]>>): JsonObject {
  const { hits, ...rest } = response as unknown as { hits: JsonObject; [key: string]: Json };
  const { total } = hits;
  return { ...rest, hits: isJsonObject(total) ? { ...hits, total: total["value"] ?? null } : hits };
}

function kindOf(value: Json | undefined): string {
  if (Array.isArray(value)) return "array";
  return value === null || value === undefined ? "null" : typeof value;
}
