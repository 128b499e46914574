import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { isJsonObject } from "../../events/json-object.ts";
import { parseJsonExact } from "../../lib/json.ts";
import { isDeeperThan } from "../../lib/json-depth.ts";
import type { HttpAsked, WatchPorts } from "../watch.ts";
import { hideSecrets } from "../watch-secrets.ts";
import { extracted } from "./extract.ts";
import { parseHttpRequest } from "./http-request.ts";
import type { Input } from "./input.ts";
import { objectOf, onlyKeys, textsOf, tokenOf } from "./reading.ts";
import { below, illegalArgument, type Place, parseFault, watchFailed, wrapped } from "./watch-fault.ts";

const KEYS = ["request", "extract", "response_content_type"];
const DEFAULT_TIMEOUT_MS = 10_000;
const MAX_DEPTH = 100;

type Answer = Awaited<ReturnType<WatchPorts["fetch"]>>;

/** `{"request": {…}, "extract": […], "response_content_type": "json"}` */
export function parseHttpInput(body: Json, place: Place): Input {
  const words = `could not parse [http] input for watch [${place.watchId}].`;
  const object = objectOf(body, () => parseFault(place, `${words} unexpected token [${tokenOf(body)}]`));
  onlyKeys(object, KEYS, (key) => parseFault(below(place, key), `${words} unexpected string field [${key}]`));
  if (object["request"] === undefined) throw parseFault(place, `${words} missing require [request] field`);
  const extract = object["extract"] === undefined ? undefined : textsOf(object["extract"]);
  if (object["extract"] !== undefined && (extract === undefined || typeof object["extract"] === "string"))
    throw parseFault(
      below(place, "extract"),
      `${words} expected a string value as an [extract] item but found [${tokenOf(object["extract"])}] instead`,
    );
  const type = readType(object["response_content_type"], { place: below(place, "response_content_type"), words });
  if (type === "text" && extract !== undefined)
    throw parseFault(place, `${words} key extraction is not supported for content type [text]`);
  const request = readRequest(object["request"], { place: below(place, "request"), words });
  return {
    type: "http",
    async read(ctx, ports) {
      const rendered = request.render(ctx);
      const answer = await ports.fetch(askedOf(rendered));
      return {
        payload: payloadOf(answer, { type, extract }),
        body: { request: hideSecrets(rendered), status_code: answer.status },
      };
    },
  };
}

type ContentType = "json" | "text";

function readType(value: Json | undefined, { place, words }: { place: Place; words: string }): ContentType | undefined {
  if (value === undefined || value === "json" || value === "text") return value;
  if (value === "yaml") throw illegalArgument(place, "[yaml] is not supported as a response_content_type");
  throw parseFault(place, `${words} unknown content type [${String(value)}]`);
}

function readRequest(value: Json | undefined, { place, words }: { place: Place; words: string }) {
  try {
    return parseHttpRequest(value, place);
  } catch (error) {
    throw wrapped(place, `${words} failed to parse http request template`, error);
  }
}

/** A rendered request as it goes out. */
function askedOf(request: JsonObject): HttpAsked {
  const { method, body, headers, auth } = request;
  const timeout = (name: string) => {
    const value = request[`${name}_in_millis`];
    return typeof value === "number" ? value : DEFAULT_TIMEOUT_MS;
  };
  const basic = isJsonObject(auth) && isJsonObject(auth["basic"]) ? auth["basic"] : undefined;
  const credentials = basic === undefined ? undefined : `${String(basic["username"])}:${String(basic["password"])}`;
  return {
    method: String(method).toUpperCase(),
    url: addressOf(request),
    headers: {
      ...(headers as Readonly<Record<string, string>> | undefined),
      ...(credentials === undefined ? {} : { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` }),
    },
    body: typeof body === "string" ? body : undefined,
    timeoutMs: timeout("connection_timeout") + timeout("read_timeout"),
  };
}

function addressOf({ url, scheme, host, port, path, params }: JsonObject): string {
  const tail = typeof path === "string" ? path.replace(/^\/*/, "/") : "/";
  const base = typeof url === "string" ? url : `${String(scheme)}://${String(host)}:${String(port)}${tail}`;
  if (!URL.canParse(base)) throw watchFailed("illegal_argument_exception", `malformed URL [${base.slice(0, 200)}]`);
  const address = new URL(base);
  for (const [name, value] of Object.entries(isJsonObject(params) ? params : {}))
    address.searchParams.append(name, String(value));
  return address.href;
}

type Reading = { type: ContentType | undefined; extract: readonly string[] | undefined };

/** JSON's members, a JSON list as `data`, text as `_value`; beside them `_status_code` and `_headers`. */
function payloadOf({ status, headers, text }: Answer, { type, extract }: Reading): JsonObject {
  const lists = Object.entries(headers).map(([name, value]) => [name, [value]] as const);
  const base: JsonObject = {
    _status_code: status,
    ...(lists.length === 0 ? {} : { _headers: Object.fromEntries(lists) }),
  };
  if (text === "") return base;
  const named = Object.entries(headers).find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
  const isJson = type === undefined ? /[/+]json\b/i.test(named) || /^\s*\{/.test(text) : type === "json";
  if (!isJson) return { ...base, _value: text };
  const read = parsed(text);
  if (Array.isArray(read)) return { ...base, data: read };
  if (!isJsonObject(read)) throw notJson(text);
  return { ...base, ...(extract === undefined ? read : extracted(read, extract)) };
}

function parsed(text: string): Json {
  if (isDeeperThan(text, MAX_DEPTH))
    throw watchFailed("parse_exception", `the response is nested more than ${MAX_DEPTH} deep`);
  try {
    return parseJsonExact(text) as Json;
  } catch {
    throw notJson(text);
  }
}

function notJson(text: string) {
  return watchFailed(
    "parse_exception",
    `could not parse response body [${text.slice(0, 200)}] it does not appear to be [json]`,
  );
}
