import { isIP } from "node:net";
import { type JsonValue, quoted, textOf } from "../document/json.ts";
import { documentFault } from "../ingest-fault.ts";
import type { ProcessorKind } from "./processor.ts";

const CONVERSIONS: Readonly<Record<string, (value: JsonValue) => JsonValue>> = {
  integer: (value) => integerOf(value, { type: "integer", max: 2 ** 31 }),
  long: (value) => integerOf(value, { type: "long", max: 2 ** 63 }),
  float: (value) => decimalOf(value, "float"),
  double: (value) => decimalOf(value, "double"),
  string: (value) => textOf(value),
  boolean(value) {
    const text = textOf(value).toLowerCase();
    if (text !== "true" && text !== "false")
      throw documentFault(`[${textOf(value)}] is not a boolean value, cannot convert to boolean`);
    return text === "true";
  },
  ip(value) {
    const text = textOf(value);
    if (isIP(text) === 0) throw documentFault(`'${text}' is not an IP string literal.`);
    return text;
  },
  auto(value) {
    if (typeof value !== "string") return value;
    if (/^(?:true|false)$/i.test(value)) return value.toLowerCase() === "true";
    if (/^[-+]?\d+$/.test(value)) return integerOf(value, { type: "long", max: 2 ** 63 });
    return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(value) ? decimalOf(value, "double") : value;
  },
};

export const convertProcessor: ProcessorKind = {
  type: "convert",
  words:
    "Converts a field, or each value of a list. Integers that JSON's numbers cannot hold (beyond 2^53) become their " +
    "decimal text.",
  options: [
    { name: "field", words: "the field", required: true },
    {
      name: "type",
      words: Object.keys(CONVERSIONS)
        .map((type) => `\`${type}\``)
        .join(", "),
      required: true,
    },
    { name: "target_field", words: "where the result goes", preset: "field" },
    { name: "ignore_missing", words: "a missing field or null is no failure", preset: "false" },
  ],
  compile(config) {
    const field = config.field("field");
    const target = config.optionalField("target_field") ?? field;
    const type = config.requiredText("type");
    const convert = Object.hasOwn(CONVERSIONS, type) ? CONVERSIONS[type] : undefined;
    if (convert === undefined) throw config.fault("type", `type [${type}] not supported, cannot convert field.`);
    const ignoreMissing = config.flag("ignore_missing", false);
    return (document) => {
      const value = ignoreMissing ? document.get(field) : document.require(field);
      if (value === undefined || value === null) {
        if (ignoreMissing) return;
        throw documentFault(`Field [${field}] is null, cannot be converted to type [${type}]`);
      }
      document.set(target, Array.isArray(value) ? value.map(convert) : convert(value));
    };
  },
};

function integerOf(value: JsonValue, { type, max }: { type: string; max: number }): JsonValue {
  const text = textOf(value);
  const match = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|(\d+))$/.exec(text);
  const [, sign, hex, digits] = match ?? [];
  const size = hex !== undefined ? BigInt(`0x${hex}`) : digits !== undefined ? BigInt(digits) : undefined;
  const exact = size !== undefined && sign === "-" ? -size : size;
  if (exact === undefined || exact >= BigInt(max) || exact < -BigInt(max))
    throw documentFault(`unable to convert [${quoted(text)}] to ${type}`);
  const number = Number(exact);
  return Number.isSafeInteger(number) ? number : exact.toString();
}

function decimalOf(value: JsonValue, type: string): number {
  const text = textOf(value);
  const number = Number(text);
  if (text.trim() === "" || !Number.isFinite(number) || /[xob]/i.test(text))
    throw documentFault(`unable to convert [${quoted(text)}] to ${type}`);
  return type === "float" ? Math.fround(number) : number;
}
