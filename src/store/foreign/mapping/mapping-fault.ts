import type { Json } from "../../../events/document.ts";
import { refusal } from "../../../events/refusal.ts";
import type { Fault } from "../../../lib/fault.ts";

/** A mapping that cannot be read, as Elasticsearch answers it. */
export function mappingFault(reason: string): Fault {
  const cause = { type: "mapper_parsing_exception", reason };
  return refusal({ ...cause, reason: `Failed to parse mapping: ${reason}`, status: 400, causedBy: cause });
}

/** The Java class of a JSON value, as Elasticsearch names it in what it says of mappings. */
export function javaClass(value: Json): string {
  if (typeof value === "string") return "java.lang.String";
  if (typeof value === "boolean") return "java.lang.Boolean";
  if (Array.isArray(value)) return "java.util.ArrayList";
  return Number.isInteger(value) ? "java.lang.Integer" : "java.lang.Double";
}

/** A part of Elasticsearch's mappings that the embedded store does not have, by its name. */
export function unsupportedMapping(part: string): Fault {
  return mappingFault(`${part} is not supported by the embedded store`);
}

/** A mapping that cannot become another one. */
export function mappingConflict(reason: string): Fault {
  return refusal({ type: "illegal_argument_exception", reason, status: 400 });
}

/** What a document would make of a mapping, and may not: the document's own failure. */
export function documentFault(reason: string, type = "illegal_argument_exception"): Fault {
  return refusal({
    type: "document_parsing_exception",
    reason: `failed to parse: ${reason}`,
    status: 400,
    code: "document_invalid",
    causedBy: { type, reason },
  });
}
