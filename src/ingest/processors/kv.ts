import { documentFault } from "../ingest-fault.ts";
import { split } from "../regex/replace.ts";
import type { ProcessorKind } from "./processor.ts";
import { fieldText } from "./texts.ts";

const BRACKETS: readonly (readonly [string, string])[] = [
  ["(", ")"],
  ["[", "]"],
  ["<", ">"],
  ['"', '"'],
  ["'", "'"],
];

export const kvProcessor: ProcessorKind = {
  type: "kv",
  words: "Takes pairs of names and values out of a text. A name that stands twice becomes a list.",
  options: [
    { name: "field", words: "the field, a text", required: true },
    { name: "field_split", words: "a regular expression between the pairs", required: true },
    { name: "value_split", words: "a regular expression between name and value", required: true },
    { name: "target_field", words: "the object that the pairs go into", preset: "the document" },
    { name: "include_keys", words: "the names that are taken", preset: "all" },
    { name: "exclude_keys", words: "names that are left out" },
    { name: "prefix", words: "stands before each name" },
    { name: "trim_key", words: "characters that are taken off both ends of names" },
    { name: "trim_value", words: "characters that are taken off both ends of values" },
    { name: "strip_brackets", words: "takes `()`, `<>`, `[]` and quotes off values", preset: "false" },
    { name: "ignore_missing", words: "a missing field or null is no failure", preset: "false" },
  ],
  compile(config) {
    const field = config.field("field");
    const ignoreMissing = config.flag("ignore_missing", false);
    const fieldSplit = config.regex("field_split");
    const valueSplit = config.regex("value_split");
    const target = config.optionalField("target_field");
    const include = config.has("include_keys") ? new Set(config.texts("include_keys")) : undefined;
    const exclude = new Set(config.texts("exclude_keys"));
    const prefix = config.text("prefix") ?? "";
    const trimKey = trimmer(config.text("trim_key"));
    const trimValue = trimmer(config.text("trim_value"));
    const strip = config.flag("strip_brackets", false);
    const root = target === undefined ? "" : `${target}.`;
    return (document) => {
      const { allowance } = document;
      const text = fieldText({ document, field, ignoreMissing });
      if (text === undefined) return;
      for (const pair of split({ regex: fieldSplit, text, allowance })) {
        const [name, value] = split({ regex: valueSplit, text: pair, limit: 2, allowance });
        if (name === undefined || value === undefined)
          throw documentFault(`field [${field}] does not contain value_split [${config.requiredText("value_split")}]`);
        const key = trimKey(name);
        if (key === "" || exclude.has(key) || include?.has(key) === false) continue;
        const bare = strip ? withoutBrackets(value) : value;
        const path = `${root}${prefix}${key}`;
        if (document.has(path)) document.append(path, [trimValue(bare)], { allowDuplicates: true });
        else document.set(path, trimValue(bare));
      }
    };
  },
};

function trimmer(characters: string | undefined): (text: string) => string {
  if (characters === undefined) return (text) => text;
  const set = new Set(characters);
  return (text) => {
    let start = 0;
    let end = text.length;
    while (start < end && set.has(text.charAt(start))) start += 1;
    while (end > start && set.has(text.charAt(end - 1))) end -= 1;
    return text.slice(start, end);
  };
}

function withoutBrackets(text: string): string {
  const pair = BRACKETS.find(([open, close]) => text.length > 1 && text.startsWith(open) && text.endsWith(close));
  return pair === undefined ? text : text.slice(1, -1);
}
