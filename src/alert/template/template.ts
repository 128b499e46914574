import mustache from "mustache";
import type { Json } from "../../events/document.ts";
import { isJsonObject } from "../../events/json-object.ts";
import { Fault, messageOf } from "../../lib/fault.ts";
import type { WatchContext } from "../context.ts";
import { reached } from "./path.ts";
import { escaped, type Form, textOf, urlEncoded } from "./texts.ts";

/**
 * Renders for one context; `element` is looked into first. Throws `template_failed` where the result would be too long.
 */
export type Template = (ctx: WatchContext, element?: Json) => string;

/** `params` are seen beside `ctx`. */
type TemplateOptions = { form: Form; params?: { readonly [key: string]: Json } };

type Part = (rendering: Rendering) => void;
/** The scopes around, the outermost first, and what is written. */
type Rendering = { scopes: readonly Json[]; write(text: string): void };

const MAX_TEMPLATE = 262_144;
const MAX_TEXT = 1_048_576;
/** What each part costs beside its characters, so that what repeats nothing ends, too. */
const PART_COST = 8;
const JOIN = /^join delimiter='(.*)'$/i;

/**
 * Compiles a Mustache template over `ctx`, with Elasticsearch's `toJson`, `join` and `url`. `{{x}}` is escaped as said,
 * `{{{x}}}` and `{{&x}}` are not. Values are own members of JSON alone, never functions. Throws `template_invalid`.
 */
export function compileTemplate(text: string, { form, params }: TemplateOptions): Template {
  if (!text.includes("{{")) return () => text;
  if (text.length > MAX_TEMPLATE) throw invalid(`more than ${MAX_TEMPLATE} characters`);
  const parts = compileParts(tokensOf(text), form);
  return (ctx, element) => {
    const written: string[] = [];
    let length = 0;
    const write = (part: string) => {
      length += part.length + PART_COST;
      if (length > MAX_TEXT) throw new Fault("template_failed", `A template made more than ${MAX_TEXT} characters.`);
      written.push(part);
    };
    const root = { ...params, ctx };
    const rendering: Rendering = { scopes: element === undefined ? [root] : [root, element], write };
    for (const part of parts) part(rendering);
    return written.join("");
  };
}

type Token = { kind: string; value: string; inner: readonly Token[] };

/** A writer of its own, which keeps no templates. */
const parser = new mustache.Writer();
parser.clearCache();

function tokensOf(text: string): Token[] {
  try {
    return namedTokens(parser.parse(text));
  } catch (error) {
    throw invalid(messageOf(error));
  } finally {
    parser.clearCache();
  }
}

/** mustache.js tells a token as a list: kind, value, start, end, and the tokens within. */
function namedTokens(tokens: unknown): Token[] {
  if (!Array.isArray(tokens)) return [];
  return tokens.map((token: readonly unknown[]) => ({
    kind: String(token[0]),
    value: String(token[1]),
    inner: namedTokens(token[4]),
  }));
}

function compileParts(tokens: readonly Token[], form: Form): Part[] {
  return tokens.flatMap(({ kind, value, inner }): Part[] => {
    if (kind === "text") return [({ write }) => write(value)];
    if (kind === "name") return [variable(value, form)];
    if (kind === "&") return [variable(value, "text")];
    if (kind === "#") return [section(value, inner, form)];
    if (kind === "^") return [inverted(value, compileParts(inner, form))];
    if (kind === ">") throw invalid(`partials are not supported: {{> ${value}}}`);
    // Comments, and changes of the delimiters, which the tokens have followed.
    return [];
  });
}

function variable(name: string, form: Form): Part {
  const find = lookup(name);
  return ({ scopes, write }) => write(escaped(textOf(find(scopes)), form));
}

function section(name: string, inner: readonly Token[], form: Form): Part {
  const lower = name.toLowerCase();
  if (lower === "tojson") return toJson(onlyName(name, inner), form);
  if (lower === "join") return join(onlyName(name, inner), ",", form);
  const [, delimiter] = JOIN.exec(name) ?? [];
  if (delimiter !== undefined) return join(onlyName(name, inner), delimiter, form);
  const parts = compileParts(inner, lower === "url" ? "text" : form);
  if (lower === "url") return url(parts);
  const find = lookup(name);
  return ({ scopes, write }) => {
    const value = find(scopes);
    if (isFalsy(value)) return;
    const within = Array.isArray(value) ? value : [value === true ? (scopes.at(-1) ?? null) : (value ?? null)];
    for (const scope of within) {
      const rendering = { scopes: [...scopes, scope], write };
      write("");
      for (const part of parts) part(rendering);
    }
  };
}

function inverted(name: string, parts: readonly Part[]): Part {
  const find = lookup(name);
  return (rendering) => {
    if (isFalsy(find(rendering.scopes))) for (const part of parts) part(rendering);
  };
}

/** Lists and objects as JSON; a text or a number as it is, for quotes that stand around it. */
function toJson(name: string, form: Form): Part {
  const find = lookup(name);
  return ({ scopes, write }) => {
    const value = find(scopes) ?? null;
    const isText = typeof value === "string";
    write(isText ? escaped(value, form === "json" ? "json" : "text") : JSON.stringify(value));
  };
}

function join(name: string, delimiter: string, form: Form): Part {
  const find = lookup(name);
  return ({ scopes, write }) => {
    const value = find(scopes);
    const items = Array.isArray(value) ? value : [value];
    write(items.map((item: Json | undefined) => escaped(textOf(item), form)).join(delimiter));
  };
}

function url(parts: readonly Part[]): Part {
  return ({ scopes, write }) => {
    for (const part of parts) part({ scopes, write: (text) => write(urlEncoded(text)) });
  };
}

/** The functions take the name of one value, as plain text. */
function onlyName(of: string, inner: readonly Token[]): string {
  const [only, ...more] = inner;
  if (only?.kind !== "text" || more.length > 0) throw invalid(`[${of}] must contain one and only one name`);
  return only.value.trim();
}

/** The first name is looked up from the innermost scope outwards, the rest below it. */
function lookup(name: string): (scopes: readonly Json[]) => Json | undefined {
  if (name === ".") return (scopes) => scopes.at(-1);
  const keys = name.split(".");
  return (scopes) => {
    for (let at = scopes.length - 1; at >= 0; at -= 1) {
      const scope = scopes[at] ?? null;
      const value = isJsonObject(scope) || Array.isArray(scope) ? reached(scope, keys) : undefined;
      if (value !== undefined) return value;
    }
    return undefined;
  };
}

/** As Mustache for Java has it: 0 is true. */
function isFalsy(value: Json | undefined): boolean {
  return (
    value === undefined ||
    value === null ||
    value === false ||
    value === "" ||
    (Array.isArray(value) && value.length === 0)
  );
}

function invalid(reason: string): Fault {
  return new Fault("template_invalid", reason);
}
