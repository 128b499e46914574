import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { isJsonObject } from "../../events/json-object.ts";
import type { WatchContext } from "../context.ts";
import type { Template } from "../template/template.ts";
import { isSecretHeader } from "../watch-secrets.ts";
import { objectOf, onlyKeys, readTimeMs, tokenOf } from "./reading.ts";
import { parseTemplate } from "./text-template.ts";
import { below, illegalArgument, type Place, parseFault } from "./watch-fault.ts";

/**
 * A request of an http input or of a webhook: what it was written as, with its templates rendered. Either `url`, or
 * `scheme`, `host`, `port` and `path`.
 */
export type HttpRequest = {
  /** In Watcher's own form; `auth` as it was written. */
  render(ctx: WatchContext): JsonObject;
};

const KEYS = [
  "url",
  "scheme",
  "host",
  "port",
  "path",
  "params",
  "method",
  "headers",
  "auth",
  "body",
  "connection_timeout",
  "connection_timeout_in_millis",
  "read_timeout",
  "read_timeout_in_millis",
  "read_timeout_millis",
];
/** `user:password@`, also where slashes are missing or of the other kind. */
const USERINFO = /^(?:[a-z][a-z\d+.-]*:)?[\\/]*[^\\/?#]*@/i;
const METHODS = ["head", "get", "post", "put", "delete", "patch"];

/** Throws `watch_invalid`. */
export function parseHttpRequest(body: Json | undefined, place: Place): HttpRequest {
  const words = "could not parse http request template.";
  const object = objectOf(body, () => parseFault(place, `${words} unexpected token [${tokenOf(body)}]`));
  if (object["proxy"] !== undefined)
    throw illegalArgument(below(place, "proxy"), "[proxy] of a request is not supported");
  onlyKeys(object, KEYS, (key) => parseFault(below(place, key), `${words} unexpected object field [${key}]`));
  const address = readAddress(object, { place, words });
  const method = object["method"] ?? "get";
  if (typeof method !== "string" || !METHODS.includes(method.toLowerCase()))
    throw illegalArgument(below(place, "method"), `unsupported http method [${String(method)}]`);
  checkAuth(object["auth"], below(place, "auth"));
  const headers = templates(object["headers"], { place: below(place, "headers"), words });
  const params = templates(object["params"], { place: below(place, "params"), words });
  const text = object["body"];
  const form = isJsonBody(text, object["headers"]) ? "json" : "text";
  const rendered = text === undefined ? undefined : parseTemplate(text, { place: below(place, "body"), form });
  const timeouts = readTimeouts(object, place);
  return {
    render(ctx) {
      return {
        ...address(ctx),
        method: method.toLowerCase(),
        ...(params === undefined ? {} : { params: all(params, ctx) }),
        ...(headers === undefined ? {} : { headers: all(headers, ctx) }),
        ...(object["auth"] === undefined ? {} : { auth: object["auth"] }),
        ...(rendered === undefined ? {} : { body: rendered(ctx) }),
        ...timeouts,
      };
    },
  };
}

type Reading = { place: Place; words: string };

function readAddress(object: JsonObject, { place, words }: Reading): (ctx: WatchContext) => JsonObject {
  const { url, host, scheme = "http", port, path } = object;
  if (url !== undefined) {
    if (host !== undefined || object["scheme"] !== undefined || port !== undefined || path !== undefined)
      throw parseFault(place, `${words} [url] stands for [scheme], [host], [port] and [path]: give either`);
    return urlOf(url, { place: below(place, "url"), words });
  }
  if (typeof host !== "string" || !/^[^\s/?#@{}]+$/.test(host))
    throw parseFault(below(place, "host"), `${words} missing required [host] string field`);
  if (scheme !== "http" && scheme !== "https")
    throw illegalArgument(below(place, "scheme"), `unsupported http scheme [${String(scheme)}]`);
  if (port === undefined && object["scheme"] === undefined)
    throw parseFault(below(place, "port"), `${words} missing required [port] numeric field`);
  const number = port ?? (scheme === "https" ? 443 : 80);
  if (!isPort(number)) throw parseFault(below(place, "port"), `${words} [port] must be a number from 1 to 65535`);
  const tail = path === undefined ? undefined : parseTemplate(path, { place: below(place, "path"), form: "text" });
  return (ctx) => ({ scheme, host, port: Number(number), ...(tail === undefined ? {} : { path: tail(ctx) }) });
}

/** Scheme and host stand as they are: no payload may say where a request goes. */
function urlOf(url: Json, { place, words }: Reading): (ctx: WatchContext) => JsonObject {
  // Before any sentence that tells the address.
  if (typeof url === "string" && USERINFO.test(url))
    throw parseFault(place, `${words} [url] may hold no user and password before an @: use [auth]`);
  if (
    typeof url !== "string" ||
    !/^https?:\/\/[^\s/?#{}]+(?:[/?#]|$)/i.test(url) ||
    !URL.canParse(url.replaceAll(/\{\{.*?\}\}/g, "x"))
  )
    throw parseFault(place, `${words} malformed URL [${String(url)}]`);
  const template = parseTemplate(url, { place, form: "text" });
  return (ctx) => ({ url: template(ctx) });
}

function isPort(value: Json): boolean {
  const number = typeof value === "string" && /^\d{1,5}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) && number > 0 && number <= 65_535;
}

function checkAuth(auth: Json | undefined, place: Place): void {
  if (auth === undefined) return;
  const words = "could not parse http auth.";
  const object = objectOf(auth, () => parseFault(place, `${words} unexpected token [${tokenOf(auth)}]`));
  onlyKeys(object, ["basic"], (key) => parseFault(below(place, key), `unknown http auth type [${key}]`));
  const { basic } = object;
  const { username, password } = isJsonObject(basic) ? basic : {};
  if (typeof username !== "string" || typeof password !== "string")
    throw parseFault(
      below(place, "basic"),
      "could not parse [basic] http auth. missing required [username] or [password] field",
    );
}

function templates(
  value: Json | undefined,
  { place, words }: Reading,
): readonly (readonly [string, Template])[] | undefined {
  if (value === undefined) return undefined;
  const object = objectOf(value, () => parseFault(place, `${words} unexpected token [${tokenOf(value)}]`));
  return Object.entries(object).map(
    ([name, text]) => [name, parseTemplate(text, { place: below(place, name), form: "text" })] as const,
  );
}

/**
 * A webhook's header that logs in is left out of what is stored, and taken from the watch again when it is sent: it must
 * be the same in both. Throws `watch_invalid`.
 */
export function refuseSecretTemplates(headers: JsonObject, place: Place): void {
  const made = Object.entries(headers).find(
    ([name, text]) => isSecretHeader(name) && (isJsonObject(text) || /\{\{|^__\w+__::/.test(String(text))),
  );
  if (made === undefined) return;
  const reason = "a webhook's header that may hold a secret must be a plain text without templates";
  throw illegalArgument(below(place, made[0]), `[${made[0]}] cannot be a template: ${reason}`);
}

function all(named: readonly (readonly [string, Template])[], ctx: WatchContext): JsonObject {
  return Object.fromEntries(named.map(([name, template]) => [name, template(ctx)]));
}

/** Whether the body is JSON: its header says so, or it begins like JSON. */
function isJsonBody(body: Json | undefined, headers: Json | undefined): boolean {
  const named = isJsonObject(headers) ? Object.entries(headers) : [];
  const type = named.find(([name]) => name.toLowerCase() === "content-type")?.[1];
  if (typeof type === "string") return /json/i.test(type);
  const text = isJsonObject(body) ? (body["source"] ?? body["inline"]) : body;
  return typeof text === "string" && /^\s*(?:\{(?!\{)|\[)/.test(text);
}

function readTimeouts(object: JsonObject, place: Place): JsonObject {
  const read = (name: string) =>
    readTimeMs({
      object,
      name,
      place: below(place, name),
      reason: `could not parse http request template. invalid time value for [${name}] field`,
    });
  const connectionMs = read("connection_timeout");
  const { read_timeout_millis: older, ...rest } = object;
  const readMs = typeof older === "number" && rest["read_timeout"] === undefined ? older : read("read_timeout");
  return {
    ...(connectionMs === undefined ? {} : { connection_timeout_in_millis: connectionMs }),
    ...(readMs === undefined ? {} : { read_timeout_in_millis: readMs }),
  };
}
