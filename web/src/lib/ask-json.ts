import type { ApiError } from "../../../src/serve/views.ts";

/** A request that had no good answer. `status` is 0 when the server was not reached at all. */
export class ApiFault extends Error {
  readonly code: string;
  readonly status: number;
  readonly retry: boolean;

  constructor(input: { code: string; message: string; status: number; retry: boolean }) {
    super(input.message);
    this.name = "ApiFault";
    this.code = input.code;
    this.status = input.status;
    this.retry = input.retry;
  }
}

/** What is asked: without a method it is read; a body is sent as JSON. */
export type AskedJson = { method?: "POST" | "PUT" | "DELETE"; body?: unknown; signal: AbortSignal };

/** Asks for JSON. Rejects with an `ApiFault`, or with the signal's reason when aborted. */
export async function askJson<T>(url: string, request: AskedJson): Promise<T> {
  const { method = "GET", signal } = request;
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(url, {
      method,
      signal,
      headers: {
        accept: "application/json",
        ...(request.body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
    const text = await response.text();
    body = text === "" ? {} : JSON.parse(text);
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ApiFault({
      code: "unreachable",
      message: "The monitor does not answer. It may have been stopped, or the network between is down.",
      status: 0,
      retry: true,
    });
  }
  if (response.ok) return body as T;
  if (isHealth(body)) return body as T;
  const { code, message, retry } = isApiError(body)
    ? body.error
    : {
        code: "bad_answer",
        message: `The monitor answered with HTTP ${response.status}.`,
        retry: response.status >= 500,
      };
  throw new ApiFault({ code, message, retry, status: response.status });
}

function isApiError(body: unknown): body is ApiError {
  return typeof body === "object" && body !== null && "error" in body && typeof body.error === "object";
}

function isHealth(body: unknown): boolean {
  return typeof body === "object" && body !== null && "reasons" in body && "status" in body;
}
