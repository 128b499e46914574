import type { FastifyReply } from "fastify";
import { Fault } from "../../lib/fault.ts";
import type { ApiError } from "../views.ts";

/** The HTTP status of each code that a request can meet; what it means stands in the OpenAPI document. */
export const STATUS_OF = {
  parameter_invalid: 400,
  request_malformed: 400,
  body_invalid: 400,
  panel_placeholder: 400,
  time_range_invalid: 400,
  backtest_span: 400,
  search_invalid: 400,
  search_unsupported: 400,
  sql_refused: 400,
  sql_failed: 400,
  watch_invalid: 400,
  silence_invalid: 400,
  link_invalid: 400,
  unauthenticated: 401,
  origin_refused: 403,
  unauthorized: 403,
  public_refused: 403,
  route_unknown: 404,
  slot_unknown: 404,
  node_unknown: 404,
  group_unknown: 404,
  dashboard_unknown: 404,
  panel_unknown: 404,
  saved_search_unknown: 404,
  field_unknown: 404,
  alert_unknown: 404,
  watch_unknown: 404,
  silence_unknown: 404,
  method_not_allowed: 405,
  object_shipped: 409,
  object_in_use: 409,
  saved_full: 409,
  unsubscribed_full: 409,
  link_expired: 410,
  body_refused: 413,
  body_too_large: 413,
  host_refused: 421,
  answer_too_large: 422,
  saved_unreadable: 422,
  too_many_requests: 429,
  backtest_busy: 429,
  search_rejected: 429,
  search_too_large: 429,
  store_queue_full: 429,
  internal_error: 500,
  sql_unavailable: 501,
  network_unknown: 503,
  alerts_unavailable: 503,
  store_unavailable: 503,
  stream_full: 503,
  search_timeout: 504,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof STATUS_OF;

/** Seconds after which a client may ask again. */
const RETRY_AFTER_S = 1;

/** The status of any fault: what the search or the framework said, else by its code, else by whether a retry helps. */
export function statusOfFault(fault: Fault): number {
  const told = fault.details["status"];
  if (typeof told === "number" && told >= 400 && told <= 599) return told;
  const known = (STATUS_OF as Readonly<Record<string, number>>)[fault.code];
  return known ?? (fault.retry === "retryable" ? 503 : 500);
}

function apiError(fault: Fault): ApiError {
  return { error: { code: fault.code, message: fault.message, retry: fault.retry === "retryable" } };
}

/** Answers a request with a fault. */
export function sendFault(reply: FastifyReply, fault: Fault): FastifyReply {
  const status = statusOfFault(fault);
  if (fault.retry === "retryable") reply.header("retry-after", String(RETRY_AFTER_S));
  // A refusal of who asks says how to ask.
  reply.headers((fault.details["headers"] as Record<string, string> | undefined) ?? {});
  return reply.code(status).header("cache-control", "no-store").send(apiError(fault));
}

/** Foreign errors as faults: the framework's own refusals keep their status, anything else is ours to explain. */
export function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const status = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
  if (error instanceof Error && status >= 400 && status < 500) {
    return new Fault("request_malformed", `The request cannot be read: ${error.message}`, {
      cause: error,
      details: { status },
    });
  }
  return new Fault("internal_error", "The monitor failed to answer this; its log says why.", { cause: error });
}
