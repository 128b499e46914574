import type { Json } from "../../events/document.ts";
import { fieldName, isUnmapped, literal, type Unmapped } from "./lucene-words.ts";
import { queryStringOf } from "./query-string.ts";

type Tree = { readonly [part: string]: Json };

/** A query of Query DSL in Lucene's syntax, which is all that Grafana's editor takes. */
export function luceneOf(query: Json): string | Unmapped {
  const [kind, inner] = only(query);
  switch (kind) {
    case "match_all":
      return "*:*";
    case "term":
      return fieldQuery(inner, (value) => literal((value as Tree | null)?.["value"] ?? value));
    case "terms":
      return fieldQuery(inner, (values) => (Array.isArray(values) ? group(values.map(literal), "OR") : undefined));
    case "exists":
      return `_exists_:${fieldName(String((inner as Tree)["field"]))}`;
    case "regexp":
      return fieldQuery(inner, (value) => {
        const text = (value as Tree | null)?.["value"] ?? value;
        return typeof text === "string" ? `/${text.replaceAll("/", "\\/")}/` : undefined;
      });
    case "range":
      return rangeOf(inner as Tree);
    case "query_string":
      return queryStringOf(inner as Tree);
    case "bool":
      return boolOf(inner as Tree);
    default:
      return { unmapped: `the query ${kind} has no form in Lucene's syntax` };
  }
}

/** Both in one, either of which may be missing. */
export function both(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join(" AND ");
}

function fieldQuery(inner: Json, textOf: (value: Json) => string | undefined): string | Unmapped {
  const [field, value] = only(inner);
  const text = textOf(value);
  return text === undefined
    ? { unmapped: `the value of ${field} has no form in Lucene's syntax` }
    : `${fieldName(field)}:${text}`;
}

function rangeOf(inner: Tree): string | Unmapped {
  const [field, bounds] = only(inner);
  const { gt, gte, lt, lte, ...rest } = bounds as Tree;
  const others = Object.keys(rest).filter((name) => name !== "format");
  if (others.length > 0) return { unmapped: `the option ${others[0]} of a range has no form in Lucene's syntax` };
  const low = gte !== undefined ? `[${bound(gte)}` : `{${gt === undefined ? "*" : bound(gt)}`;
  const high = lte !== undefined ? `${bound(lte)}]` : `${lt === undefined ? "*" : bound(lt)}}`;
  return `${fieldName(field)}:${low} TO ${high}`;
}

function boolOf(inner: Tree): string | Unmapped {
  const { must, filter, should, must_not: mustNot, minimum_should_match: least, ...rest } = inner;
  const others = Object.keys(rest).filter((name) => name !== "boost");
  if (others.length > 0) return { unmapped: `bool with ${others[0]} has no form in Lucene's syntax` };
  const all = listOf([...list(must), ...list(filter)]);
  const any = listOf(list(should));
  const none = listOf(list(mustNot));
  if (isUnmapped(all)) return all;
  if (isUnmapped(any)) return any;
  if (isUnmapped(none)) return none;
  const needsAny = any.length > 0 && (all.length === 0 || (least !== undefined && Number(least) > 0));
  if (needsAny && least !== undefined && Number(least) !== 1)
    return { unmapped: "bool with another minimum_should_match than 1 has no form in Lucene's syntax" };
  const parts = [...all, ...(needsAny ? [group(any, "OR")] : [])];
  // A group that says only what is not would be empty.
  const positive = parts.length === 0 ? ["*:*"] : parts;
  return group([...positive, ...none.map((one) => `NOT ${one}`)], "AND");
}

function listOf(queries: readonly Json[]): string[] | Unmapped {
  const texts: string[] = [];
  for (const query of queries) {
    const text = luceneOf(query);
    if (isUnmapped(text)) return text;
    texts.push(text);
  }
  return texts;
}

function list(value: Json | undefined): Json[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? [...(value as Json[])] : [value];
}

function group(parts: readonly string[], operator: "AND" | "OR"): string {
  return parts.length === 1 ? (parts[0] ?? "") : `(${parts.join(` ${operator} `)})`;
}

function bound(value: Json): string {
  return typeof value === "number" && value >= 0 ? String(value) : literal(String(value));
}

function only(tree: Json): [string, Json] {
  const [first] = Object.entries((tree ?? {}) as Tree);
  return first ?? ["", null];
}
