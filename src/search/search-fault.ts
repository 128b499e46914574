import { Fault } from "../lib/fault.ts";

/** Elasticsearch's error body. */
export type ErrorBody = {
  error: { root_cause: { type: string; reason: string }[]; type: string; reason: string };
  status: number;
};

function errorBody(type: string, reason: string, status: number): ErrorBody {
  return { error: { root_cause: [{ type, reason }], type, reason }, status };
}

/** A part of Elasticsearch's language that the embedded store does not have, by its name. */
export function unsupported(part: string): Fault {
  const reason = `${part} is not supported by the embedded store`;
  return new Fault("search_unsupported", reason, { details: errorBody("illegal_argument_exception", reason, 400) });
}

/** A part that is understood, but not as it is written. */
export function invalid(reason: string, type = "parsing_exception"): Fault {
  return new Fault("search_invalid", reason, { details: errorBody(type, reason, 400) });
}

/** What Elasticsearch itself does not foresee, where it is not told as a query's failure: the server's fault to it. */
export function unforeseen(reason: string): Fault {
  return new Fault("search_invalid", reason, { details: errorBody("illegal_state_exception", reason, 500) });
}

export function noSuchIndex(index: string): Fault {
  const reason = `no such index [${index}]`;
  return new Fault("search_invalid", reason, { details: errorBody("index_not_found_exception", reason, 404) });
}

/** A search that was understood but could not be carried out now. */
export function notCarriedOut(options: { code: string; type: string; reason: string; status: number }): Fault {
  const { code, type, reason, status } = options;
  return new Fault(code, reason, { retry: "retryable", details: errorBody(type, reason, status) });
}

/** What is found wrong while a query is made for an index: Elasticsearch tells it as the query's failure. */
export function asQueryFailure(fault: Fault): Fault {
  const { error } = fault.details as Partial<ErrorBody>;
  if (fault.code !== "search_invalid" || error === undefined) return fault;
  if (error.type === "query_shard_exception" || error.type === "parse_exception") return fault;
  return invalid(`failed to create query: ${error.reason}`, "query_shard_exception");
}

/** What was wrong with a request of Elasticsearch for one index, as its answer tells it. */
type ShardFailure = { shard: number; index: string; node: string; reason: { type: string; reason: string } };

/**
 * A fault that Elasticsearch's shards would find and not its parser: the same status and root cause, within its
 * `search_phase_execution_exception`.
 */
export function asShardFailure(fault: Fault, index: string): Fault {
  const { error, status } = fault.details as Partial<ErrorBody>;
  if (fault.code !== "search_invalid" || error === undefined || error.type === PHASE_FAILED) return fault;
  const { type, reason, root_cause } = error;
  const failed: ShardFailure = { shard: 0, index, node: "embedded", reason: { type, reason } };
  const details = {
    error: {
      root_cause: root_cause.map((cause) => ({ ...cause, index })),
      type: PHASE_FAILED,
      reason: "all shards failed",
      phase: "query",
      grouped: true,
      failed_shards: [failed],
      caused_by: { type, reason },
    },
    status,
  };
  return new Fault(fault.code, fault.message, { details });
}

/** A fault found within a part of a request: Elasticsearch's parser names the part and tells the cause below it. */
export function asPartFailure(fault: Fault, reason: string): Fault {
  const { error, status } = fault.details as Partial<ErrorBody>;
  if (fault.code !== "search_invalid" || error === undefined) return fault;
  const { root_cause, ...cause } = error;
  const type = "x_content_parse_exception";
  // Java's own exceptions are no cause that is told as such.
  const isOwn = root_cause.some((one) => one.type === "illegal_argument_exception");
  const causes = isOwn ? [{ type, reason }] : root_cause;
  const details = { error: { root_cause: causes, type, reason, caused_by: cause }, status };
  return new Fault(fault.code, fault.message, { details });
}

/** What Elasticsearch's shards find wrong in a part that is read here before any index is known. */
export function invalidAtShards(reason: string): Fault {
  return asShardFailure(invalid(reason, "illegal_argument_exception"), "_all");
}

/** What Elasticsearch finds wrong when it puts together what its shards found: no shard is the cause. */
export function invalidAtReduce(reason: string): Fault {
  const details = {
    error: {
      root_cause: [],
      type: PHASE_FAILED,
      reason: "",
      phase: "fetch",
      grouped: true,
      failed_shards: [],
      caused_by: { type: "illegal_argument_exception", reason },
    },
    status: 400,
  };
  return new Fault("search_invalid", reason, { details });
}

const PHASE_FAILED = "search_phase_execution_exception";
