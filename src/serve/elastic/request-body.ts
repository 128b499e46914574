import type { IncomingMessage } from "node:http";
import type { Readable, Transform } from "node:stream";
import { createGunzip, createInflate } from "node:zlib";
import { readJson } from "../../collect/bulk/json-text.ts";
import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { refusal } from "../../events/refusal.ts";
import { isFault, messageOf } from "../../lib/fault.ts";
import type { MemoryBudget } from "../../lib/memory-budget.ts";
import { checkContentType } from "./media-type.ts";

/** A request's body, read only when it is asked for; once. */
export type RequestBody = {
  /**
   * Inflated, as it comes; refused with 413 once it is too large, before and after inflating, and with 429 while all
   * requests together hold too much. What was taken counts as held until `release`.
   */
  chunks(): AsyncIterable<Uint8Array>;
  /** What was taken so far is held no longer. */
  release(): void;
  /** All of it as text. */
  text(): Promise<string>;
  /** An object; refused when there is none. */
  object(): Promise<JsonObject>;
  /** An object, or undefined when there is no body. */
  optionalObject(): Promise<JsonObject | undefined>;
};

export type BodyLimits = {
  /** Of any body, inflated. */
  maxContentBytes: number;
  /** Of one that is held whole. */
  maxJsonBytes: number;
  /** What all bodies may hold together. */
  memory: MemoryBudget;
};

export function createRequestBody(request: IncomingMessage, limits: BodyLimits): RequestBody {
  const { maxContentBytes, maxJsonBytes, memory } = limits;
  let heldBytes = 0;
  const hold = (bytes: number) => {
    if (!memory.tryReserve(bytes)) throw tooMuchAtOnce();
    heldBytes += bytes;
  };
  const hasBody = request.headers["transfer-encoding"] !== undefined || declaredLength(request) > 0;

  async function* chunks(limit: number): AsyncGenerator<Uint8Array> {
    if (!hasBody) return;
    checkContentType(request.headers["content-type"]);
    if (declaredLength(request) > limit) throw tooLarge(limit);
    const inflate = inflaterFor(request.headers["content-encoding"]);
    let bytes = 0;
    // The socket must outlive a refusal, or the client never reads it.
    const plain = () => request.iterator({ destroyOnReturn: false });
    for await (const chunk of inflate === undefined ? plain() : inflated(request, inflate, limit)) {
      bytes += (chunk as Uint8Array).length;
      if (bytes > limit) throw tooLarge(limit);
      hold((chunk as Uint8Array).length);
      yield chunk as Uint8Array;
    }
  }
  const whole = async (): Promise<Buffer> => {
    const parts: Uint8Array[] = [];
    for await (const chunk of chunks(Math.min(maxJsonBytes, maxContentBytes))) parts.push(chunk);
    return Buffer.concat(parts);
  };
  const json = async (): Promise<Json | undefined> => {
    const text = (await whole()).toString("utf8");
    if (text.trim() === "") return undefined;
    const read = readJson(text);
    if ("value" in read) return read.value;
    const { type, reason } = read.error;
    throw refusal({ type, reason, status: 400, causedBy: { type: "json_parse_exception", reason } });
  };
  const optionalObject = async () => {
    const value = await json();
    if (value === undefined || isObject(value)) return value;
    throw refusal({
      type: "parsing_exception",
      reason: "Expected [START_OBJECT] at the start of the body",
      status: 400,
    });
  };
  return {
    chunks: () => chunks(maxContentBytes),
    release() {
      memory.release(heldBytes);
      heldBytes = 0;
    },
    text: async () => (await whole()).toString("utf8"),
    optionalObject,
    async object() {
      const value = await optionalObject();
      if (value !== undefined) return value;
      throw refusal({ type: "parse_exception", reason: "request body is required", status: 400 });
    },
  };
}

/** Elasticsearch takes what Netty inflates by itself. */
function inflaterFor(encoding: string | undefined): Transform | undefined {
  switch ((encoding ?? "identity").toLowerCase()) {
    case "identity":
      return undefined;
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
    case "x-deflate":
      return createInflate();
    default:
      throw refusal({
        type: "illegal_argument_exception",
        reason: `Content-Encoding [${encoding}] is not supported, use [gzip] or [deflate]`,
        status: 415,
      });
  }
}

async function* inflated(request: Readable, inflate: Transform, limit: number): AsyncGenerator<Uint8Array> {
  let compressed = 0;
  const count = (chunk: Uint8Array) => {
    compressed += chunk.length;
    if (compressed > limit) inflate.destroy(tooLarge(limit));
  };
  const cut = () => {
    if (!request.readableEnded) inflate.destroy(new Error("the request ended before its body"));
  };
  request.on("data", count);
  request.once("close", cut);
  request.pipe(inflate);
  try {
    for await (const chunk of inflate) yield chunk as Uint8Array;
  } catch (error) {
    if (isFault(error)) throw error;
    throw refusal({
      type: "illegal_argument_exception",
      reason: `The request's body cannot be inflated: ${messageOf(error)}`,
      status: 400,
    });
  } finally {
    request.off("data", count);
    request.off("close", cut);
    request.unpipe(inflate);
    inflate.destroy();
  }
}

function declaredLength({ headers }: IncomingMessage): number {
  return Number(headers["content-length"] ?? 0);
}

function tooLarge(limit: number): Error {
  return refusal({
    type: "content_too_long_exception",
    reason: `The request's body is larger than the limit of [${limit}] bytes`,
    status: 413,
  });
}

function tooMuchAtOnce(): Error {
  return refusal({
    type: "circuit_breaking_exception",
    reason: "[in_flight_requests] Data too large: the requests that are being served hold all of the memory for them",
    status: 429,
    more: { durability: "TRANSIENT" },
  });
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
