import type { Json } from "../../events/document.ts";
import { escapeHtml } from "../../lib/escape-html.ts";
import { javaDouble } from "../script/java-text.ts";

/** What is rendered, which says how values are escaped in it. */
export type Form = "text" | "json" | "html";

export function escaped(text: string, form: Form): string {
  if (form === "json") return JSON.stringify(text).slice(1, -1);
  return form === "html" ? escapeHtml(text) : text;
}

/** A value as Elasticsearch's templates write it: objects and lists as Java's maps, what is missing as nothing. */
export function textOf(value: Json | undefined): string {
  return value === null || value === undefined ? "" : javaText(value);
}

function javaText(value: Json): string {
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : javaDouble(value);
  if (value === null || typeof value !== "object") return String(value);
  // A list is told as a map of its indices.
  return `{${Object.entries(value)
    .map(([key, member]) => `${key}=${javaText(member)}`)
    .join(", ")}}`;
}

/** As `URLEncoder` does for forms. */
export function urlEncoded(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll("%20", "+")
    .replaceAll(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
