import { type Options, readOptions } from "../queries/clause.ts";
import { invalid, unsupported } from "../search-fault.ts";
import type { Aggregation } from "./aggregation.ts";

/** What parsing one aggregation gives, without its name and children. */
export type ParsedAggregation = Aggregation extends infer One
  ? One extends { name: string }
    ? Omit<One, "name" | "meta" | "children">
    : never
  : never;

/** One kind of aggregation: what it is for, what it takes, how it is read. */
export type Kind = {
  family: Aggregation["family"];
  words: string;
  options: readonly string[];
  /** Options of Elasticsearch that are taken and have no effect here. */
  ignored?: readonly string[];
  /** How it differs from Elasticsearch. */
  differs?: string;
  topOnly?: boolean;
  /** The kinds of aggregations that it may stand in; without them in any, and at the top. */
  parents?: readonly string[];
  /** It may stand at the top though `parents` are named. */
  alsoTop?: boolean;
  parse(body: Record<string, unknown>, context: KindContext): ParsedAggregation;
};

export type KindContext = { name: string; type: string; children: readonly Aggregation[] };

/** The options of an aggregation; scripts are refused, whatever they are for. */
export function kindOptions(
  { type }: KindContext,
  body: Record<string, unknown>,
  known: Pick<Kind, "options" | "ignored">,
): Options {
  if (body["script"] !== undefined && !known.options.includes("script")) throw unsupported(`[script] in [${type}]`);
  return readOptions(type, body, known, "object");
}

export function requiredField({ type, name }: KindContext, options: Options): string {
  const field = options.text("field");
  if (field !== undefined) return field;
  throw invalid(
    `Required one of fields [field, script], but none were specified. [${type}] aggregation [${name}]`,
    "illegal_argument_exception",
  );
}

/** The value that stands in for documents without one. */
export function missingOption(options: Options): { missing?: string | number | boolean } {
  return options.has("missing") ? { missing: options.scalar("missing") } : {};
}

/** An option that Elasticsearch's parser refuses. */
export function wrongOption({ type, name }: Pick<KindContext, "type" | "name">, option: string, words: string): Error {
  return invalid(`[${type}] failed to parse field [${option}]: ${words} in [${name}]`, "x_content_parse_exception");
}

/** A number that is required. */
export function numberOption({ type }: KindContext, options: Options, name: string): number {
  const value = options.raw(name);
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number === "number" && Number.isFinite(number)) return number;
  throw invalid(`[${type}] needs [${name}], a number`, "illegal_argument_exception");
}
