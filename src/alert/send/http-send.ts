import { isAborted } from "../../lib/fault.ts";
import { deferred, isTlsCode, placeDown, refused, theirWords } from "./send-faults.ts";

/** One request of a webhook or chat. `place` stands for its address in sentences, which may hold a token. */
export type HttpSend = {
  place: string;
  url: string;
  method: string;
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
  timeoutMs: number;
  /** The other side can tell a repetition by it. */
  idempotencyKey: string;
  nowMs: number;
  signal: AbortSignal;
};

/** Of an answer no more is read: it is only told in a sentence. */
const MAX_ANSWER_BYTES = 16_384;
/** The other side may wish for no longer pause. */
const MAX_RETRY_AFTER_MS = 3_600_000;

/** Statuses with which a server or the proxy before it says that it takes nothing now. */
const PLACE_STATUSES = new Set([429, 502, 503, 504]);
const MESSAGE_STATUSES = new Set([408, 425]);

/** Resolves when it was answered with 2xx. Redirects are not followed: a message with secrets goes nowhere else. */
export async function sendHttp(asked: HttpSend): Promise<void> {
  const { place, timeoutMs, signal } = asked;
  const limit = AbortSignal.timeout(timeoutMs);
  const response = await request(asked, AbortSignal.any([signal, limit])).catch((error: unknown) => {
    signal.throwIfAborted();
    throw limit.aborted
      ? placeDown(`${place} did not answer within ${timeoutMs / 1000} s`)
      : requestFault(asked, error);
  });
  if (response.ok) {
    await response.body?.cancel().catch(() => undefined);
    return;
  }
  const words = await firstWords(response);
  signal.throwIfAborted();
  throw statusFault(asked, response, words);
}

function request({ url, method, headers, body, idempotencyKey }: HttpSend, signal: AbortSignal): Promise<Response> {
  return fetch(url, {
    method,
    headers: { "user-agent": "ethmon", ...headers, "idempotency-key": headerLetters(idempotencyKey) },
    redirect: "manual",
    signal,
    ...(body === undefined ? {} : { body }),
  });
}

function statusFault({ place, nowMs }: HttpSend, response: Response, words: string) {
  const { status } = response;
  const sentence = `${place} answered with status ${status}${words === "" ? "" : `: ${words}`}`;
  const retryAfterMs = retryAfter(response.headers.get("retry-after"), nowMs);
  if (PLACE_STATUSES.has(status)) return placeDown(sentence, { retryAfterMs });
  if (status >= 500 || MESSAGE_STATUSES.has(status)) return deferred(sentence, { retryAfterMs });
  const redirect = status >= 300 && status < 400 ? " (redirects are not followed)" : "";
  return refused(`${sentence}${redirect}`);
}

/**
 * What `fetch` threw: what it never sent, or what befell the connection. Its own words are not told: they may repeat the
 * address or a header.
 */
function requestFault({ place }: HttpSend, error: unknown) {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
  if ((code === undefined || code === "ERR_INVALID_URL") && !isAborted(error)) {
    const isPort = cause instanceof Error && cause.message === "bad port";
    const why = isPort ? "bad port" : "its address or one of its headers is none";
    return refused(`The request to ${place} cannot be made: ${why}`);
  }
  return placeDown(`${place} could not be reached (${code ?? "aborted"})`, { stubborn: isTlsCode(code) });
}

/** Seconds or a date, as milliseconds. */
function retryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const waitMs = /^\d+(?:\.\d+)?$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isFinite(waitMs) ? Math.min(MAX_RETRY_AFTER_MS, Math.max(0, Math.ceil(waitMs))) : undefined;
}

async function firstWords(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= MAX_ANSWER_BYTES) break;
    }
  } catch {
    // The status alone says enough.
  }
  const text = Buffer.concat(chunks).toString("utf8");
  return theirWords(text.replace(/<(script|style)[\s\S]*?<\/\1>/gi, " ").replace(/<[^>]*>/g, " "));
}

function headerLetters(id: string): string {
  return /^[\x21-\x7e]+$/.test(id) ? id : encodeURIComponent(id);
}
