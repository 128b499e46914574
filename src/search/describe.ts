import type { Kind } from "./aggregations/kind.ts";
import { kinds } from "./aggregations/kinds.ts";
import { MAX_AGGREGATION_DEPTH, MAX_AGGREGATIONS, MAX_BUCKETS, MAX_CLAUSES, MAX_DEPTH, MAX_TERMS } from "./limits.ts";
import type { Clause } from "./queries/clause.ts";
import { clauses } from "./queries/clauses.ts";
import { searchBody } from "./search-body.ts";

/** What the search language of the embedded store is, read from the tables that the parser reads: the text of docs/search.md. */
export function describeSearch(): string[] {
  return [
    "# Search",
    "",
    "Searches are Elasticsearch's: a JSON body of the Query DSL, an answer in Elasticsearch's form. With Elasticsearch or",
    "OpenSearch as the store they pass through as they are. The embedded store compiles the part of the language below to SQL;",
    "**what does not stand here is refused** with Elasticsearch's error object, status 400 and the name of the part, never",
    "ignored. The tables are made from those that the parser itself reads.",
    "",
    "## The body",
    "",
    "| part | meaning |",
    "|---|---|",
    ...Object.entries(searchBody).map(([name, { words }]) => `| \`${name}\` | ${cell(words)} |`),
    "",
    "## Queries",
    "",
    "Every clause takes `boost`, which has no effect.",
    "",
    "| clause | meaning | options | taken without effect |",
    "|---|---|---|---|",
    ...Object.entries(clauses).map(([name, clause]) => row(name, clause)),
    "",
    ...FAMILIES.flatMap(({ family, title, words }) => [
      `## ${title}`,
      "",
      words,
      "",
      "| aggregation | meaning | options | taken without effect |",
      "|---|---|---|---|",
      ...Object.entries(kinds)
        .filter(([, kind]) => kind.family === family)
        .map(([name, kind]) => row(name, kind)),
      "",
    ]),
    "## Differences from Elasticsearch",
    "",
    ...GENERAL.map((words) => `- ${words}`),
    "",
    "Of single clauses and aggregations:",
    "",
    ...[...Object.entries(clauses), ...Object.entries(kinds)].flatMap(([name, { differs }]) =>
      differs === undefined ? [] : [`- \`${name}\`: ${differs}`],
    ),
    "",
    "## Bounds",
    "",
    `A query has at most ${MAX_CLAUSES} clauses, nested at most ${MAX_DEPTH} deep, and a \`terms\` at most ${MAX_TERMS} values. A request has`,
    `at most ${MAX_AGGREGATIONS} aggregations, nested at most ${MAX_AGGREGATION_DEPTH} deep, and each of them at most ${MAX_BUCKETS} buckets; more are a`,
    "`too_many_buckets_exception`. A search that takes longer than the store's limit (10 seconds) is stopped, and refused with",
    "504 and a `timeout_exception`: there is no answer in part, and `timed_out` is never `true`. One whose client hangs up is",
    "stopped, too. Work is stopped between pieces of some thousand rows; what goes on for half a minute all the same (some",
    "regular expressions over long texts) is ended with the process of the database, which begins anew at once; other searches",
    "of that moment are answered with 503.",
  ];
}

const FAMILIES: readonly { family: Kind["family"]; title: string; words: string }[] = [
  {
    family: "bucket",
    title: "Aggregations into buckets",
    words: "They take inner aggregations to any depth.",
  },
  { family: "metric", title: "Aggregations to numbers", words: "Over a field of numbers, dates or booleans." },
  { family: "documents", title: "Aggregations to documents", words: "The first documents of a bucket." },
  {
    family: "pipeline",
    title: "Pipeline aggregations",
    words:
      "Over the results of others: `buckets_path` leads to a number by names, `>` into buckets, and `.` or `[…]` to one of several numbers; `_count` and `_key` are those of the bucket itself.",
  },
];

const GENERAL: readonly string[] = [
  "`_score` is 1.0 for every hit: there is no relevance. Without a `sort` hits come in the order of their arrival.",
  "Our own dates, and all others, are exact to the microsecond, where Elasticsearch's `date` has milliseconds. Sort values of dates are milliseconds with a fraction.",
  "Equal sort values are in the order of arrival.",
  "Integers beyond 2^53 are given as decimal text in sort values, keys and `fields`.",
  "A search reads one state of the data; it is one shard a data stream or index to Elasticsearch's counting, and no shard ever fails alone.",
  "Text is taken to words as by Lucene's StandardTokenizer (UAX #29 of Unicode 12.1) with its lower-casing; unusual sequences (emoji joined in other ways, Katakana beside letters at an underscore, Hebrew quotation marks) may be cut elsewhere, and of the other characters beyond the Basic Multilingual Plane those of plane 1 count as letters, those of planes 2 and 3 as ideographs. Other analyzers, and normalizers, are refused.",
  "A `flattened` field of our own datasets is given back and can be asked for by `exists`, but not searched within; one of documents of others can be searched by the paths within it.",
  "`collapse`, `highlight`, `suggest`, `rescore`, `runtime_mappings`, `script_fields` and scripts anywhere but in pipeline aggregations are refused.",
  "`ignore_above` of a multi-field, and of a field that has some, counts characters, not the halves of those beyond the Basic Multilingual Plane.",
  "What is wrong with a request is always told with 400, also where Elasticsearch answers 500 (an unknown path in `order`, a `global` within another aggregation).",
  "A hit has neither `_ignored` nor `ignored_field_values`.",
  "Documents without a value of what they are sorted by come behind, or before, all others, where Elasticsearch takes them for the largest or smallest number there is: equal to a document that has it.",
  "A bound of `range` on a `scaled_float` is compared as it is, as by Elasticsearch; OpenSearch rounds it to the field's steps.",
  "Values of a `half_float` are given by `fields` as they are stored, in 11 bits.",
  "Positions in errors (`line`, `col`) are not told.",
];

function row(
  name: string,
  { words, options, ignored = [] }: Pick<Clause | Kind, "words" | "options" | "ignored">,
): string {
  return `| \`${name}\` | ${cell(words)} | ${names(options)} | ${names(ignored)} |`;
}

function names(list: readonly string[]): string {
  return list.map((name) => (name.startsWith("(") ? name.slice(1, -1) : `\`${name}\``)).join(", ");
}

function cell(words: string): string {
  return words.replaceAll("|", "\\|");
}
