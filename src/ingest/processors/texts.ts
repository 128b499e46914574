import type { IngestDocument } from "../document/document.ts";
import { type JsonValue, javaType } from "../document/json.ts";
import { documentFault } from "../ingest-fault.ts";

/** The text of a field; undefined when it is missing or null and that is allowed. Fails the document otherwise. */
export function fieldText(options: {
  document: IngestDocument;
  field: string;
  ignoreMissing: boolean;
}): string | undefined {
  const { field, ignoreMissing } = options;
  const value = fieldValue(options);
  if (value === undefined) return undefined;
  if (value === null && ignoreMissing) return undefined;
  if (value === null) throw documentFault(`field [${field}] is null, cannot process it.`);
  if (typeof value !== "string") throw notText(field, value);
  return value;
}

/** The value of a field; undefined when it is missing and that is allowed. */
export function fieldValue(options: {
  document: IngestDocument;
  field: string;
  ignoreMissing: boolean;
}): JsonValue | undefined {
  const { document, field, ignoreMissing } = options;
  const value = document.get(field);
  return value === undefined && !ignoreMissing ? document.require(field) : value;
}

export function notText(field: string, value: JsonValue) {
  return documentFault(`field [${field}] of type [${javaType(value)}] cannot be cast to [java.lang.String]`);
}
