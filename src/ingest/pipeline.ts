import type { Course, Outcome } from "./course.ts";
import type { IngestDocument } from "./document/document.ts";
import { type GivenObject, isDeeper, isObject, type JsonObject, type JsonValue, MAX_LEVELS } from "./document/json.ts";
import { IngestFailure, pipelineFault } from "./ingest-fault.ts";
import type { ProcessorKind } from "./processors/processor.ts";
import { processorKinds, refusedProcessors } from "./processors/table.ts";
import { createStep, runHandlers, runSteps, type Step } from "./step.ts";

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

const kinds = new Map(processorKinds.map((kind) => [kind.type, kind]));
const PIPELINE_KEYS = ["description", "version", "processors", "on_failure", "_meta", "deprecated"];
const MAX_PROCESSORS = 1_000;
const MAX_NESTING = 20;

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
    const kind = kindOf(type, config);
    return createStep({
      kind,
      config,
      pipeline: id,
      compileHandlers: (list) => steps({ json: list, property: "on_failure", nesting: nesting + 1 }),
      compileInner: (inner) => step(inner, nesting + 1).run,
    });
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
