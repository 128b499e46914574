import type { IncomingMessage } from "node:http";
import { createGunzip } from "node:zlib";
import type { Clock } from "../lib/clock.ts";
import { Fault, isFault } from "../lib/fault.ts";
import { parseJsonExact } from "../lib/json.ts";
import {
  type Asked,
  codeOf,
  contentTypeOf,
  createAgent,
  httpError,
  notJson,
  openRequest,
  unreachable,
} from "./node-request.ts";
import { type NodeUrl, parseNodeUrl } from "./node-url.ts";
import type { AnswerReader } from "./streamed-answers.ts";

export type JsonAnswer = {
  status: number;
  /** Integers beyond 2^53 are decimal strings. */
  body: unknown;
  /** When the last bytes left the socket. */
  receivedAtUs: number;
  /** Bytes of the body, as sent. */
  bytes: number;
  /** The answer's `Date` header, where it has one. */
  date?: string;
};

/** What a reader made of an answer. */
export type ReadAnswer<T> = { answer: T; receivedAtUs: number; bytes: number };

/** The REST interface of one beacon node. */
export type BeaconClient = {
  /**
   * Asks for an API path. Throws `node_unreachable`, `node_http_error` (any status but 2xx), `node_not_json`,
   * `node_timeout`, `node_answer_too_large`, or an `AbortError` when the client's signal aborts.
   */
  getJson(path: string, options?: { timeLimitMs?: number }): Promise<JsonAnswer>;
  /**
   * Asks for an API path whose answer is too large to be held, and reads it as it comes. Throws what `getJson` throws;
   * `node_not_json` too where the answer is JSON of another form.
   */
  read<T>(
    path: string,
    reader: () => AnswerReader<T>,
    options?: { timeLimitMs?: number; maxBodyBytes?: number },
  ): Promise<ReadAnswer<T>>;
  close(): void;
};

const TIME_LIMIT_MS = 10_000;
const MAX_BODY_BYTES = 32 * 1024 * 1024;

/** For answers that are read as they come: a node needs its time to make them. */
const READ_TIME_LIMIT_MS = 120_000;
const MAX_READ_BYTES = 2 * 1024 * 1024 * 1024;
const KEPT_BEGINNING_BYTES = 2048;

/** A node answers one question at a time well; more at once would only compete with its own work. */
const MAX_SOCKETS = 2;

export function createBeaconClient(options: {
  node: string;
  url: string | NodeUrl;
  clock: Clock;
  signal?: AbortSignal;
  timeLimitMs?: number;
  maxBodyBytes?: number;
}): BeaconClient {
  const { node, clock, signal, timeLimitMs = TIME_LIMIT_MS, maxBodyBytes = MAX_BODY_BYTES } = options;
  const url = typeof options.url === "string" ? parseNodeUrl(options.url) : options.url;
  const agent = createAgent(url, MAX_SOCKETS);

  const ask = <T>(asked: Asked, limitMs: number, intoSink: (response: IncomingMessage) => Sink<T>) =>
    new Promise<T>((resolve, reject) => {
      signal?.throwIfAborted();
      const request = openRequest(asked, {
        headers: { accept: "application/json", "accept-encoding": "gzip" },
        agent,
      });
      const settle = (act: () => void) => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        act();
      };
      const fail = (error: unknown) =>
        settle(() => {
          reject(error);
          request.destroy();
        });
      const onAbort = () => fail(signal?.reason);
      const timer = setTimeout(() => fail(timedOut(asked, limitMs)), limitMs);
      signal?.addEventListener("abort", onAbort, { once: true });

      request.on("error", (error) =>
        fail(isStaleSocket(request.reusedSocket, error) ? new StaleSocket() : unreachable(asked, error)),
      );
      request.on("response", (response) => {
        const sink = intoSink(response);
        pour({ response, clock, sink }).then(
          (arrival) =>
            settle(() => {
              try {
                resolve(sink.end(arrival));
              } catch (error) {
                reject(error);
              }
            }),
          (error: unknown) => {
            if (error instanceof TooLarge) fail(tooLarge(asked, sink.maxBytes));
            else fail(isFault(error) ? error : unreachable(asked, error));
          },
        );
      });
      request.end();
    });

  /** Once more where a kept connection was closed under the request. */
  const askAgain = async <T>(asked: Asked, limitMs: number, intoSink: (response: IncomingMessage) => Sink<T>) => {
    try {
      return await ask(asked, limitMs, intoSink);
    } catch (error) {
      if (!(error instanceof StaleSocket)) throw error;
      return await ask(asked, limitMs, intoSink).catch((again: unknown) => {
        throw again instanceof StaleSocket ? unreachable(asked, { code: "ECONNRESET" }) : again;
      });
    }
  };

  return {
    getJson(path, limits = {}) {
      const asked = { node, url, path };
      return askAgain(asked, limits.timeLimitMs ?? timeLimitMs, (response) => jsonSink(asked, response, maxBodyBytes));
    },
    read(path, reader, limits = {}) {
      const asked = { node, url, path };
      const maxBytes = limits.maxBodyBytes ?? MAX_READ_BYTES;
      return askAgain(asked, limits.timeLimitMs ?? READ_TIME_LIMIT_MS, (response) =>
        isSuccess(response)
          ? readerSink({ asked, response, reader: reader(), maxBytes })
          : failureSink(asked, response, maxBodyBytes),
      );
    },
    close: () => agent.destroy(),
  };
}

/** When an answer's last bytes left the socket, and how many came. */
type Arrival = { receivedAtUs: number; bytes: number };

/** What becomes of a body: its parts as they come, and what it is in the end, which may throw a fault. */
type Sink<T> = { maxBytes: number; push(chunk: Buffer): void; end(arrival: Arrival): T };

function jsonSink(asked: Asked, response: IncomingMessage, maxBytes: number): Sink<JsonAnswer> {
  const chunks: Buffer[] = [];
  return {
    maxBytes,
    push: (chunk) => chunks.push(chunk),
    end({ receivedAtUs, bytes }) {
      const { date } = response.headers;
      const parsed = parse(asked, response, Buffer.concat(chunks).toString("utf8"));
      return { ...parsed, receivedAtUs, bytes, ...(date === undefined ? {} : { date }) };
    },
  };
}

/** Of an answer with a status that is no success: only what it says is wanted. */
function failureSink(asked: Asked, response: IncomingMessage, maxBytes: number): Sink<never> {
  const chunks: Buffer[] = [];
  return {
    maxBytes,
    push: (chunk) => chunks.push(chunk),
    end() {
      throw httpError(asked, response.statusCode ?? 0, Buffer.concat(chunks).toString("utf8"));
    },
  };
}

function readerSink<T>(input: {
  asked: Asked;
  response: IncomingMessage;
  reader: AnswerReader<T>;
  maxBytes: number;
}): Sink<ReadAnswer<T>> {
  const { asked, response, reader, maxBytes } = input;
  let beginning = "";
  const translated = <R>(read: () => R): R => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw notJson(asked, contentTypeOf(response), beginning);
    }
  };
  return {
    maxBytes,
    push(chunk) {
      if (beginning === "") beginning = chunk.toString("utf8", 0, KEPT_BEGINNING_BYTES);
      translated(() => reader.push(chunk));
    },
    end(arrival) {
      const answer = translated(reader.end);
      if (typeof answer === "string") throw otherForm(asked, answer);
      return { answer, ...arrival };
    },
  };
}

/** Not faults: they never leave this file. */
class TooLarge extends Error {}
class StaleSocket extends Error {}

/** A server may close a kept connection at the very moment it is used again: that request was never read. */
function isStaleSocket(reused: boolean, error: Error): boolean {
  return reused && ["ECONNRESET", "EPIPE"].includes(codeOf(error) ?? "");
}

/** Pours the body into the sink; what the sink throws is thrown on. */
function pour(input: { response: IncomingMessage; clock: Clock; sink: Sink<unknown> }): Promise<Arrival> {
  const { response, clock, sink } = input;
  return new Promise((resolve, reject) => {
    let receivedAtUs = clock.nowUs();
    let sentBytes = 0;
    let bodyBytes = 0;
    response.on("data", (chunk: Buffer) => {
      receivedAtUs = clock.nowUs();
      sentBytes += chunk.length;
    });
    // The bound holds for the decompressed size: a small answer may unfold to gigabytes.
    const body = response.headers["content-encoding"] === "gzip" ? response.pipe(createGunzip()) : response;
    const give = (chunk: Buffer) => {
      bodyBytes += chunk.length;
      if (bodyBytes > sink.maxBytes) throw new TooLarge();
      sink.push(chunk);
    };
    body.on("data", (chunk: Buffer) => {
      try {
        give(chunk);
      } catch (error) {
        reject(error);
        body.destroy();
        response.destroy();
      }
    });
    body.on("end", () => resolve({ receivedAtUs, bytes: sentBytes }));
    body.on("error", reject);
    response.on("error", reject);
  });
}

function parse(asked: Asked, response: IncomingMessage, text: string): { status: number; body: unknown } {
  const status = response.statusCode ?? 0;
  if (!isSuccess(response)) throw httpError(asked, status, text);
  try {
    return { status, body: parseJsonExact(text) };
  } catch {
    throw notJson(asked, contentTypeOf(response), text);
  }
}

function isSuccess({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode <= 299;
}

function otherForm(asked: Asked, reason: string): Fault {
  return new Fault("node_not_json", `Node ${asked.node} answered ${asked.path} in another form: ${reason}.`, {
    retry: "retryable",
    details: { node: asked.node, path: asked.path },
  });
}

function timedOut(asked: Asked, limitMs: number): Fault {
  return new Fault("node_timeout", `Node ${asked.node} did not answer ${asked.path} within ${limitMs} ms.`, {
    retry: "retryable",
    details: { node: asked.node, path: asked.path, limitMs },
  });
}

function tooLarge(asked: Asked, maxBodyBytes: number): Fault {
  return new Fault(
    "node_answer_too_large",
    `Node ${asked.node} answered ${asked.path} with more than ${maxBodyBytes} bytes.`,
    { details: { node: asked.node, path: asked.path, maxBodyBytes } },
  );
}
