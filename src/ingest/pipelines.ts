import type { NowUs } from "../lib/clock.ts";
import { Fault, isFault } from "../lib/fault.ts";
import type { ProcessorTrace } from "./course.ts";
import { createCourse } from "./course.ts";
import { createDocument, type DocumentMeta, type IngestDocument } from "./document/document.ts";
import type { GivenObject, JsonObject } from "./document/json.ts";
import { documentFault, errorTypeOf, IngestFailure, pipelineFault } from "./ingest-fault.ts";
import { compilePipeline, type Pipeline } from "./pipeline.ts";

export type IngestError = {
  type: string;
  reason: string;
  processor_type?: string;
  processor_tag?: string;
  pipeline?: string;
};

/** What became of a document. */
export type IngestResult =
  | { kind: "document"; meta: DocumentMeta; source: JsonObject }
  | { kind: "dropped" }
  | { kind: "failed"; error: IngestError };

export type Incoming = { source: GivenObject; meta: DocumentMeta };

/** The pipelines that there are, by name. */
export type Pipelines = {
  /** Throws `pipeline_invalid` (its details are Elasticsearch's answer). */
  put(id: string, body: GivenObject): void;
  get(id: string): JsonObject | undefined;
  /** Whether there was one. */
  remove(id: string): boolean;
  ids(): string[];
  /**
   * Sends a document through the pipelines of these names, one after the other; without any it is only taken in
   * (dotted names become nested, its bounds are held). Never throws for what a document holds.
   */
  run(incoming: Incoming, ids: readonly string[]): IngestResult;
  /** Sends a document through a pipeline that need not have been put, telling what each processor did. */
  trial(incoming: Incoming, pipeline: Pipeline, trace?: Trace): IngestResult & { timestamp: string };
};

export type Trace = (trace: ProcessorTrace, document: IngestDocument) => void;

const MAX_PIPELINES = 1_000;
const MAX_ID = 256;

/** `nowUs` is the clock of `_ingest.timestamp`. */
export function createPipelines({ nowUs }: { nowUs: NowUs }): Pipelines {
  const pipelines = new Map<string, Pipeline>();

  const pass = (options: {
    incoming: Incoming;
    ids: readonly string[];
    pipelineOf: (id: string) => Pipeline | undefined;
    timestamp: string;
    trace: Trace | undefined;
  }): IngestResult => {
    const { incoming, ids, pipelineOf, timestamp, trace } = options;
    try {
      const document = createDocument({ ...incoming, timestamp });
      const course = createCourse({ pipelineOf, ...(trace === undefined ? {} : { trace }) });
      for (const id of ids) {
        const outcome = course.runPipeline(id, document);
        if (outcome === "missing") throw documentFault(`pipeline with id [${id}] does not exist`);
        if (outcome === "drop") return { kind: "dropped" };
      }
      return { kind: "document", meta: document.meta(), source: document.finish() };
    } catch (error) {
      return { kind: "failed", error: errorOf(error) };
    }
  };
  const timestampNow = () => new Date(nowUs() / 1000).toISOString();

  return {
    put(id, body) {
      if (id === "" || id.length > MAX_ID) throw pipelineFault("a pipeline's name has 1 to 256 characters");
      if (!pipelines.has(id) && pipelines.size >= MAX_PIPELINES)
        throw pipelineFault(`there may be at most ${MAX_PIPELINES} pipelines`);
      pipelines.set(id, compilePipeline({ id, body }));
    },
    get: (id) => pipelines.get(id)?.body,
    remove: (id) => pipelines.delete(id),
    ids: () => [...pipelines.keys()].sort(),
    run: (incoming, ids) =>
      pass({ incoming, ids, pipelineOf: (id) => pipelines.get(id), timestamp: timestampNow(), trace: undefined }),
    trial(incoming, pipeline, trace) {
      const timestamp = timestampNow();
      const pipelineOf = (id: string) => (id === pipeline.id ? pipeline : pipelines.get(id));
      return { ...pass({ incoming, ids: [pipeline.id], pipelineOf, timestamp, trace }), timestamp };
    },
  };
}

/** Elasticsearch's object for what failed. Throws on what is no document's fault. */
function errorOf(error: unknown): IngestError {
  if (error instanceof IngestFailure) {
    const { type, tag, pipeline } = error.processor;
    return {
      type: error.type,
      reason: error.message,
      processor_type: type,
      ...(tag === undefined ? {} : { processor_tag: tag }),
      pipeline,
    };
  }
  if (!(error instanceof Fault) || !isFault(error, "ingest_failed")) throw error;
  return { type: errorTypeOf(error), reason: error.message };
}
