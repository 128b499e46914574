import { MAX_TEXT } from "../document/expand.ts";
import { type JsonValue, textOf } from "../document/json.ts";
import { documentFault } from "../ingest-fault.ts";
import type { Allowance } from "../regex/match.ts";
import { replaceAll, split } from "../regex/replace.ts";
import type { ConfigReader } from "./config.ts";
import type { ProcessorKind, ProcessorOption, Work } from "./processor.ts";
import { fieldValue, notText } from "./texts.ts";

const OPTIONS: readonly ProcessorOption[] = [
  { name: "field", words: "the field: a text, or a list of texts", required: true },
  { name: "target_field", words: "where the result goes", preset: "field" },
  { name: "ignore_missing", words: "a missing field or null is no failure", preset: "false" },
];

/** Processors that make another text of each text of a field. */
function mapped(config: ConfigReader, map: (text: string, allowance: Allowance) => string): Work {
  const field = config.field("field");
  const target = config.optionalField("target_field") ?? field;
  const ignoreMissing = config.flag("ignore_missing", false);
  return (document) => {
    const value = fieldValue({ document, field, ignoreMissing });
    if (value === undefined || (value === null && ignoreMissing)) return;
    if (value === null) throw documentFault(`field [${field}] is null, cannot process it.`);
    const each = (item: JsonValue): JsonValue => {
      if (typeof item !== "string") throw notText(field, item);
      return map(item, document.allowance);
    };
    document.set(target, Array.isArray(value) ? value.map(each) : each(value));
  };
}

export const lowercaseProcessor: ProcessorKind = {
  type: "lowercase",
  words: "Makes letters small.",
  options: OPTIONS,
  compile: (config) => mapped(config, (text) => text.toLowerCase()),
};

export const uppercaseProcessor: ProcessorKind = {
  type: "uppercase",
  words: "Makes letters capital.",
  options: OPTIONS,
  compile: (config) => mapped(config, (text) => text.toUpperCase()),
};

export const trimProcessor: ProcessorKind = {
  type: "trim",
  words: "Takes white space off both ends.",
  options: OPTIONS,
  compile: (config) => mapped(config, (text) => text.trim()),
};

export const gsubProcessor: ProcessorKind = {
  type: "gsub",
  words: "Replaces what a regular expression finds.",
  options: [
    ...OPTIONS,
    { name: "pattern", words: "a regular expression of Java's syntax", required: true },
    { name: "replacement", words: "the text instead; `$1` is a group", required: true },
  ],
  compile(config) {
    const regex = config.regex("pattern");
    const replacement = config.requiredText("replacement");
    return mapped(config, (text, allowance) => {
      const replaced = replaceAll({ regex, text, replacement, allowance });
      if (replaced.length > MAX_TEXT) throw documentFault(`gsub made more than ${MAX_TEXT} characters`);
      return replaced;
    });
  },
};

export const splitProcessor: ProcessorKind = {
  type: "split",
  words: "Makes a list of a text.",
  options: [
    ...OPTIONS,
    { name: "separator", words: "a regular expression of Java's syntax", required: true },
    { name: "preserve_trailing", words: "keeps empty parts at the end", preset: "false" },
  ],
  compile(config) {
    const field = config.field("field");
    const target = config.optionalField("target_field") ?? field;
    const ignoreMissing = config.flag("ignore_missing", false);
    const regex = config.regex("separator");
    const limit = config.flag("preserve_trailing", false) ? -1 : 0;
    return (document) => {
      const value = fieldValue({ document, field, ignoreMissing });
      if (value === undefined || (value === null && ignoreMissing)) return;
      if (value === null) throw documentFault(`field [${field}] is null, cannot split.`);
      if (typeof value !== "string") throw notText(field, value);
      document.set(target, split({ regex, text: value, limit, allowance: document.allowance }));
    };
  },
};

export const joinProcessor: ProcessorKind = {
  type: "join",
  words: "Makes one text of a list.",
  options: [
    { name: "field", words: "the field, a list", required: true },
    { name: "separator", words: "stands between the parts", required: true },
    { name: "target_field", words: "where the result goes", preset: "field" },
  ],
  compile(config) {
    const field = config.field("field");
    const target = config.optionalField("target_field") ?? field;
    const separator = config.requiredText("separator");
    return (document) => {
      const value = document.require(field);
      if (value === null) throw documentFault(`field [${field}] is null, cannot join.`);
      if (!Array.isArray(value)) throw documentFault(`field [${field}] is no list, cannot join.`);
      document.set(target, value.map(textOf).join(separator));
    };
  },
};
