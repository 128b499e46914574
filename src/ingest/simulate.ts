import type { ProcessorTrace } from "./course.ts";
import type { DocumentMeta, IngestDocument } from "./document/document.ts";
import { type GivenObject, isDeeper, isObject, type JsonObject, type JsonValue, MAX_LEVELS } from "./document/json.ts";
import { type IngestFailure, pipelineFault } from "./ingest-fault.ts";
import { compilePipeline, type Pipeline } from "./pipeline.ts";
import type { IngestError, IngestResult, Pipelines } from "./pipelines.ts";

const MAX_DOCUMENTS = 1_000;
const MAX_TRACES = 10_000;
const UNNAMED = "_simulate_pipeline";

/**
 * Elasticsearch's `_ingest/pipeline[/{id}]/_simulate`: sends the request's documents through a pipeline that was put
 * (`id`) or stands in the request, without storing anything, and gives the body of the answer. With `verbose`, what each
 * processor did and how the document stood after it. Throws `pipeline_invalid` for a request that is not one.
 */
export function simulatePipeline(options: {
  pipelines: Pipelines;
  id?: string;
  body: GivenObject;
  verbose: boolean;
}): JsonObject {
  const { pipelines, id, verbose } = options;
  if (isDeeper(options.body, MAX_LEVELS)) throw pipelineFault(`a request may be at most ${MAX_LEVELS} levels deep`);
  const body = structuredClone(options.body) as JsonObject;
  const pipeline = pipelineOf();
  const docs = body["docs"];
  if (!Array.isArray(docs)) throw pipelineFault("[docs] required property is missing", { property_name: "docs" });
  if (docs.length === 0) throw pipelineFault("must specify at least one document in [docs]");
  if (docs.length > MAX_DOCUMENTS) throw pipelineFault(`at most ${MAX_DOCUMENTS} documents can be simulated at once`);
  return {
    docs: docs.map((doc) => {
      const incoming = incomingOf(doc);
      const traces: JsonValue[] = [];
      const take = (trace: ProcessorTrace, document: IngestDocument) => {
        if (traces.length < MAX_TRACES) traces.push(traceJson(trace, document));
      };
      const result = pipelines.trial(incoming, pipeline, verbose ? take : undefined);
      return verbose ? { processor_results: traces } : resultJson(result);
    }),
  };

  function pipelineOf(): Pipeline {
    const given = body["pipeline"];
    if (id === undefined) {
      if (!isObject(given))
        throw pipelineFault("[pipeline] required property is missing", { property_name: "pipeline" });
      return compilePipeline({ id: UNNAMED, body: given });
    }
    const known = pipelines.get(id);
    if (known === undefined) throw pipelineFault(`pipeline [${id}] does not exist`);
    return compilePipeline({ id, body: known });
  }
}

function incomingOf(doc: JsonValue): { meta: DocumentMeta; source: JsonObject } {
  const source = isObject(doc) ? doc["_source"] : undefined;
  if (!isObject(doc) || !isObject(source))
    throw pipelineFault("[_source] required property is missing", { property_name: "_source" });
  const text = (key: string): string | undefined => (typeof doc[key] === "string" ? doc[key] : undefined);
  const routing = text("_routing");
  return {
    meta: {
      _index: text("_index") ?? "_index",
      _id: text("_id") ?? "_id",
      ...(routing === undefined ? {} : { _routing: routing }),
    },
    source,
  };
}

function resultJson(result: IngestResult & { timestamp: string }): JsonValue {
  if (result.kind === "dropped") return null;
  if (result.kind === "failed") return { error: errorJson(result.error) };
  return { doc: { ...result.meta, _source: result.source, _ingest: { timestamp: result.timestamp } } };
}

function traceJson(trace: ProcessorTrace, document: IngestDocument): JsonObject {
  const { type, tag, description, condition, status, failure } = trace;
  const { meta, source, ingest } = document.snapshot();
  const about: JsonObject = {
    processor_type: type,
    status,
    ...(tag === undefined ? {} : { tag }),
    ...(description === undefined ? {} : { description }),
    ...(condition === undefined ? {} : { if: { condition, result: status !== "skipped" } }),
  };
  if (status === "error") return { ...about, ...(failure === undefined ? {} : { error: failureJson(failure) }) };
  if (status === "skipped" || status === "dropped") return about;
  const ignored = failure === undefined ? {} : { ignored_error: { error: failureJson(failure) } };
  return { ...about, ...ignored, doc: { ...meta, _source: source, _ingest: ingest } };
}

function failureJson(failure: IngestFailure): JsonObject {
  const { type, tag, pipeline } = failure.processor;
  return errorJson({
    type: failure.type,
    reason: failure.message,
    processor_type: type,
    ...(tag === undefined ? {} : { processor_tag: tag }),
    pipeline,
  });
}

function errorJson({ type, reason, processor_type, processor_tag }: IngestError): JsonObject {
  return {
    root_cause: [{ type, reason }],
    type,
    reason,
    ...(processor_type === undefined ? {} : { processor_type }),
    ...(processor_tag === undefined ? {} : { processor_tag }),
  };
}
