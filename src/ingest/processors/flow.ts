import type { Course } from "../course.ts";
import type { IngestDocument } from "../document/document.ts";
import { cloned, isObject, type JsonObject, type JsonValue } from "../document/json.ts";
import { documentFault } from "../ingest-fault.ts";
import type { ProcessorKind } from "./processor.ts";

export const dropProcessor: ProcessorKind = {
  type: "drop",
  words: "Ends the document's way: it is not stored, and counts as taken.",
  options: [],
  compile: () => () => "drop",
};

export const failProcessor: ProcessorKind = {
  type: "fail",
  words: "Fails the document.",
  options: [{ name: "message", words: "why; may hold templates", required: true }],
  compile(config) {
    const message = config.template("message");
    return (document) => {
      throw documentFault(message(document), "fail_processor_exception");
    };
  },
};

export const pipelineProcessor: ProcessorKind = {
  type: "pipeline",
  words: "Runs another pipeline. A circle of pipelines fails the document.",
  options: [
    { name: "name", words: "of the pipeline; may hold templates", required: true },
    { name: "ignore_missing_pipeline", words: "a pipeline that does not exist is no failure", preset: "false" },
  ],
  compile(config) {
    const name = config.template("name");
    const ignoreMissing = config.flag("ignore_missing_pipeline", false);
    return (document, course) => {
      const pipeline = name(document);
      const outcome = course.runPipeline(pipeline, document);
      if (outcome !== "missing") return outcome;
      if (ignoreMissing) return undefined;
      throw documentFault(
        `Pipeline processor configured for non-existent pipeline [${pipeline}]`,
        "illegal_state_exception",
      );
    };
  },
};

export const foreachProcessor: ProcessorKind = {
  type: "foreach",
  words: "Runs a processor for each value of a list (`_ingest._value`) or member of an object (`_ingest._key` too).",
  options: [
    { name: "field", words: "the field, a list or an object", required: true },
    { name: "processor", words: "an object with the one processor", required: true },
    { name: "ignore_missing", words: "a missing field or null is no failure", preset: "false" },
  ],
  compile(config, { compileInner }) {
    const field = config.field("field");
    const ignoreMissing = config.flag("ignore_missing", false);
    const processor = config.object("processor");
    if (processor === undefined) throw config.fault("processor", "required property is missing");
    if (Object.keys(processor).length !== 1) throw config.fault("processor", "Must specify exactly one processor type");
    const work = compileInner(processor);
    return (document, course) => {
      const value = ignoreMissing ? document.get(field) : document.require(field);
      if (value === undefined || (value === null && ignoreMissing)) return undefined;
      if (Array.isArray(value)) return overList(value);
      if (isObject(value)) return overObject(value);
      throw documentFault(`field [${field}] is neither a list nor an object, cannot loop over its inner elements.`);

      function overList(list: readonly JsonValue[]) {
        const made: JsonValue[] = [];
        for (const item of list) {
          const { value: next, outcome } = runWith({ document, course, value: item });
          if (outcome === "drop") return outcome;
          made.push(next);
        }
        document.set(field, made);
        return undefined;
      }
      function overObject(object: JsonObject) {
        const made: JsonObject = {};
        for (const [name, member] of Object.entries(object)) {
          const { value: next, key, outcome } = runWith({ document, course, value: member, key: name });
          if (outcome === "drop") return outcome;
          if (key !== "" && key !== "__proto__") made[key] = next;
        }
        document.set(field, made);
        return undefined;
      }
    };

    function runWith(options: { document: IngestDocument; course: Course; value: JsonValue; key?: string }) {
      const { document, course, value, key } = options;
      const { ingest } = document;
      const before = { value: ingest["_value"], key: ingest["_key"] };
      ingest["_value"] = cloned(value);
      if (key !== undefined) ingest["_key"] = key;
      try {
        const outcome = work(document, course);
        return { value: ingest["_value"] ?? null, key: String(ingest["_key"] ?? ""), outcome };
      } finally {
        restore(ingest, "_value", before.value);
        restore(ingest, "_key", before.key);
      }
    }
  },
};

function restore(ingest: JsonObject, key: string, value: JsonValue | undefined): void {
  if (value === undefined) delete ingest[key];
  else ingest[key] = value;
}
