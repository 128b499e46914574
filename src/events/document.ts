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

/**
 * Documents of one stream that say the same but for their time and a few numbers, a row each: votes come by the
 * thousand. Its dataset tells the numbers' fields (`rowFields`). `expandBlock` gives the documents one by one.
 */
export type DocumentBlock = {
  dataset: string;
  /** What all rows say; one object for all blocks that say it. */
  fields: Document["fields"];
  /** From this moment, µs, `ethereum.delay_ms` of each row is counted. */
  slotStartUs: number;
  /** `@timestamp` of each row. */
  timestampsUs: Float64Array;
  /** One value a row and field. */
  rows: Readonly<Record<string, Uint32Array>>;
};

/** What is stored at once. */
export type Storable = Document | DocumentBlock;

export function isBlock(storable: Storable): storable is DocumentBlock {
  return "rows" in storable;
}

/** How many documents it is. */
export function countOf(storable: Storable): number {
  return isBlock(storable) ? storable.timestampsUs.length : 1;
}

/** The documents of a block in the order of its rows. */
export function expandBlock({ dataset, fields, slotStartUs, timestampsUs, rows }: DocumentBlock): Document[] {
  return Array.from(timestampsUs, (timestampUs, row) => {
    const own: Record<string, Json | undefined> = { ...fields, [DELAY_FIELD]: (timestampUs - slotStartUs) / 1000 };
    for (const name in rows) own[name] = rows[name]?.[row];
    return { dataset, timestampUs, fields: own };
  });
}

/** The rows [from, to) of a block, without a copy. */
export function rowsOf(block: DocumentBlock, { from, to }: { from: number; to: number }): DocumentBlock {
  const rows = Object.entries(block.rows).map(([name, values]) => [name, values.subarray(from, to)] as const);
  return { ...block, timestampsUs: block.timestampsUs.subarray(from, to), rows: Object.fromEntries(rows) };
}

/** Signed milliseconds from the slot's start: in a block it follows from the row's time. */
export const DELAY_FIELD = "ethereum.delay_ms";
