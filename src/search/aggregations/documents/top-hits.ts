import type { Json } from "../../../events/document.ts";
import { parseFields } from "../../hits/asked-fields.ts";
import type { FetchedDocument } from "../../hits/documents.ts";
import { fetchDocuments } from "../../hits/fetch-documents.ts";
import { shapeHit } from "../../hits/shape-hit.ts";
import { orderSql } from "../../hits/sort.ts";
import { parseSort } from "../../hits/sort-keys.ts";
import { parseSourceFilter } from "../../hits/source-filter.ts";
import { invalid, unsupported } from "../../search-fault.ts";
import { type Kind, kindOptions } from "../kind.ts";

const MAX_HITS = 100;

export const topHitsKind: Kind = {
  family: "documents",
  words: "The first documents of a bucket, 3 unless `size` says so, at most 100.",
  options: ["size", "from", "sort", "_source", "fields", "docvalue_fields", "track_scores"],
  parse(body, context) {
    for (const name of ["version", "seq_no_primary_term", "explain"]) {
      if (body[name] === true) throw unsupported(`[${name}] in [top_hits]`);
    }
    const { version: _, seq_no_primary_term: __, explain: ___, ...rest } = body;
    const options = kindOptions(context, rest, topHitsKind);
    const [size, from] = [options.count("size") ?? 3, options.count("from") ?? 0];
    if (size + from > MAX_HITS) {
      throw invalid(
        `Top hits result window is too large, the top hits aggregator [${context.name}]'s from + size must be less than or equal to: [${MAX_HITS}] but was [${size + from}].`,
        "illegal_argument_exception",
      );
    }
    const keys = parseSort(options.raw("sort"));
    const parts = {
      source: parseSourceFilter(options.raw("_source")),
      fields: parseFields("fields", options.raw("fields")),
      docvalueFields: parseFields("docvalue_fields", options.raw("docvalue_fields")),
      trackScores: options.flag("track_scores"),
    };
    return {
      family: "documents",
      plan({ columns }) {
        const sort = columns.sort(keys);
        let documents = new Map<string, FetchedDocument>();
        const wanted = sort.columns.map((column, i) =>
          sort.keys[i]?.sortClass === "date" ? `epoch_us(${column})` : column,
        );
        return {
          size,
          from,
          columns: wanted,
          orderBy: sort.columns.map((column, i) => `${column} ${orderSql(sort.keys[i] as (typeof sort.keys)[number])}`),
          async fetch(rows, run) {
            documents = await fetchDocuments({
              rows,
              tables: columns.tables,
              wanted: { fields: [...parts.fields, ...parts.docvalueFields], source: parts.source },
              run,
            });
          },
          shape(rows, docCount) {
            const hits = rows.flatMap(([place, seq, ...sortValues]) => {
              const document = documents.get(`${place} ${seq}`);
              return document === undefined ? [] : [shapeHit(document, { ...parts, sort: sort.keys }, sortValues)];
            });
            const scored = hits.some(({ _score }) => _score !== null);
            return {
              type: "top_hits",
              body: {
                hits: {
                  total: { value: docCount, relation: "eq" },
                  max_score: scored ? 1 : null,
                  hits: hits as unknown as Json,
                },
              },
            };
          },
        };
      },
    };
  },
};
