import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { isJsonObject } from "../../events/json-object.ts";
import type { WatchContext } from "../context.ts";
import { reached } from "../template/path.ts";
import type { Render } from "./action.ts";
import { objectOf, onlyKeys, tokenOf } from "./reading.ts";
import { parseTemplate } from "./text-template.ts";
import { below, illegalArgument, type Place, parseFault, watchFailed } from "./watch-fault.ts";

const MESSAGE_KEYS = ["from", "to", "text", "icon", "attachments", "dynamic_attachments"];
const ATTACHMENT_KEYS = [
  "fallback",
  "color",
  "pretext",
  "author_name",
  "author_link",
  "author_icon",
  "title",
  "title_link",
  "text",
  "fields",
  "image_url",
  "thumb_url",
  "mrkdwn_in",
  "footer",
  "footer_icon",
  "ts",
];

type RenderValue = (ctx: WatchContext, element?: Json) => Json;

/** A message in Watcher's own form: `from`, `to`, `text`, `icon`, `attachments`; dynamic ones stand among the latter. */
export function parseSlack(body: Json, place: Place): Render {
  const words = `failed to parse [slack] action [${place.watchId}].`;
  const object = objectOf(body, () => parseFault(place, `${words} unexpected token [${tokenOf(body)}]`));
  if (object["proxy"] !== undefined)
    throw illegalArgument(below(place, "proxy"), "[proxy] of a request is not supported");
  onlyKeys(object, ["account", "message"], (key) =>
    parseFault(below(place, key), `${words} unexpected field [${key}]`),
  );
  const { account, message } = object;
  if (account !== undefined && typeof account !== "string")
    throw parseFault(below(place, "account"), `${words} unexpected token [${tokenOf(account)}]`);
  const at = below(place, "message");
  if (message === undefined) throw parseFault(place, `${words} missing required [message] field`);
  const render = parseMessage(message, at);
  return (ctx) => [{ ...(account === undefined ? {} : { account }), message: render(ctx) }];
}

function parseMessage(message: Json, place: Place): (ctx: WatchContext) => JsonObject {
  const fault = (words: string, at = place) => parseFault(at, `could not parse slack message. ${words}`);
  const object = objectOf(message, () => fault(`unexpected token [${tokenOf(message)}]`));
  onlyKeys(object, MESSAGE_KEYS, (key) => fault(`unknown field [${key}].`, below(place, key)));
  const { attachments, dynamic_attachments: dynamic, to, ...texts } = object;
  const render = templates(texts, place);
  const recipients = to === undefined ? undefined : templates(Array.isArray(to) ? to : [to], below(place, "to"));
  if (attachments !== undefined && !Array.isArray(attachments))
    throw fault("expected an array of attachments", below(place, "attachments"));
  const fixed = (attachments ?? []).map((one: Json, index: number) =>
    parseAttachment(one, below(place, "attachments", index)),
  );
  const made = dynamic === undefined ? undefined : parseDynamic(dynamic, below(place, "dynamic_attachments"));
  return (ctx) => {
    const all = [...fixed.map((one: RenderValue) => one(ctx)), ...(made?.(ctx) ?? [])];
    return {
      ...(render(ctx) as JsonObject),
      ...(recipients === undefined ? {} : { to: recipients(ctx) }),
      ...(all.length === 0 ? {} : { attachments: all }),
    };
  };
}

function parseAttachment(value: Json, place: Place): RenderValue {
  const object = objectOf(value, () =>
    parseFault(place, `could not parse message attachment. unexpected token [${tokenOf(value)}]`),
  );
  onlyKeys(object, ATTACHMENT_KEYS, (key) =>
    parseFault(below(place, key), `could not parse message attachment field. unexpected field [${key}]`),
  );
  return templates(object, place);
}

/** One attachment an element of a list, whose members its template names directly. */
function parseDynamic(value: Json, place: Place): (ctx: WatchContext) => readonly Json[] {
  const fault = (words: string) => parseFault(place, `could not parse dynamic attachments. ${words}`);
  const object = objectOf(value, () => fault(`unexpected token [${tokenOf(value)}]`));
  onlyKeys(object, ["list_path", "attachment_template"], (key) => fault(`unexpected field [${key}]`));
  const { list_path: path, attachment_template: template } = object;
  if (typeof path !== "string" || template === undefined)
    throw fault("missing required field [list_path] or [attachment_template]");
  const render = parseAttachment(template, below(place, "attachment_template"));
  return (ctx) => {
    const list = reached({ ctx }, path.split("."));
    if (!Array.isArray(list))
      throw watchFailed(
        "illegal_argument_exception",
        `dynamic attachment could not be resolved. expected context [${path}] to be a list, but found [${tokenOf(list)}] instead`,
      );
    return list.map((element: Json) => render(ctx, element));
  };
}

/** A value with templates in its texts. */
function templates(value: Json, place: Place): RenderValue {
  if (typeof value === "string") return parseTemplate(value, { place, form: "text" });
  if (Array.isArray(value)) {
    const items = value.map((item: Json, index: number) => templates(item, below(place, index)));
    return (ctx, element) => items.map((item: RenderValue) => item(ctx, element));
  }
  if (!isJsonObject(value)) return () => value;
  const members = Object.entries(value).map(([key, inner]) => [key, templates(inner, below(place, key))] as const);
  return (ctx, element) => Object.fromEntries(members.map(([key, render]) => [key, render(ctx, element)]));
}
