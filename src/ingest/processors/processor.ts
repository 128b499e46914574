import type { IngestDocument } from "../document/document.ts";
import type { ConfigReader } from "./config.ts";

/** What a document meets on its way: the other pipelines, and how much it may still cost. */
export type Passage = {
  /** Runs the pipeline of that name; `missing` when there is none. Fails on a circle. */
  runPipeline(name: string, document: IngestDocument): Outcome | "missing";
};

export type Outcome = "next" | "drop";

/** A processor's work. Throws to fail the document. */
export type Work = (document: IngestDocument, passage: Passage) => Outcome | undefined;

export type ProcessorOption = { name: string; words: string; required?: boolean; preset?: string };

/** One kind of processor: what docs/pipelines.md says of it, and how it is made from its configuration. */
export type ProcessorKind = {
  type: string;
  words: string;
  options: readonly ProcessorOption[];
  /** Throws `pipeline_invalid`. `compileInner` is for processors within this one. */
  compile(config: ConfigReader, inner: { compileInner(json: unknown): Work }): Work;
};
