import { Fault } from "../lib/fault.ts";
import type { IngestDocument } from "./document/document.ts";
import { MAX_TEXT } from "./document/expand.ts";
import { cloned, isObject, type JsonObject, type JsonValue, textOf } from "./document/json.ts";
import { pathKeys } from "./document/path.ts";
import { documentFault } from "./ingest-fault.ts";

export type Template = (document: IngestDocument) => string;

/**
 * A text with fields in it, in Mustache's form: `{{{path}}}` puts the value as it is, `{{path}}` escaped for JSON (as
 * Elasticsearch does where no other media type is given); a field that is missing is nothing. Sections, partials and
 * comments are not supported: throws `template_invalid`.
 */
export function compileTemplate(text: string, options: { escapeJson: boolean } = { escapeJson: true }): Template {
  if (!text.includes("{{")) return () => text;
  const parts: Template[] = [];
  let from = 0;
  for (const match of text.matchAll(/\{\{\{([^{}]*)\}\}\}|\{\{(&?)([^{}]*)\}\}/g)) {
    const [whole, raw, unescaped, escaped = ""] = match;
    const literal = text.slice(from, match.index);
    parts.push(() => literal);
    from = match.index + whole.length;
    const path = (raw ?? escaped).trim();
    if (/^[#^/>!=]/.test(path)) throw new Fault("template_invalid", `[${whole}] is not supported in a template`);
    pathKeys(path);
    const asIs = raw !== undefined || unescaped === "&" || !options.escapeJson;
    parts.push((document) => {
      const value = textOf(document.get(path));
      return asIs ? value : JSON.stringify(value).slice(1, -1);
    });
  }
  const rest = text.slice(from);
  if (rest.includes("{{")) throw new Fault("template_invalid", `[${rest.slice(0, 100)}] has an unclosed {{`);
  return (document) => {
    const rendered = parts.map((part) => part(document)).join("") + rest;
    if (rendered.length > MAX_TEXT) throw documentFault(`a template made more than ${MAX_TEXT} characters`);
    return rendered;
  };
}

/** A JSON value with templates in its texts. */
export function compileValue(
  value: JsonValue,
  options?: { escapeJson: boolean },
): (document: IngestDocument) => JsonValue {
  if (typeof value === "string") return compileTemplate(value, options);
  if (Array.isArray(value)) {
    const items = value.map((item) => compileValue(item, options));
    return (document) => items.map((item) => item(document));
  }
  if (isObject(value)) {
    const members = Object.entries(value).map(([key, inner]) => [key, compileValue(inner, options)] as const);
    return (document) => {
      const made: JsonObject = {};
      for (const [key, member] of members) made[key] = member(document);
      return made;
    };
  }
  return () => cloned(value);
}
