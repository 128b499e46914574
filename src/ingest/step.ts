import { isFault } from "../lib/fault.ts";
import { compileCondition } from "./condition/condition.ts";
import type { Course, Outcome } from "./course.ts";
import type { IngestDocument } from "./document/document.ts";
import type { JsonObject, JsonValue } from "./document/json.ts";
import { errorTypeOf, IngestFailure, withoutStack } from "./ingest-fault.ts";
import { createConfigReader } from "./processors/config.ts";
import type { ProcessorKind, Work } from "./processors/processor.ts";
import { commonOptions } from "./processors/table.ts";

/** A processor ready to run: its work, within what every processor may have (`commonOptions`). */
export type Step = { run(document: IngestDocument, course: Course): Outcome };

const COMMON = commonOptions.map(({ name }) => name);

/** Codes of what may go wrong with a document; anything else is a fault of ours, and no processor's failure. */
const DOCUMENT_CODES = ["ingest_failed", "regex_gave_up", "regex_invalid", "date_invalid"];

/** Throws `pipeline_invalid` for a configuration that is not understood wholly. */
export function createStep(options: {
  kind: ProcessorKind;
  config: JsonObject;
  /** The pipeline's name, for `_ingest.on_failure_pipeline`. */
  pipeline: string;
  compileHandlers: (list: JsonValue | undefined) => Step[];
  compileInner: (processor: JsonValue) => Work;
}): Step {
  const { kind, config, pipeline, compileHandlers, compileInner } = options;
  const { type } = kind;
  const reader = createConfigReader({ type, config, known: [...COMMON, ...kind.options.map(({ name }) => name)] });
  const tag = reader.text("tag");
  const description = reader.text("description");
  const conditionText = reader.text("if");
  const condition = conditionText === undefined ? undefined : reader.made("if", () => compileCondition(conditionText));
  const ignoreFailure = reader.flag("ignore_failure", false);
  const handlers = reader.has("on_failure") ? compileHandlers(reader.value("on_failure")) : undefined;
  if (handlers?.length === 0) throw reader.fault("on_failure", "processors list cannot be empty");
  reader.finish();
  const work = kind.compile(reader, { compileInner });
  const about = { type, tag, description, condition: conditionText };

  return {
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
        const failure = failureOf({ error, type, tag, pipeline });
        const handled = ignoreFailure || handlers !== undefined;
        course.trace?.({ ...about, status: handled ? "error_ignored" : "error", failure }, document);
        if (ignoreFailure) return "next";
        if (handlers === undefined) throw failure;
        return runHandlers({ handlers, failure, document, course });
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

export function runSteps(list: readonly Step[], document: IngestDocument, course: Course): Outcome {
  for (const step of list) if (step.run(document, course) === "drop") return "drop";
  return "next";
}

/** While the handlers run, `_ingest.on_failure_*` say what failed. */
export function runHandlers(options: {
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
