import type { Json } from "../../../events/document.ts";
import type { ValueClass } from "../../fields/field-type.ts";
import { ipText } from "../../fields/ip-address.ts";
import { type SqlResult, safeInteger } from "../../hits/sql-result.ts";
import type { NumberText } from "../number-format.ts";

/** A key of a bucket as it is written, from what the database gave; dates are microseconds there. */
export function shapeKey(
  valueClass: ValueClass | undefined,
  key: SqlResult,
  text: NumberText,
): { key: Json; key_as_string?: string } {
  if (typeof key === "string") return { key: valueClass === "ip" ? ipText(key) : key };
  if (key === null) return { key: null };
  const number = valueClass === "date" ? Number(key) / 1000 : Number(key);
  const written = typeof key === "bigint" && valueClass !== "date" ? safeInteger(key) : number;
  return text === undefined ? { key: written } : { key: written, key_as_string: text(number) };
}

/** The name of Elasticsearch's result of terms of a field. */
export function termsType(valueClass: ValueClass | undefined): "sterms" | "lterms" | "dterms" | "umterms" {
  if (valueClass === undefined) return "umterms";
  if (valueClass === "double") return "dterms";
  return valueClass === "keyword" || valueClass === "ip" ? "sterms" : "lterms";
}
