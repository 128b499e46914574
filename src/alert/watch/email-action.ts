import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { isJsonObject } from "../../events/json-object.ts";
import type { WatchContext } from "../context.ts";
import type { Template } from "../template/template.ts";
import type { Render } from "./action.ts";
import { objectOf, onlyKeys, tokenOf } from "./reading.ts";
import { parseTemplate } from "./text-template.ts";
import { below, illegalArgument, type Place, parseFault } from "./watch-fault.ts";

const ADDRESSES = ["to", "cc", "bcc", "reply_to"] as const;
const KEYS = [
  "account",
  "profile",
  "id",
  "from",
  ...ADDRESSES,
  "priority",
  "subject",
  "body",
  "attach_data",
  "attachments",
];
const PRIORITIES = ["lowest", "low", "normal", "high", "highest"];
const PROFILES = ["standard", "default", "gmail", "mac", "outlook"];

/** An e-mail in Watcher's own form: lists of addresses, `subject`, `body` with `text` and `html`. */
export function parseEmail(body: Json, place: Place): Render {
  const fault = (key: string, words: string) =>
    parseFault(below(place, key), `could not parse email template. ${words}`);
  const object = objectOf(body, () =>
    parseFault(place, `could not parse email template. unexpected token [${tokenOf(body)}]`),
  );
  onlyKeys(object, KEYS, (key) => fault(key, `unexpected field [${key}]`));
  for (const key of ["attach_data", "attachments"])
    if (object[key] !== undefined && object[key] !== false)
      throw illegalArgument(
        below(place, key),
        `[${key}] of an e-mail is not supported: put what matters into its text`,
      );
  const { account, profile, priority } = object;
  if (account !== undefined && typeof account !== "string") throw fault("account", "expected a string");
  if (profile !== undefined && (typeof profile !== "string" || !PROFILES.includes(profile.toLowerCase())))
    throw fault("profile", `unsupported email profile [${String(profile)}]`);
  const isTemplate = typeof priority === "string" && priority.includes("{{");
  if (
    priority !== undefined &&
    !isTemplate &&
    (typeof priority !== "string" || !PRIORITIES.includes(priority.toLowerCase()))
  )
    throw fault("priority", `unknown email priority [${String(priority)}]`);
  const plain = (key: string): readonly (readonly [string, Template])[] => {
    const value = object[key];
    return value === undefined ? [] : [[key, parseTemplate(value, { place: below(place, key), form: "text" })]];
  };
  const texts = ["from", "priority", "subject"].flatMap(plain);
  const addresses = ADDRESSES.flatMap((key) =>
    readAddresses(object[key], below(place, key)).map((list) => [key, list] as const),
  );
  const parts = readBody(object["body"], below(place, "body"));
  return (ctx) => [
    {
      ...(account === undefined ? {} : { account }),
      ...rendered(texts, ctx),
      ...Object.fromEntries(addresses.map(([key, list]) => [key, list.flatMap((template) => split(template(ctx)))])),
      ...(parts.length === 0 ? {} : { body: rendered(parts, ctx) }),
    },
  ];
}

function rendered(parts: readonly (readonly [string, Template])[], ctx: WatchContext): JsonObject {
  return Object.fromEntries(parts.map(([key, template]) => [key, template(ctx)]));
}

/** None or one list. */
function readAddresses(value: Json | undefined, place: Place): readonly (readonly Template[])[] {
  if (value === undefined) return [];
  const items: readonly Json[] = Array.isArray(value) ? value : [value];
  return [
    items.map((item) => {
      if (typeof item === "string") return parseTemplate(item, { place, form: "text" });
      throw parseFault(
        place,
        `could not parse email template. invalid addresses: expected a string or an array of them, but found [${tokenOf(item)}]`,
      );
    }),
  ];
}

/** Addresses in one text are parted by commas, which quotes may hold. */
function split(text: string): string[] {
  const parts = text.match(/(?:"(?:\\.|[^"\\])*"|[^,"])+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

function readBody(value: Json | undefined, place: Place): readonly (readonly [string, Template])[] {
  if (value === undefined) return [];
  if (typeof value === "string") return [["text", parseTemplate(value, { place, form: "text" })]];
  if (!isJsonObject(value))
    throw parseFault(place, `could not parse email template. unexpected token [${tokenOf(value)}] in [body]`);
  onlyKeys(value, ["text", "html"], (key) =>
    parseFault(
      below(place, key),
      `could not parse email template. expected an html, text or [html, text] field but found [${key}] instead`,
    ),
  );
  return Object.entries(value).map(
    ([key, part]) =>
      [key, parseTemplate(part, { place: below(place, key), form: key === "html" ? "html" : "text" })] as const,
  );
}
