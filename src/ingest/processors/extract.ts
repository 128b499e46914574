import { compileDissect } from "../dissect.ts";
import { isObject, type JsonObject, type JsonValue, parseJson, quoted } from "../document/json.ts";
import { compileGrok } from "../grok/grok.ts";
import { documentFault } from "../ingest-fault.ts";
import type { ProcessorKind } from "./processor.ts";
import { fieldText } from "./texts.ts";

const FIELD = { name: "field", words: "the field, a text", required: true };
const MISSING = { name: "ignore_missing", words: "a missing field or null is no failure", preset: "false" };

export const grokProcessor: ProcessorKind = {
  type: "grok",
  words:
    "Takes a text apart by the first of several patterns of named regular expressions. A search that takes too many " +
    "steps fails the document, and so does a text of more than 131072 characters.",
  options: [
    FIELD,
    { name: "patterns", words: "`%{NAME:field:type}` and regular expressions of Ruby's syntax", required: true },
    { name: "pattern_definitions", words: "own patterns by name; they come before the standard ones" },
    {
      name: "ecs_compatibility",
      words: "`v1`: standard patterns have the Elastic Common Schema's fields",
      preset: "v1",
    },
    { name: "trace_match", words: "puts the number of the pattern into `_ingest._grok_match_index`", preset: "false" },
    MISSING,
  ],
  compile(config) {
    const field = config.field("field");
    const ignoreMissing = config.flag("ignore_missing", false);
    const trace = config.flag("trace_match", false);
    const ecs = config.text("ecs_compatibility") ?? "v1";
    if (ecs !== "v1") throw config.fault("ecs_compatibility", `unsupported mode '${ecs}': there is v1 alone`);
    const patterns = config.texts("patterns");
    if (patterns === undefined) throw config.fault("patterns", "required property is missing");
    if (patterns.length === 0) throw config.fault("patterns", "List of patterns must not be empty");
    const definitions: Record<string, string> = {};
    for (const [name, text] of Object.entries(config.object("pattern_definitions") ?? {})) {
      if (typeof text !== "string") throw config.fault("pattern_definitions", `[${name}] is no text`);
      definitions[name] = text;
    }
    const groks = patterns.map((pattern) =>
      config.made(
        "patterns",
        () => compileGrok({ pattern, definitions }),
        `Invalid regex pattern found in: [${pattern}]. `,
      ),
    );
    return (document) => {
      const text = fieldText({ document, field, ignoreMissing });
      if (text === undefined) return;
      for (const [index, grok] of groks.entries()) {
        const values = grok.match(text, document.allowance);
        if (values === undefined) continue;
        for (const [name, value] of values) document.set(name, value);
        if (trace) document.set("_ingest._grok_match_index", String(index));
        return;
      }
      throw documentFault(`Provided Grok expressions do not match field value: [${quoted(text)}]`);
    };
  },
};

export const dissectProcessor: ProcessorKind = {
  type: "dissect",
  words: "Takes a text apart at fixed delimiters, without regular expressions.",
  options: [
    FIELD,
    {
      name: "pattern",
      words: "`%{key}`, `%{?skipped}`, `%{+appended/2}`, `%{padded->}`, `%{*name}` with `%{&value}`",
      required: true,
    },
    { name: "append_separator", words: "stands between appended values", preset: "" },
    MISSING,
  ],
  compile(config) {
    const field = config.field("field");
    const ignoreMissing = config.flag("ignore_missing", false);
    const pattern = config.requiredText("pattern");
    const appendSeparator = config.text("append_separator") ?? "";
    const dissect = config.made("pattern", () => compileDissect({ pattern, appendSeparator }));
    return (document) => {
      const text = fieldText({ document, field, ignoreMissing });
      if (text === undefined) return;
      for (const [name, value] of dissect.match(text)) document.set(name, value);
    };
  },
};

export const jsonProcessor: ProcessorKind = {
  type: "json",
  words: "Parses a text as JSON. Integers beyond 2^53 become their decimal text.",
  options: [
    FIELD,
    { name: "target_field", words: "where the value goes", preset: "field" },
    { name: "add_to_root", words: "puts the members beside the field", preset: "false" },
    { name: "add_to_root_conflict_strategy", words: "`replace`, or `merge` objects", preset: "replace" },
  ],
  compile(config) {
    const field = config.field("field");
    const target = config.optionalField("target_field");
    const toRoot = config.flag("add_to_root", false);
    if (toRoot && target !== undefined)
      throw config.fault("target_field", "Cannot set a target field while also setting `add_to_root` to true");
    const strategy = config.text("add_to_root_conflict_strategy") ?? "replace";
    if (strategy !== "replace" && strategy !== "merge")
      throw config.fault("add_to_root_conflict_strategy", `conflict strategy [${strategy}] not supported`);
    if (strategy === "merge" && !toRoot)
      throw config.fault("add_to_root_conflict_strategy", "Cannot set without setting `add_to_root` to true");
    return (document) => {
      const text = document.require(field);
      const value = typeof text === "string" ? parseJson(text) : text;
      if (!toRoot) {
        document.set(target ?? field, value);
        return;
      }
      if (!isObject(value)) throw documentFault("cannot add non-map fields to root of document");
      for (const [key, member] of Object.entries(value)) {
        if (key === "__proto__") throw documentFault("field name [__proto__] is not allowed");
        const known = Object.hasOwn(document.source, key) ? document.source[key] : undefined;
        document.source[key] = strategy === "merge" ? merged(known, member) : member;
      }
    };
  },
};

function merged(known: JsonValue | undefined, next: JsonValue): JsonValue {
  if (!isObject(known) || !isObject(next)) return next;
  const both: JsonObject = { ...known };
  for (const [key, value] of Object.entries(next)) {
    if (key === "__proto__") throw documentFault("field name [__proto__] is not allowed");
    both[key] = merged(Object.hasOwn(known, key) ? known[key] : undefined, value);
  }
  return both;
}
