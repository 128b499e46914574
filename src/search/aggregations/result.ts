import type { Json } from "../../events/document.ts";

/** The result of one aggregation in one bucket, before it is written as JSON: pipelines still work on it. */
export type AggResult = {
  /** Elasticsearch's name of the result's type, which `typed_keys` puts before the name. */
  type: string;
  /** What stands beside the buckets. */
  body: { readonly [part: string]: Json };
  buckets?: Bucket[];
  /** Buckets are written as an object by their names. */
  keyed?: boolean;
  /** Of an aggregation with one bucket: its inner results. */
  inner?: Results;
  /** A number of the result by its property (`value` where none is named); undefined for no property of it. */
  number?(property: string | undefined): number | null | undefined;
  /** The names of the numbers, for a type with several. */
  meta?: { readonly [key: string]: Json };
};

export type Results = Map<string, AggResult>;

export type Bucket = {
  /** `key`, `key_as_string`, bounds and the like, without the number of documents. */
  body: { readonly [part: string]: Json };
  docCount: number;
  inner: Results;
  /** Its name where buckets are written as an object. */
  name?: string;
  /** What it is sorted by: the number, the text, or the parts of its key. */
  key: BucketKey;
};

export type BucketKey = number | bigint | string | readonly (number | bigint | string | null)[];

export function renderResults(results: Results, typedKeys: boolean): { [name: string]: Json } {
  const rendered: { [name: string]: Json } = {};
  for (const [name, result] of results) {
    rendered[typedKeys ? `${result.type}#${name}` : name] = renderResult(result, typedKeys);
  }
  return rendered;
}

function renderResult(result: AggResult, typedKeys: boolean): Json {
  const { meta, body, buckets, keyed, inner } = result;
  return {
    ...(meta === undefined ? {} : { meta }),
    ...body,
    ...(inner === undefined ? {} : renderResults(inner, typedKeys)),
    ...(buckets === undefined ? {} : { buckets: renderBuckets(buckets, keyed === true, typedKeys) }),
  };
}

function renderBuckets(buckets: readonly Bucket[], keyed: boolean, typedKeys: boolean): Json {
  const rendered = buckets.map(({ body, docCount, inner, name }) => {
    const bucket: Json = { ...body, doc_count: docCount, ...renderResults(inner, typedKeys) };
    return { name: name ?? "", bucket };
  });
  if (!keyed) return rendered.map(({ bucket }) => bucket);
  return Object.fromEntries(rendered.map(({ name, bucket }) => [name, bucket]));
}
