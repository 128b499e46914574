import { cloned, isObject, type JsonObject } from "../document/json.ts";
import { pathKeys } from "../document/path.ts";
import { documentFault } from "../ingest-fault.ts";
import { compileTemplate, compileValue } from "../template.ts";
import type { ProcessorKind } from "./processor.ts";

const FIELD = { name: "field", words: "the field; may hold templates", required: true };
const MISSING = { name: "ignore_missing", words: "a missing field is no failure", preset: "false" };

export const setProcessor: ProcessorKind = {
  type: "set",
  words: "Sets a field to a value, or to a copy of another field.",
  options: [
    FIELD,
    { name: "value", words: "any JSON; texts may hold templates. This or `copy_from`" },
    { name: "copy_from", words: "the field to copy" },
    { name: "override", words: "replaces a value that is there already", preset: "true" },
    { name: "ignore_empty_value", words: "does nothing when the value is null or an empty text", preset: "false" },
    { name: "media_type", words: "`application/json` escapes `{{field}}` for JSON, `text/plain` does not" },
  ],
  compile(config) {
    const mediaType = config.text("media_type") ?? "application/json";
    if (mediaType !== "application/json" && mediaType !== "text/plain")
      throw config.fault("media_type", `property does not contain a supported media type [${mediaType}]`);
    const escaping = { escapeJson: mediaType === "application/json" };
    const field = config.template("field");
    const override = config.flag("override", true);
    const ignoreEmpty = config.flag("ignore_empty_value", false);
    const copyFrom = config.optionalField("copy_from");
    const value = config.value("value");
    if (copyFrom !== undefined && value !== undefined)
      throw config.fault("copy_from", "cannot set both `copy_from` and `value` in the same processor");
    if (copyFrom === undefined && value === undefined) throw config.fault("value", "required property is missing");
    const made = value === undefined ? undefined : config.made("value", () => compileValue(value, escaping));
    return (document) => {
      const path = field(document);
      const known = document.get(path);
      if (!override && known !== undefined && known !== null) return;
      if (made !== undefined) {
        const next = made(document);
        if (ignoreEmpty && (next === null || next === "")) return;
        document.set(path, next);
      } else if (copyFrom !== undefined) {
        const next = ignoreEmpty ? document.get(copyFrom) : document.require(copyFrom);
        if (next === undefined || (ignoreEmpty && (next === null || next === ""))) return;
        document.set(path, cloned(next));
      }
    };
  },
};

export const removeProcessor: ProcessorKind = {
  type: "remove",
  words: "Takes fields away, or all but some.",
  options: [
    { name: "field", words: "the field, or a list of them; may hold templates. This or `keep`" },
    { name: "keep", words: "the fields to keep: all others go" },
    MISSING,
  ],
  compile(config) {
    const ignoreMissing = config.flag("ignore_missing", false);
    if (config.has("field") === config.has("keep"))
      throw config.has("field")
        ? config.fault("field", "and [keep] cannot both be used in the same processor")
        : config.fault("field", "required property is missing");
    if (config.has("keep")) {
      const keep = new Set(config.oneOrMore("keep").map((path) => pathKeys(path).join(".")));
      return (document) => {
        keepOnly(document.source, keep, "");
      };
    }
    const fields = config.oneOrMore("field").map((text) => config.made("field", () => compileTemplate(text)));
    return (document) => {
      for (const field of fields) {
        const path = field(document);
        if (!ignoreMissing || document.has(path)) document.remove(path);
      }
    };
  },
};

/** Keeps the named fields, what is within them, and the objects on the way to them. */
function keepOnly(object: JsonObject, keep: ReadonlySet<string>, prefix: string): void {
  for (const [key, value] of Object.entries(object)) {
    const path = `${prefix}${key}`;
    if (keep.has(path)) continue;
    if (isObject(value) && [...keep].some((kept) => kept.startsWith(`${path}.`))) keepOnly(value, keep, `${path}.`);
    else delete object[key];
  }
}

export const renameProcessor: ProcessorKind = {
  type: "rename",
  words: "Moves a field to another place.",
  options: [
    FIELD,
    { name: "target_field", words: "where to; may hold templates", required: true },
    MISSING,
    { name: "override", words: "replaces a target that is there already", preset: "false" },
  ],
  compile(config) {
    const field = config.template("field");
    const target = config.template("target_field");
    const ignoreMissing = config.flag("ignore_missing", false);
    const override = config.flag("override", false);
    return (document) => {
      const from = field(document);
      const value = document.get(from);
      if (value === undefined) {
        if (ignoreMissing) return;
        throw documentFault(`field [${from}] doesn't exist`);
      }
      const to = target(document);
      if (!override && document.has(to)) throw documentFault(`field [${to}] already exists`);
      document.remove(from);
      try {
        document.set(to, value);
      } catch (error) {
        document.set(from, value);
        throw error;
      }
    };
  },
};

export const appendProcessor: ProcessorKind = {
  type: "append",
  words: "Adds values to a list; makes one of a single value.",
  options: [
    FIELD,
    { name: "value", words: "a value or a list of them; texts may hold templates", required: true },
    { name: "allow_duplicates", words: "adds what is in the list already", preset: "true" },
  ],
  compile(config) {
    const field = config.template("field");
    const allowDuplicates = config.flag("allow_duplicates", true);
    const value = config.value("value");
    if (value === undefined) throw config.fault("value", "required property is missing");
    const made = config.made("value", () => compileValue(value));
    return (document) => {
      const values = made(document);
      document.append(field(document), Array.isArray(values) ? values : [values], { allowDuplicates });
    };
  },
};
