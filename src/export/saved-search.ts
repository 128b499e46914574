import { z } from "zod";

/** A search of the page Explore as the API tells it, as far as other programs have a place for it. */
export const savedSearchSchema = z.object({
  id: z.string().min(1),
  title: z.string().min(1),
  description: z.string().default(""),
  index: z.string().min(1),
  query_string: z.string().default(""),
  filters: z
    .array(
      z.object({
        field: z.string().min(1),
        value: z.union([z.string(), z.number(), z.boolean()]),
        negate: z.boolean().default(false),
      }),
    )
    .default([]),
  columns: z.array(z.string()).default([]),
  sort: z
    .object({ field: z.string().min(1), order: z.enum(["asc", "desc"]) })
    .nullable()
    .default(null),
  time: z.object({ from: z.string(), to: z.string() }).default({ from: "now-1h", to: "now" }),
});

export type SavedSearch = z.output<typeof savedSearchSchema>;
