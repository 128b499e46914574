import type { FieldView } from "./panel-views.ts";

/** What the caret stands in: the beginning of a field's name, or of a value of a field. */
export type Word =
  | { kind: "field"; start: number; end: number; text: string }
  | { kind: "value"; start: number; end: number; text: string; field: string };

const WORD_CHARACTER = /[^\s()[\]{}"]/;

/** The word of a query string that the caret is in; undefined within a phrase that belongs to no field. */
export function wordAt(query: string, caret: number): Word | undefined {
  const quoted = openQuote(query, caret);
  if (quoted !== undefined) {
    const field = fieldBefore(query, quoted);
    if (field === undefined) return undefined;
    const close = query.indexOf('"', caret);
    const end = close < 0 ? query.length : close + 1;
    return { kind: "value", start: quoted, end, text: query.slice(quoted + 1, caret), field };
  }
  let start = caret;
  while (start > 0 && WORD_CHARACTER.test(query[start - 1] ?? "")) start -= 1;
  let end = caret;
  while (end < query.length && WORD_CHARACTER.test(query[end] ?? "")) end += 1;
  const text = query.slice(start, caret);
  const colon = unescapedColon(text);
  if (colon === undefined) {
    const signs = /^[+\-!]*/.exec(text)?.[0].length ?? 0;
    return { kind: "field", start: start + signs, end, text: text.slice(signs) };
  }
  const field = text.slice(0, colon).replace(/^[+\-!]*/, "");
  return { kind: "value", start: start + colon + 1, end, text: text.slice(colon + 1), field: plainField(field) };
}

/** The fields whose names hold what was written, those that begin with it first. */
export function fieldsFor(fields: readonly FieldView[], text: string, most: number): FieldView[] {
  const wanted = text.toLowerCase();
  const rank = ({ name }: FieldView) => {
    const at = name.toLowerCase().indexOf(wanted);
    return at < 0 ? -1 : at === 0 ? 2 : /[._]/.test(name[at - 1] ?? "") ? 1 : 0;
  };
  return fields
    .filter((field) => field.searchable && rank(field) >= 0)
    .sort((a, b) => rank(b) - rank(a) || a.name.length - b.name.length || a.name.localeCompare(b.name))
    .slice(0, most);
}

/** The query with the word completed, and where the caret stands then. */
export function completed(query: string, word: Word, choice: string): { query: string; caret: number } {
  const put = word.kind === "field" ? `${escapedField(choice)}:` : `${valueText(choice)} `;
  // What follows the word may begin with the blank already.
  const rest = query.slice(word.end).replace(/^ /, word.kind === "value" ? "" : " ");
  return { query: query.slice(0, word.start) + put + rest, caret: word.start + put.length };
}

/** A value as a query string takes it: a plain word, or a phrase. */
export function valueText(value: string): string {
  if (/^[\p{L}\p{N}_.@%]+$/u.test(value) && !/^(AND|OR|NOT|TO)$/.test(value)) return value;
  return `"${value.replace(/["\\]/g, (one) => `\\${one}`)}"`;
}

function escapedField(name: string): string {
  return name.replace(/[\s:()[\]{}"\\]/g, (one) => `\\${one}`);
}

function plainField(name: string): string {
  return name.replace(/\\(.)/g, "$1");
}

function unescapedColon(text: string): number | undefined {
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === ":") return at;
  }
  return undefined;
}

/** Where the quotation mark stands that is open at the caret. */
function openQuote(query: string, caret: number): number | undefined {
  let open: number | undefined;
  for (let at = 0; at < caret; at += 1) {
    if (query[at] === "\\") at += 1;
    else if (query[at] === '"') open = open === undefined ? at : undefined;
  }
  return open;
}

function fieldBefore(query: string, quote: number): string | undefined {
  if (query[quote - 1] !== ":") return undefined;
  const word = wordAt(query, quote - 1);
  return word?.kind === "field" && word.text !== "" ? plainField(word.text) : undefined;
}
