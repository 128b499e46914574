import { Fault } from "../lib/fault.ts";
import type { Json } from "./document.ts";

export type Refused = {
  /** Elasticsearch's exception in snake case, `illegal_argument_exception`. */
  type: string;
  reason: string;
  status: number;
  /** Fields that Elasticsearch puts beside type and reason: `index`, `resource.id`… */
  more?: { readonly [key: string]: Json };
  causedBy?: { readonly type: string; readonly reason: string | null; readonly [key: string]: Json };
  /** The fault's own code, for servers that are not Elasticsearch's. Default: `elastic_refused`. */
  code?: string;
  /** Headers of the answer. */
  headers?: Readonly<Record<string, string>>;
};

/**
 * A fault that is answered with Elasticsearch's error object: its `details` hold `error` and `status`, as those of the
 * search do, and `headers`.
 */
export function refusal(refused: Refused): Fault {
  const { type, reason, status, more = {}, causedBy, headers, code = "elastic_refused" } = refused;
  const cause = { type, reason, ...more };
  return new Fault(code, reason, {
    retry: status === 429 || status >= 500 ? "retryable" : "final",
    details: {
      error: { root_cause: [cause], ...cause, ...(causedBy === undefined ? {} : { caused_by: causedBy }) },
      status,
      ...(headers === undefined ? {} : { headers }),
    },
  });
}

export function illegalArgument(reason: string, causedBy?: Refused["causedBy"]): Fault {
  return refusal({
    type: "illegal_argument_exception",
    reason,
    status: 400,
    ...(causedBy === undefined ? {} : { causedBy }),
  });
}

/** Elasticsearch's collected complaints about a request that can be read but makes no sense. */
export function validationFailed(...complaints: readonly string[]): Fault {
  const list = complaints.map((complaint, index) => `${index + 1}: ${complaint};`).join("");
  return refusal({ type: "action_request_validation_exception", reason: `Validation Failed: ${list}`, status: 400 });
}

export function indexNotFound(index: string): Fault {
  return refusal({
    type: "index_not_found_exception",
    reason: `no such index [${index}]`,
    status: 404,
    more: { "resource.type": "index_or_alias", "resource.id": index, index_uuid: "_na_", index },
  });
}

/** The queue is full; the sender is to try again. */
export function rejectedExecution(reason: string): Fault {
  return refusal({ type: "es_rejected_execution_exception", reason, status: 429 });
}

/** What Elasticsearch's HTTP layer refuses before any part of it is asked: a sentence instead of an error object. */
export function plainRefusal(sentence: string, status: number, headers: Readonly<Record<string, string>> = {}): Fault {
  return new Fault("elastic_refused", sentence, { details: { error: sentence, status, headers } });
}
