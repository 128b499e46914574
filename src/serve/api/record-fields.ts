import { z } from "zod";
import type { RecordDataset } from "../../events/record.ts";

export const count = z.int().min(0);
export const identifier = z.int().min(0);
export const root = z.string();
export const unixMs = z.number();
export const signedMs = z.number();
/** The schema of a record, its words taken from the dataset's columns. */
export function recordSchema<Shape extends Record<string, z.ZodType>>(dataset: RecordDataset, shape: Shape) {
  const words = new Map(dataset.columns.map((column) => [column.key, column.words]));
  const described = Object.entries(shape).map(([key, field]) => [key, field.describe(words.get(key) ?? "")]);
  return z.strictObject(Object.fromEntries(described) as Shape).describe(dataset.words);
}
