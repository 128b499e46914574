import type { FastifyReply } from "fastify";
import type { Json } from "../../events/document.ts";
import { illegalArgument } from "../../events/refusal.ts";
import { Fault } from "../../lib/fault.ts";
import { parseFilterPath } from "./filter-path.ts";
import { answerType, type MediaType } from "./media-type.ts";
import type { Parameters } from "./parameters.ts";
import { prettyJson, yaml } from "./render.ts";
import type { FaceAnswer } from "./route.ts";

/** How a client wants its answer. */
export type AnswerForm = { accepted: MediaType | undefined; parameters: Parameters };

/** The type of JSON answers that a client asks for by `format` or `Accept`; `format` wins. */
export function formOf(form: AnswerForm): MediaType | undefined {
  const format = form.parameters.text("format");
  switch (format) {
    case undefined:
    case "":
      return form.accepted;
    case "json":
    case "yaml":
    case "text":
      return { form: format, isVendor: false };
    case "cbor":
    case "smile":
      throw illegalArgument(`The format [${format}] is not supported, use [json] or [yaml]`);
    default:
      return form.accepted;
  }
}

/** Sends what a route answered, filtered and in the form that was asked for. */
export function sendAnswer(reply: FastifyReply, answer: FaceAnswer, form: AnswerForm): FastifyReply {
  reply.code(answer.status ?? 200).headers(answer.headers ?? {});
  const type = formOf(form);
  if ("text" in answer) return sendText(reply, "text/plain; charset=UTF-8", answer.text);
  const mediaType = answerType(type);
  if ("parts" in answer) return sendText(reply, mediaType, answer.parts.join(""));
  const { parameters } = form;
  const filter = parseFilterPath(parameters.text("filter_path"));
  const json = filter === undefined ? answer.json : (filter(answer.json) ?? {});
  const pretty = parameters.flag("pretty") ?? answer.pretty ?? false;
  return sendText(reply, mediaType, jsonText(json, { type, pretty }));
}

/** As bytes: the framework would rewrite the type of a text. */
function sendText(reply: FastifyReply, mediaType: string, text: string): FastifyReply {
  return reply.header("content-type", mediaType).send(Buffer.from(text));
}

/** Sends Elasticsearch's error object for whatever was thrown; it is never filtered. */
export function sendError(reply: FastifyReply, fault: Fault, form: AnswerForm | undefined): FastifyReply {
  const { status, error, headers } = errorOf(fault);
  const parameters = form?.parameters;
  const isPretty = ["", "true"].includes(parameters?.text("pretty") ?? "false");
  const isTraced = parameters?.text("error_trace") === "true" && typeof error === "object" && error !== null;
  const told: Json = isTraced ? { ...error, stack_trace: `${fault.code}: ${fault.message}` } : error;
  reply.code(status).headers(headers);
  // "no handler found" is the one error that Elasticsearch answers without its status.
  const body: Json = typeof told === "string" && status === 400 ? { error: told } : { error: told, status };
  return sendText(reply, answerType(form?.accepted), jsonText(body, { type: form?.accepted, pretty: isPretty }));
}

/** The error object and status of a fault: its own, or those that its code has. */
export function errorOf(fault: Fault): { status: number; error: Json; headers: Record<string, string> } {
  const { error, status, headers } = fault.details;
  const own = { ...(headers as Record<string, string> | undefined) };
  if (error !== undefined && typeof status === "number") return { status, error: error as Json, headers: own };
  const [type, known] = KNOWN[fault.code] ?? (fault.retry === "retryable" ? UNAVAILABLE : INTERNAL);
  const cause = { type, reason: known === INTERNAL[1] ? INTERNAL_REASON : fault.message };
  return { status: known, error: { root_cause: [cause], ...cause }, headers: own };
}

const UNAVAILABLE = ["unavailable_exception", 503] as const;
const INTERNAL = ["internal_error", 500] as const;
const INTERNAL_REASON = "The monitor failed to answer this; its log says why.";

const KNOWN: Readonly<Record<string, readonly [type: string, status: number]>> = {
  host_refused: ["security_exception", 421],
  origin_refused: ["security_exception", 403],
  request_malformed: ["illegal_argument_exception", 400],
  store_queue_full: ["es_rejected_execution_exception", 429],
  aborted: ["task_cancelled_exception", 400],
};

/** Foreign errors as faults. */
export function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const status = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
  if (error instanceof Error && status >= 400 && status < 500) {
    return new Fault("request_malformed", `The request cannot be read: ${error.message}`, { cause: error });
  }
  return new Fault("internal_error", INTERNAL_REASON, { cause: error });
}

function jsonText(json: Json, how: { type: MediaType | undefined; pretty: boolean }): string {
  if (how.type?.form === "yaml") return yaml(json);
  return how.pretty ? prettyJson(json) : JSON.stringify(json);
}
