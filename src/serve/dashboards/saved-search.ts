import { z } from "zod";
import { momentSchema, objectId } from "./object-parts.ts";

const MAX_FILTERS = 50;
const MAX_COLUMNS = 100;
const fieldName = z.string().min(1).max(512);

/** A search of the page Explore, as it is saved. */
export const savedSearchSchema = z.strictObject({
  id: objectId,
  title: z.string().min(1).max(120),
  description: z.string().max(600).default(""),
  index: z.string().min(1).max(1_000).describe("An index pattern."),
  query_string: z.string().max(10_000).default("").describe("In Lucene's syntax; all documents when it is empty."),
  filters: z
    .array(
      z.strictObject({
        field: fieldName,
        value: z.union([z.string().max(8_000), z.number(), z.boolean()]),
        negate: z.boolean().default(false).describe("Documents without the value are meant."),
      }),
    )
    .max(MAX_FILTERS)
    .default([]),
  columns: z.array(fieldName).max(MAX_COLUMNS).default([]).describe("Fields that are shown, in their order."),
  sort: z
    .strictObject({ field: fieldName, order: z.enum(["asc", "desc"]) })
    .nullable()
    .default(null),
  time: z.strictObject({ from: momentSchema, to: momentSchema }).default({ from: "now-1h", to: "now" }),
});
