import type { Column, Dataset } from "../../events/dataset.ts";
import type { Document, Json } from "../../events/document.ts";
import { valueAt } from "../../events/record.ts";
import { parseIsoUs } from "../../search/dates/iso-date.ts";
import { UTC } from "../../search/dates/time-zone.ts";
import type { CopiedDocument } from "./side.ts";

/** One of our documents again from its `_source`: the reverse of `sourceOfColumns`. */
export function documentOfSource(dataset: Dataset, { id, timestampUs, source }: CopiedDocument): Document {
  const fields: Record<string, Json> = {};
  for (const column of dataset.columns) {
    if (column.name === "@timestamp") continue;
    const value = valueAt(source, column.name);
    if (value !== undefined && value !== null)
      fields[column.name] = column.type === "date" ? moments(column, value) : value;
  }
  return { dataset: dataset.name, timestampUs, fields, ...(dataset.kind === "index" ? { id } : {}) };
}

function moments({ list }: Column, value: Json): Json {
  return list && Array.isArray(value) ? (value as readonly Json[]).map(momentUs) : momentUs(value);
}

/** What is no moment stays as it is: the store puts it in quarantine, and says why. */
function momentUs(value: Json): Json {
  const us = typeof value === "string" ? parseIsoUs(value, { zone: UTC, roundUp: false }) : undefined;
  return us === undefined ? value : Number(us);
}
