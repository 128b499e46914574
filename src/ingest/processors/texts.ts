import type { IngestDocument } from "../document/document.ts";
import { type JsonValue, javaType } from "../document/json.ts";
import { documentFault } from "../ingest-fault.ts";

/** The text of a field; undefined when it is missing or null and that is allowed. Fails the document otherwise. */
export function fieldText(options: {
  document: IngestDocument;
  field: string;
  ignoreMissing: boolean;
}): string | undefined {
  const { document, field, ignoreMissing } = options;
  const value = fieldValue(options);
  if (value === undefined) return undefined;
  if (value === null && ignoreMissing) return undefined;
  if (value === null) throw documentFault(`field [${field}] is null, cannot be processed as a string`);
  if (typeof value === "string") return value;
  if (typeof value === "object") throw notText(field, value);
  document.require(field);
  return String(value);
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
