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

export function noSuchIndex(index: string): Fault {
  const reason = `no such index [${index}]`;
  return new Fault("search_invalid", reason, { details: errorBody("index_not_found_exception", reason, 404) });
}

/** A search that was understood but could not be carried out now. */
export function notCarriedOut(options: { code: string; type: string; reason: string; status: number }): Fault {
  const { code, type, reason, status } = options;
  return new Fault(code, reason, { retry: "retryable", details: errorBody(type, reason, status) });
}
