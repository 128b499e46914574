import { Fault } from "../lib/fault.ts";

/** What stands in Elasticsearch's error object beside `type` and `reason` when a pipeline is refused. */
export type ErrorDetails = { processor_type?: string; processor_tag?: string; property_name?: string };

/**
 * A document could not go through: `type` and `reason` are Elasticsearch's, for the item's answer and for
 * `_ingest.on_failure_message`.
 */
export function documentFault(reason: string, type = "illegal_argument_exception"): Fault {
  return withoutStack(() => new Fault("ingest_failed", reason, { details: { type } }));
}

/**
 * Failures that processors ignore are an ordinary thing, many a document: taking down the stack would be most of what
 * they cost, and where in our code a foreign document failed is of no use.
 */
export function withoutStack<T>(make: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** A pipeline that cannot be put, with the error object that Elasticsearch answers. */
export function pipelineFault(reason: string, details: ErrorDetails = {}): Fault {
  const cause = { type: "parse_exception", reason, ...details };
  return new Fault("pipeline_invalid", reason, {
    details: { error: { root_cause: [cause], ...cause }, status: 400 },
  });
}

/** Elasticsearch's name of an error that a processor threw. */
export function errorTypeOf(error: Fault): string {
  const type = error.details["type"];
  if (typeof type === "string") return type;
  return "illegal_argument_exception";
}

/** A processor's failure, with the place where it came about. */
export class IngestFailure extends Fault {
  readonly type: string;
  readonly processor: { type: string; tag: string | undefined; pipeline: string };

  constructor(options: { type: string; reason: string; processor: IngestFailure["processor"]; cause: unknown }) {
    super("ingest_failed", options.reason, { cause: options.cause, details: { type: options.type } });
    this.type = options.type;
    this.processor = options.processor;
  }
}
