import { Fault, messageOf } from "../../lib/fault.ts";
import { isObject, type JsonObject, type JsonValue, javaType } from "../document/json.ts";
import { pathKeys } from "../document/path.ts";
import { pipelineFault } from "../ingest-fault.ts";
import { compileRegex, type Regex } from "../regex/regex.ts";
import { compileTemplate, type Template } from "../template.ts";

/** Reads a processor's configuration; each refusal is Elasticsearch's, with type, tag and name of the property. */
export type ConfigReader = {
  has(name: string): boolean;
  value(name: string): JsonValue | undefined;
  text(name: string): string | undefined;
  requiredText(name: string): string;
  flag(name: string, preset: boolean): boolean;
  texts(name: string): string[] | undefined;
  /** One text, or a list of them. */
  oneOrMore(name: string): string[];
  object(name: string): JsonObject | undefined;
  list(name: string): JsonValue[] | undefined;
  /** The path of a field, without templates. */
  field(name: string): string;
  optionalField(name: string): string | undefined;
  template(name: string, options?: { escapeJson: boolean }): Template;
  regex(name: string): Regex;
  /** Runs `make` and names the property in what it refuses, behind `words`. */
  made<T>(name: string, make: () => T, words?: string): T;
  fault(name: string | undefined, reason: string): Fault;
  /** Refuses what none of the options read. */
  finish(): void;
};

export function createConfigReader(options: {
  type: string;
  config: JsonObject;
  /** Options that the kind of processor has. */
  known: readonly string[];
}): ConfigReader {
  const { type, config, known } = options;
  const tag = typeof config["tag"] === "string" ? config["tag"] : undefined;

  const fault = (name: string | undefined, reason: string): Fault =>
    pipelineFault(name === undefined ? reason : `[${name}] ${reason}`, {
      processor_type: type,
      ...(tag === undefined ? {} : { processor_tag: tag }),
      ...(name === undefined ? {} : { property_name: name }),
    });
  const value = (name: string): JsonValue | undefined => {
    if (!known.includes(name)) throw new Error(`${type} reads an option that it does not have: ${name}`);
    return Object.hasOwn(config, name) ? (config[name] ?? undefined) : undefined;
  };
  const wrongType = (name: string, wanted: string, found: JsonValue) =>
    fault(name, `property isn't a ${wanted}, but of type [${javaType(found)}]`);
  const text = (name: string): string | undefined => {
    const found = value(name);
    if (found === undefined) return undefined;
    if (typeof found === "string") return found;
    throw wrongType(name, "string", found);
  };
  const requiredText = (name: string): string => {
    const found = value(name);
    if (found === undefined) throw fault(name, "required property is missing");
    return text(name) ?? "";
  };
  const made = <T>(name: string, make: () => T, words = ""): T => {
    try {
      return make();
    } catch (error) {
      if (error instanceof Fault && error.code !== "pipeline_invalid") throw fault(name, `${words}${messageOf(error)}`);
      throw error;
    }
  };
  const list = (name: string): JsonValue[] | undefined => {
    const found = value(name);
    if (found === undefined) return undefined;
    if (Array.isArray(found)) return found;
    throw wrongType(name, "list", found);
  };
  const texts = (name: string): string[] | undefined =>
    list(name)?.map((item) => {
      if (typeof item === "string") return item;
      throw wrongType(name, "list of strings", item);
    });
  const optionalField = (name: string): string | undefined => {
    const path = text(name);
    if (path !== undefined) made(name, () => pathKeys(path));
    return path;
  };
  return {
    has: (name) => value(name) !== undefined,
    value,
    text,
    requiredText,
    flag(name, preset) {
      const found = value(name);
      if (found === undefined) return preset;
      if (typeof found === "boolean") return found;
      throw wrongType(name, "boolean", found);
    },
    list,
    texts,
    oneOrMore(name) {
      const found = value(name);
      return Array.isArray(found) ? (texts(name) ?? []) : [requiredText(name)];
    },
    object(name) {
      const found = value(name);
      if (found === undefined || isObject(found)) return found;
      throw wrongType(name, "map", found);
    },
    field(name) {
      requiredText(name);
      return optionalField(name) ?? "";
    },
    optionalField,
    template: (name, templateOptions) => made(name, () => compileTemplate(requiredText(name), templateOptions)),
    regex: (name) =>
      made(name, () => compileRegex({ source: requiredText(name), dialect: "java" }), "Invalid regex pattern. "),
    made,
    fault,
    finish() {
      const unread = Object.keys(config).filter((name) => !known.includes(name));
      if (unread.length === 0) return;
      throw fault(
        undefined,
        `processor [${type}] doesn't support one or more provided configuration parameters [${unread.join(", ")}]`,
      );
    },
  };
}
