import type { IncomingMessage } from "node:http";
import type { Clock } from "../lib/clock.ts";
import { Fault } from "../lib/fault.ts";
import {
  type Asked,
  codeOf,
  contentTypeOf,
  firstWords,
  httpError,
  openRequest,
  socketWords,
  unreachable,
} from "./node-request.ts";
import type { NodeUrl } from "./node-url.ts";

/** How one connection to a node's event stream ended. */
export type ConnectionEnd =
  | { kind: "aborted" }
  /** It was open. `late` when nothing may have come for a while before the end was noticed. */
  | { kind: "closed"; reason: string; late: boolean }
  /** Status 400: a topic was not to the node's liking; `body` says perhaps which. */
  | { kind: "refused"; body: string; fault: Fault }
  | { kind: "failed"; fault: Fault };

const EVENTS_PATH = "/eth/v1/events";
const CONNECT_LIMIT_MS = 10_000;
const ERROR_BODY_LIMIT_MS = 5_000;
const ERROR_BODY_BYTES = 16 * 1024;
/** A host that vanished is noticed by the system's probes; a quiet stream is not an error. */
const KEEP_ALIVE_MS = 15_000;
/** A refusal comes at once. */
export const REFUSAL_LIMIT_MS = 2_000;

/**
 * Opens the event stream and hands on its bytes until it ends. There is no time limit for the response's headers:
 * some nodes send them with the first event. `topics` is repeated for each topic: nodes that do not split commas hang.
 */
export function connectEvents(options: {
  node: string;
  url: NodeUrl;
  topics: readonly string[];
  clock: Clock;
  signal: AbortSignal;
  onOpen(atUs: number): void;
  /** The node took the request and is silent since: it refused nothing, and waits perhaps for the first event. */
  onWaiting?(): void;
  /** `atUs` is when the bytes left the socket. */
  onData(chunk: Buffer, atUs: number): void;
}): Promise<ConnectionEnd> {
  const { node, url, topics, clock, signal, onOpen, onData } = options;
  const asked: Asked = { node, url, path: EVENTS_PATH };
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve({ kind: "aborted" });
      return;
    }
    const request = openRequest(asked, {
      query: `?${topics.map((topic) => `topics=${encodeURIComponent(topic)}`).join("&")}`,
      headers: { accept: "text/event-stream", "accept-encoding": "identity", "cache-control": "no-cache" },
    });
    let opened = false;
    let waiting: NodeJS.Timeout | undefined;
    const settle = (end: ConnectionEnd) => {
      clearTimeout(connecting);
      clearTimeout(waiting);
      signal.removeEventListener("abort", onAbort);
      resolve(end);
      request.destroy();
    };
    const onAbort = () => settle({ kind: "aborted" });
    const connecting = setTimeout(
      () => settle({ kind: "failed", fault: unreachable(asked, { code: "ETIMEDOUT" }) }),
      CONNECT_LIMIT_MS,
    );
    signal.addEventListener("abort", onAbort, { once: true });

    request.on("socket", (socket) => {
      socket.setKeepAlive(true, KEEP_ALIVE_MS);
      socket.once(url.protocol === "https:" ? "secureConnect" : "connect", () => {
        clearTimeout(connecting);
        if (options.onWaiting !== undefined) waiting = setTimeout(options.onWaiting, REFUSAL_LIMIT_MS);
      });
    });
    const onError = (error: Error) => {
      const reason = `The event stream of node ${node} was cut: ${socketWords(asked, error)}.`;
      const late = codeOf(error) !== "ECONNRESET";
      settle(opened ? { kind: "closed", reason, late } : { kind: "failed", fault: unreachable(asked, error) });
    };
    request.on("error", onError);
    request.on("response", (response) => {
      const atUs = clock.nowUs();
      clearTimeout(waiting);
      if (response.statusCode !== 200 || isOtherType(contentTypeOf(response))) {
        void readError(asked, response).then(settle);
        return;
      }
      opened = true;
      onOpen(atUs);
      response.on("data", (chunk: Buffer) => onData(chunk, clock.nowUs()));
      response.on("error", onError);
      response.on("end", () => settle({ kind: "closed", reason: `Node ${node} ended its event stream.`, late: false }));
    });
    request.end();
  });
}

/** Types that no event stream has; anything else is read, since not every node names its type rightly. */
function isOtherType(contentType: string): boolean {
  return contentType === "text/html" || contentType === "application/json";
}

async function readError(asked: Asked, response: IncomingMessage): Promise<ConnectionEnd> {
  const body = await beginningOf(response);
  const status = response.statusCode ?? 0;
  if (status === 400) return { kind: "refused", body, fault: httpError(asked, status, body) };
  if (status !== 200) return { kind: "failed", fault: httpError(asked, status, body) };
  const fault = new Fault(
    "node_not_event_stream",
    `Node ${asked.node} answered ${asked.path} with ${contentTypeOf(response)} instead of an event stream: ` +
      `${firstWords(asked, body) || "an empty body"}.`,
    { retry: "retryable", details: { node: asked.node, path: asked.path } },
  );
  return { kind: "failed", fault };
}

function beginningOf(response: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const done = () => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks).toString("utf8"));
    };
    const timer = setTimeout(done, ERROR_BODY_LIMIT_MS);
    response.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > ERROR_BODY_BYTES) done();
    });
    response.on("end", done);
    response.on("error", done);
  });
}
