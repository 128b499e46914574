import type { Course, Outcome } from "../course.ts";
import type { IngestDocument } from "../document/document.ts";
import type { JsonValue } from "../document/json.ts";
import type { ConfigReader } from "./config.ts";

/** A processor's work. Throws to fail the document. */
export type Work = (document: IngestDocument, course: Course) => Outcome | undefined;

export type ProcessorOption = { name: string; words: string; required?: boolean; preset?: string };

/** One kind of processor: what docs/pipelines.md says of it, and how it is made from its configuration. */
export type ProcessorKind = {
  type: string;
  words: string;
  options: readonly ProcessorOption[];
  /** Throws `pipeline_invalid`. `compileInner` is for processors within this one. */
  compile(config: ConfigReader, inner: { compileInner(json: JsonValue): Work }): Work;
};
