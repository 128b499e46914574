import { isFault } from "../lib/fault.ts";
import { compileCondition } from "./condition/condition.ts";
import type { Course } from "./course.ts";
import type { IngestDocument } from "./document/document.ts";
import { type GivenObject, isDeeper, isObject, type JsonObject, type JsonValue, MAX_LEVELS } from "./document/json.ts";
import { errorTypeOf, IngestFailure, pipelineFault, withoutStack } from "./ingest-fault.ts";
import { createConfigReader } from "./processors/config.ts";
import type { Outcome, ProcessorKind, Work } from "./processors/processor.ts";
import { commonOptions, processorKinds, refusedProcessors } from "./processors/table.ts";

/** A pipeline that was put, ready to run. */
export type Pipeline = {
  id: string;
  description: string | undefined;
  version: number | undefined;
  /** As it was put. */
  body: JsonObject;
  /** Throws to fail the document. */
  run(document: IngestDocument, course: Course): Outcome;
};

type Step = { type: string; run(document: IngestDocument, course: Course): Outcome };

const kinds = new Map(processorKinds.map((kind) => [kind.type, kind]));
const PIPELINE_KEYS = ["description", "version", "processors", "on_failure", "_meta", "deprecated"];
const COMMON = commonOptions.map(({ name }) => name);
const MAX_PROCESSORS = 1_000;
const MAX_NESTING = 20;

/** Codes of what may go wrong with a document; anything else is a fault of ours, and no processor's failure. */
const DOCUMENT_CODES = ["ingest_failed", "regex_gave_up", "regex_invalid", "date_invalid"];

/**
 * Compiles a pipeline of Elasticsearch's JSON. Throws `pipeline_invalid`, with Elasticsearch's error object in its
 * details, for anything that is not understood wholly.
 */
export function compilePipeline({ id, body: given }: { id: string; body: GivenObject }): Pipeline {
  if (isDeeper(given, MAX_LEVELS)) throw pipelineFault(`a pipeline may be at most ${MAX_LEVELS} levels deep`);
  const body = structuredClone(given) as JsonObject;
  let processors = 0;

  const steps = (options: { json: JsonValue | undefined; property: string; nesting: number }): Step[] => {
    const { json, property, nesting } = options;
    if (!Array.isArray(json))
      throw pipelineFault(`[${property}] property isn't a list, but of another type`, { property_name: property });
    return json.map((item) => step(item, nesting));
  };

  const step = (json: JsonValue, nesting: number): Step => {
    processors += 1;
    if (processors > MAX_PROCESSORS) throw pipelineFault(`a pipeline may have at most ${MAX_PROCESSORS} processors`);
    if (nesting > MAX_NESTING) throw pipelineFault(`processors may be at most ${MAX_NESTING} levels deep`);
    const [entry, ...others] = isObject(json) ? Object.entries(json) : [];
    if (entry === undefined || others.length > 0) throw pipelineFault("a processor is an object with its type alone");
    const [type, config] = entry;
    if (!isObject(config)) throw pipelineFault(`processor [${type}] is no object`, { processor_type: type });
    return compileStep({ kind: kindOf(type, config), config, nesting });
  };

  const compileStep = (options: { kind: ProcessorKind; config: JsonObject; nesting: number }): Step => {
    const { kind, config, nesting } = options;
    const { type } = kind;
    const known = [...COMMON, ...kind.options.map(({ name }) => name)];
    const reader = createConfigReader({ type, config, known });
    const tag = reader.text("tag");
    const description = reader.text("description");
    const conditionText = reader.text("if");
    const condition =
      conditionText === undefined ? undefined : reader.made("if", () => compileCondition(conditionText));
    const ignoreFailure = reader.flag("ignore_failure", false);
    const handlers = reader.has("on_failure")
      ? steps({ json: reader.value("on_failure"), property: "on_failure", nesting: nesting + 1 })
      : undefined;
    if (handlers?.length === 0) throw reader.fault("on_failure", "processors list cannot be empty");
    reader.finish();
    const work = kind.compile(reader, {
      compileInner: (json): Work => {
        const inner = step(json as JsonValue, nesting + 1);
        return (document, passage) => inner.run(document, passage as Course);
      },
    });
    const about = { type, tag, description, condition: conditionText };

    return {
      type,
      run(document, course) {
        course.spend();
        try {
          if (condition !== undefined && !condition(document)) {
            course.trace?.({ ...about, status: "skipped" }, document);
            return "next";
          }
          const outcome = work(document, course) ?? "next";
          course.trace?.({ ...about, status: outcome === "drop" ? "dropped" : "success" }, document);
          return outcome;
        } catch (error) {
          const failure = failureOf({ error, type, tag, pipeline: id });
          const handled = ignoreFailure || handlers !== undefined;
          course.trace?.({ ...about, status: handled ? "error_ignored" : "error", failure }, document);
          if (ignoreFailure) return "next";
          if (handlers === undefined) throw failure;
          return runHandlers({ handlers, failure, document, course });
        }
      },
    };
  };

  const unknown = Object.keys(body).filter((key) => !PIPELINE_KEYS.includes(key));
  if (unknown.length > 0)
    throw pipelineFault(
      `pipeline [${id}] doesn't support one or more provided configuration parameters [${unknown.join(", ")}]`,
    );
  if (body["processors"] === undefined)
    throw pipelineFault("[processors] required property is missing", { property_name: "processors" });
  const main = steps({ json: body["processors"], property: "processors", nesting: 1 });
  const handlers =
    body["on_failure"] === undefined
      ? undefined
      : steps({ json: body["on_failure"], property: "on_failure", nesting: 1 });
  if (handlers?.length === 0) throw pipelineFault(`pipeline [${id}] cannot have an empty on_failure option defined`);
  const { description, version } = body;

  return {
    id,
    description: typeof description === "string" ? description : undefined,
    version: typeof version === "number" ? version : undefined,
    body,
    run(document, course) {
      try {
        return runSteps(main, document, course);
      } catch (error) {
        if (handlers === undefined || !(error instanceof IngestFailure)) throw error;
        return runHandlers({ handlers, failure: error, document, course });
      }
    },
  };
}

function failureOf(options: {
  error: unknown;
  type: string;
  tag: string | undefined;
  pipeline: string;
}): IngestFailure {
  const { error, type, tag, pipeline } = options;
  if (error instanceof IngestFailure) return error;
  if (!isFault(error) || !DOCUMENT_CODES.includes(error.code)) throw error;
  const processor = { type, tag, pipeline };
  return withoutStack(
    () => new IngestFailure({ type: errorTypeOf(error), reason: error.message, processor, cause: error }),
  );
}

function kindOf(type: string, config: JsonObject): ProcessorKind {
  const kind = kinds.get(type);
  if (kind !== undefined) return kind;
  const { tag } = config;
  const why = Object.hasOwn(refusedProcessors, type) ? refusedProcessors[type] : undefined;
  throw pipelineFault(
    why === undefined ? `No processor type exists with name [${type}]` : `processor [${type}] is not supported: ${why}`,
    { processor_type: type, ...(typeof tag === "string" ? { processor_tag: tag } : {}) },
  );
}

function runSteps(list: readonly Step[], document: IngestDocument, course: Course): Outcome {
  for (const step of list) if (step.run(document, course) === "drop") return "drop";
  return "next";
}

/** While the handlers run, `_ingest.on_failure_*` say what failed. */
function runHandlers(options: {
  handlers: readonly Step[];
  failure: IngestFailure;
  document: IngestDocument;
  course: Course;
}): Outcome {
  const { handlers, failure, document, course } = options;
  const { type, tag, pipeline } = failure.processor;
  const { ingest } = document;
  const said: Record<string, string> = {
    on_failure_message: failure.message,
    on_failure_processor_type: type,
    ...(tag === undefined ? {} : { on_failure_processor_tag: tag }),
    on_failure_pipeline: pipeline,
  };
  Object.assign(ingest, said);
  try {
    return runSteps(handlers, document, course);
  } finally {
    for (const key of Object.keys(said)) delete ingest[key];
  }
}
