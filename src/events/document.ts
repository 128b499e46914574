/** A JSON value, as documents carry it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * One document of one dataset, flat: field names are full ECS or `ethereum.*` paths as the catalogue lists them.
 * Fields of type `date` hold microseconds since the Unix epoch; absent and null are the same.
 */
export type Document = {
  dataset: string;
  /** `@timestamp`, microseconds since the Unix epoch. */
  timestampUs: number;
  /** The key of a derived document, which a later one of the same id replaces; append-only documents have none. */
  id?: string;
  fields: Readonly<Record<string, Json | undefined>>;
};
