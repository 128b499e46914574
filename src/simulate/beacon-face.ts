import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Log } from "../lib/log.ts";

/** `pieces` are parts of one JSON text, for what is too large to be made at once. */
export type BeaconAnswer = {
  status: number;
  body?: unknown;
  pieces?: Iterable<string>;
  headers?: Readonly<Record<string, string>>;
};

/** What stands behind a Beacon API: a recorded node, a simulated one. */
export type BeaconNode = {
  topics: ReadonlySet<string>;
  answer(request: { path: string; query: URLSearchParams }): Promise<BeaconAnswer> | BeaconAnswer;
  /** Sends the node's events of these topics until the returned function is called. */
  subscribe(topics: ReadonlySet<string>, send: (event: BeaconEvent | BeaconEvents) => void): () => void;
};

/** One event of the stream; `text` is the JSON of its `data:`. */
export type BeaconEvent = { topic: string; text: string };

/** Events of one topic that are in the stream's form already. */
export type BeaconEvents = { topic: string; bytes: Uint8Array };

export type BeaconFace = { url: string; close(): Promise<void> };

/** A reader that is this far behind is cut off, as a node does. */
const MAX_BACKLOG_BYTES = 8 * 1024 * 1024;

/** The error bodies of the Beacon API. */
export function beaconError(status: number, message: string): BeaconAnswer {
  return { status, body: { code: status, message } };
}

/** Serves a node's Beacon API on loopback: its event stream and its REST answers. */
export async function createBeaconFace(input: {
  node: BeaconNode;
  log: Log;
  port?: number;
  maxBacklogBytes?: number;
}): Promise<BeaconFace> {
  const { node, log, port = 0, maxBacklogBytes = MAX_BACKLOG_BYTES } = input;
  const server = createServer((request, response) => {
    respond({ node, log, maxBacklogBytes, request, response }).catch((error: unknown) => {
      log.error({ error, path: request.url }, "A request to a played node failed");
      sendAnswer(response, beaconError(500, "Internal error"));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function respond(input: {
  node: BeaconNode;
  log: Log;
  maxBacklogBytes: number;
  request: IncomingMessage;
  response: ServerResponse;
}): Promise<void> {
  const { node, log, maxBacklogBytes, request, response } = input;
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const { pathname: path, searchParams: query } = url;
  if (request.method !== "GET") sendAnswer(response, beaconError(405, `${request.method} is not supported`));
  else if (path === "/eth/v1/events") streamEvents({ node, log, maxBacklogBytes, query, response });
  else {
    const answer = await node.answer({ path, query });
    if (answer.pieces === undefined) sendAnswer(response, answer);
    else await sendPieces(response, answer.pieces);
  }
}

/** Topics come repeated (`topics=a&topics=b`), comma-joined, or both; one unknown topic refuses the request. */
function streamEvents(input: {
  node: BeaconNode;
  log: Log;
  maxBacklogBytes: number;
  query: URLSearchParams;
  response: ServerResponse;
}): void {
  const { node, log, maxBacklogBytes, query, response } = input;
  const topics = new Set(query.getAll("topics").flatMap((value) => value.split(",")));
  topics.delete("");
  const unknown = [...topics].find((topic) => !node.topics.has(topic));
  if (topics.size === 0 || unknown !== undefined) {
    sendAnswer(response, beaconError(400, unknown === undefined ? "No topics given" : `Invalid topic: ${unknown}`));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  response.flushHeaders();
  const unsubscribe = node.subscribe(topics, (event) => {
    response.write("bytes" in event ? event.bytes : `event: ${event.topic}\ndata: ${event.text}\n\n`);
    if (response.writableLength <= maxBacklogBytes) return;
    log.warn({ backlogBytes: response.writableLength }, "A reader of a played node's events was cut off");
    response.destroy();
  });
  response.on("close", unsubscribe);
}

/** Makes each piece when there is room for it. */
async function sendPieces(response: ServerResponse, pieces: Iterable<string>): Promise<void> {
  response.writeHead(200, { "content-type": "application/json; charset=utf-8" });
  try {
    await pipeline(Readable.from(pieces, { objectMode: true, highWaterMark: 4 }), response);
  } catch (error) {
    // The reader went away.
    if (!response.destroyed) throw error;
  }
}

function sendAnswer(response: ServerResponse, answer: BeaconAnswer): void {
  if (response.destroyed || response.headersSent) return;
  if (answer.body === undefined) {
    response.writeHead(answer.status, answer.headers).end();
    return;
  }
  response.writeHead(answer.status, { "content-type": "application/json; charset=utf-8", ...answer.headers });
  response.end(JSON.stringify(answer.body));
}
