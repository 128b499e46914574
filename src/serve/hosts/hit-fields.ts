import type { SearchHit } from "../../search/request.ts";

/** Names of fields in the order in which they are looked for. */
type Names = string | readonly string[];

/** The hits of an inner `top_hits`. */
export function hitsOf(bucket: { readonly [name: string]: unknown } | undefined, name: string): readonly SearchHit[] {
  return (bucket?.[name] as { hits?: { hits?: readonly SearchHit[] } } | undefined)?.hits?.hits ?? [];
}

/** The first value of the first of these fields that a hit has, as text. */
export function textOf({ fields }: SearchHit, names: Names): string | null {
  for (const name of [names].flat()) {
    const value = fields?.[name]?.[0];
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value);
  }
  return null;
}

export function numberOf(hit: SearchHit, names: Names): number | null {
  const text = textOf(hit, names);
  const value = text === null || text === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

/** The moment in `@timestamp`, Unix milliseconds with microseconds behind the point. */
export function momentOf(hit: SearchHit): number {
  return numberOf(hit, "@timestamp") ?? Date.parse(textOf(hit, "@timestamp") ?? "");
}

/** A search for these fields alone, newest first unless told otherwise. */
export function topHits(options: { size: number; fields: readonly Names[]; sort?: string }) {
  const { size, fields, sort = "@timestamp" } = options;
  return {
    top_hits: {
      size,
      sort: [
        { [sort]: { order: "desc", unmapped_type: "long", missing: "_last" } },
        // Lines of one moment are told as they came; indices that others made in a cluster do not say how they came.
        { _seq: { order: "asc", unmapped_type: "long" } },
      ],
      _source: false,
      fields: fields.flat().map((field) => (field === "@timestamp" ? { field, format: "epoch_millis" } : field)),
    },
  };
}
