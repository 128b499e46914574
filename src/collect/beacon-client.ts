import type { IncomingMessage } from "node:http";
import { createGunzip } from "node:zlib";
import type { Clock } from "../lib/clock.ts";
import { Fault } from "../lib/fault.ts";
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

/** The REST interface of one beacon node. */
export type BeaconClient = {
  /**
   * Asks for an API path. Throws `node_unreachable`, `node_http_error` (any status but 2xx), `node_not_json`,
   * `node_timeout`, `node_answer_too_large`, or an `AbortError` when the client's signal aborts.
   */
  getJson(path: string, options?: { timeLimitMs?: number }): Promise<JsonAnswer>;
  close(): void;
};

const TIME_LIMIT_MS = 10_000;
const MAX_BODY_BYTES = 32 * 1024 * 1024;

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

  const ask = (asked: Asked, limitMs: number) =>
    new Promise<JsonAnswer>((resolve, reject) => {
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
        readBody({ response, clock, maxBodyBytes }).then(
          ({ text, receivedAtUs, bytes }) =>
            settle(() => {
              try {
                const { date } = response.headers;
                const dated = date === undefined ? {} : { date };
                resolve({ ...parse(asked, response, text), receivedAtUs, bytes, ...dated });
              } catch (error) {
                reject(error);
              }
            }),
          (error: unknown) =>
            fail(error instanceof TooLarge ? tooLarge(asked, maxBodyBytes) : unreachable(asked, error)),
        );
      });
      request.end();
    });

  return {
    async getJson(path, limits = {}) {
      const asked = { node, url, path };
      const limitMs = limits.timeLimitMs ?? timeLimitMs;
      try {
        return await ask(asked, limitMs);
      } catch (error) {
        if (!(error instanceof StaleSocket)) throw error;
        return await ask(asked, limitMs).catch((again: unknown) => {
          throw again instanceof StaleSocket ? unreachable(asked, { code: "ECONNRESET" }) : again;
        });
      }
    },
    close: () => agent.destroy(),
  };
}

/** Not faults: they never leave this file. */
class TooLarge extends Error {}
class StaleSocket extends Error {}

/** A server may close a kept connection at the very moment it is used again: that request was never read. */
function isStaleSocket(reused: boolean, error: Error): boolean {
  return reused && ["ECONNRESET", "EPIPE"].includes(codeOf(error) ?? "");
}

function readBody(input: {
  response: IncomingMessage;
  clock: Clock;
  maxBodyBytes: number;
}): Promise<{ text: string; receivedAtUs: number; bytes: number }> {
  const { response, clock, maxBodyBytes } = input;
  return new Promise((resolve, reject) => {
    let receivedAtUs = clock.nowUs();
    let sentBytes = 0;
    let bodyBytes = 0;
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => {
      receivedAtUs = clock.nowUs();
      sentBytes += chunk.length;
    });
    // The bound holds for the decompressed size: a small answer may unfold to gigabytes.
    const body = response.headers["content-encoding"] === "gzip" ? response.pipe(createGunzip()) : response;
    body.on("data", (chunk: Buffer) => {
      bodyBytes += chunk.length;
      if (bodyBytes > maxBodyBytes) {
        reject(new TooLarge());
        body.destroy();
        response.destroy();
      } else {
        chunks.push(chunk);
      }
    });
    body.on("end", () => resolve({ text: Buffer.concat(chunks).toString("utf8"), receivedAtUs, bytes: sentBytes }));
    body.on("error", reject);
    response.on("error", reject);
  });
}

function parse(asked: Asked, response: IncomingMessage, text: string): { status: number; body: unknown } {
  const status = response.statusCode ?? 0;
  if (status < 200 || status > 299) throw httpError(asked, status, text);
  try {
    return { status, body: parseJsonExact(text) };
  } catch {
    throw notJson(asked, contentTypeOf(response), text);
  }
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
