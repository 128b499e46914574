import type { IngestDocument } from "./document/document.ts";
import { documentFault, type IngestFailure } from "./ingest-fault.ts";

/** What one processor did to a document, for `_simulate?verbose`. */
export type ProcessorTrace = {
  type: string;
  tag: string | undefined;
  description: string | undefined;
  condition: string | undefined;
  status: "success" | "skipped" | "dropped" | "error" | "error_ignored";
  failure?: IngestFailure;
};

/** Whether a document goes on. */
export type Outcome = "next" | "drop";

/** One document's way through pipelines: the others that there are, and how much it may still cost. */
export type Course = {
  /** Runs the pipeline of that name; `missing` when there is none. Fails on a circle. */
  runPipeline(name: string, document: IngestDocument): Outcome | "missing";
  /** Counts one processor run; fails the document that needs too many. */
  spend(): void;
  trace: ((trace: ProcessorTrace, document: IngestDocument) => void) | undefined;
};

/** A list within a list within a list multiplies: so many runs of processors one document may cost. */
export const MAX_RUNS = 20_000;
/** As deep may pipelines call each other. */
const MAX_PIPELINES_DEEP = 20;

export function createCourse(options: {
  pipelineOf: (name: string) => { run(document: IngestDocument, course: Course): Outcome } | undefined;
  trace?: Course["trace"];
}): Course {
  const { pipelineOf, trace } = options;
  const under: string[] = [];
  let runs = 0;
  const course: Course = {
    trace,
    spend() {
      runs += 1;
      if (runs > MAX_RUNS) throw documentFault(`a document may cost at most ${MAX_RUNS} runs of processors`);
    },
    runPipeline(name, document) {
      const pipeline = pipelineOf(name);
      if (pipeline === undefined) return "missing";
      if (under.includes(name))
        throw documentFault(`Cycle detected for pipeline: ${name}`, "graph_structure_exception");
      if (under.length >= MAX_PIPELINES_DEEP)
        throw documentFault(`Too many nested pipelines, at most ${MAX_PIPELINES_DEEP}`, "graph_structure_exception");
      const before = document.ingest["pipeline"];
      under.push(name);
      document.ingest["pipeline"] = name;
      try {
        return pipeline.run(document, course);
      } finally {
        under.pop();
        if (before === undefined) delete document.ingest["pipeline"];
        else document.ingest["pipeline"] = before;
      }
    },
  };
  return course;
}
