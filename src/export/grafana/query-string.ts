import type { Json } from "../../events/document.ts";
import { isFault } from "../../lib/fault.ts";
import { type LuceneLeaf, type LuceneNode, parseLucene } from "../../search/queries/lucene-syntax.ts";
import { fieldName, literal, type Unmapped } from "./lucene-words.ts";

/** What changes nothing, or is so in Grafana's own requests. */
const CARRIED = ["query", "default_operator", "analyze_wildcard", "boost"];
/** More than one word for an analyzer would be alternatives again. */
const ONE_WORD = /^(?!(?:AND|OR|NOT)$)[\p{L}\p{N}_]+$/u;

/**
 * A `query_string` as a part of Grafana's query, of which words side by side are alternatives: where all of them are
 * wanted each has a `+`, and what analysis may take apart is a phrase.
 */
export function queryStringOf(options: { readonly [name: string]: Json }): string | Unmapped {
  const other = Object.keys(options).find((name) => !CARRIED.includes(name));
  if (other !== undefined) return { unmapped: `the option ${other} of query_string has no form in Lucene's syntax` };
  const query = String(options["query"]);
  if (String(options["default_operator"] ?? "or").toLowerCase() !== "and") return `(${query})`;
  try {
    return textOf(parseLucene(query, "and"));
  } catch (error) {
    if (!isFault(error)) throw error;
    return { unmapped: `its query_string cannot be read: ${error.message.replace(/\.$/, "")}` };
  }
}

function textOf(node: LuceneNode): string {
  if (node.kind !== "group") return leafText(node);
  const signs = { must: "+", should: "", must_not: "-" } as const;
  const clauses = node.clauses.map(({ occurs, node: inner }) => `${signs[occurs]}${textOf(inner)}`);
  // A group that says only what is not would be empty.
  const isNegative = node.clauses.every(({ occurs }) => occurs === "must_not");
  return `(${[...(isNegative ? ["+*:*"] : []), ...clauses].join(" ")})`;
}

function leafText(leaf: LuceneLeaf): string {
  const { field } = leaf;
  const prefix = field === undefined ? "" : `${field === "*" ? field : fieldName(field)}:`;
  switch (leaf.kind) {
    case "text": {
      if (leaf.quoted) return `${prefix}${literal(leaf.text)}`;
      const words = leaf.text.split(/\s+/).map((word) => (ONE_WORD.test(word) ? word : literal(word)));
      return words.length === 1
        ? `${prefix}${words[0] ?? ""}`
        : `(${words.map((word) => `+${prefix}${word}`).join(" ")})`;
    }
    case "pattern":
      return `${prefix}${leaf.pattern}`;
    case "regexp":
      return `${prefix}/${leaf.pattern.replaceAll("/", "\\/")}/`;
    case "range": {
      const { gt, gte, lt, lte } = leaf.bounds;
      const side = (bound: string | undefined) => (bound === undefined ? "*" : literal(bound));
      const low = gt === undefined ? `[${side(gte)}` : `{${side(gt)}`;
      return `${prefix}${low} TO ${lt === undefined ? `${side(lte)}]` : `${side(lt)}}`}`;
    }
  }
}
