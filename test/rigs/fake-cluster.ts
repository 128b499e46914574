import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { createFakeIndices, type FakeIndices, type Item, type Line } from "./fake-indices.ts";

/** What a cluster does with a request instead of answering it in order. */
export type Trouble =
  /** An answer; a text is sent as it is, and as HTML. `stores`: what was sent is stored nevertheless. */
  | { status: number; body: object | string; stores?: boolean }
  /** Stores what was sent, and the connection ends in the middle of the answer. */
  | "cut"
  /** The connection ends before anything was done. */
  | "hang up"
  /** Never answers. */
  | "silence"
  /** Of single documents of a `_bulk`: undefined takes them. */
  | ((line: Line, at: number) => Item | undefined);

export type AskedRequest = {
  method: string;
  path: string;
  query: URLSearchParams;
  body: string;
  lines: readonly Line[];
};

/** A scriptable cluster over real HTTP, which keeps documents in memory. */
export type FakeCluster = {
  url: string;
  port: number;
  indices: FakeIndices;
  /** Every request since the start but those whose connection was refused. */
  requests: readonly AskedRequest[];
  /** The `_bulk` requests among them. */
  bulks(): readonly AskedRequest[];
  /** Asked of each request, in order, what goes wrong with it; undefined where nothing does. */
  onRequest(trouble: (request: AskedRequest) => Trouble | undefined): void;
  /** Refuses connections until `back`. */
  away(): Promise<void>;
  back(): Promise<void>;
  /** From now on it is another cluster, without a document. */
  replace(clusterId: string): void;
  close(): Promise<void>;
};

/** `http.max_initial_line_length` of an engine. */
const LONGEST_LINE = 4_096;

export async function startFakeCluster(
  options: { clusterId?: string; makesIndices?: boolean; version?: { number: string; distribution?: string } } = {},
): Promise<FakeCluster> {
  const { makesIndices = true, version = { number: "3.8.0", distribution: "opensearch" } } = options;
  let { clusterId = "cluster-a" } = options;
  let indices = createFakeIndices({ makesIndices });
  const requests: AskedRequest[] = [];
  const sockets = new Set<Socket>();
  let troubleOf: (request: AskedRequest) => Trouble | undefined = () => undefined;

  const server = createServer((request, response) => {
    void (async () => {
      const asked = await read(request);
      requests.push(asked);
      if (`${request.method} ${request.url} HTTP/1.1`.length > LONGEST_LINE) {
        return answer(response, 400, { error: { type: "too_long_http_line_exception", reason: "too long a line" } });
      }
      const trouble = troubleOf(asked);
      if (trouble === "silence") return;
      if (trouble === "hang up") return void request.socket.destroy();
      if (typeof trouble === "object") {
        if (trouble.stores === true) indices.bulk(asked.lines);
        return answer(response, trouble.status, trouble.body);
      }
      const told = respond(asked, typeof trouble === "function" ? trouble : undefined);
      if (trouble !== "cut") return answer(response, told.status, told.body);
      const text = JSON.stringify(told.body);
      response.writeHead(told.status, { "content-type": "application/json", "content-length": text.length });
      response.write(text.slice(0, text.length >> 1), () => request.socket.destroy());
    })().catch(() => request.socket.destroy());
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });

  const respond = (asked: AskedRequest, ofLine: ((line: Line, at: number) => Item | undefined) | undefined) => {
    const { method, path, body } = asked;
    if (path === "/") {
      return {
        status: 200,
        body: { version, cluster_uuid: clusterId },
      };
    }
    if (path === "/_bulk") return { status: 200, body: indices.bulk(asked.lines, ofLine) };
    if (path === "/_msearch") return { status: 200, body: { responses: searches(body) } };
    return indices.respond({ method, path, body: body === "" ? {} : (JSON.parse(body) as object) });
  };
  /** Pairs of lines: where, and what. */
  const searches = (body: string): object[] => {
    const lines = body.split("\n").filter((text) => text !== "");
    return lines.flatMap((line, at) => {
      if (at % 2 === 0) return [];
      const { index } = JSON.parse(lines[at - 1] as string) as { index: readonly string[] };
      const path = `/${index.join(",")}/_search`;
      const told = indices.respond({ method: "POST", path, body: JSON.parse(line) as object });
      return { ...told.body, status: told.status };
    });
  };
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", () => {
        server.off("error", reject);
        resolve();
      });
    });
  const end = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  };

  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    get indices() {
      return indices;
    },
    requests,
    bulks: () => requests.filter(({ path }) => path === "/_bulk"),
    onRequest(trouble) {
      troubleOf = trouble;
    },
    away: end,
    back: () => listen(port),
    replace(id) {
      clusterId = id;
      indices = createFakeIndices({ makesIndices });
    },
    close: async () => {
      if (server.listening) await end();
    },
  };
}

async function read(request: IncomingMessage): Promise<AskedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString("utf8");
  const url = new URL(request.url ?? "/", "http://cluster");
  const path = decodeURIComponent(url.pathname);
  return {
    method: request.method ?? "GET",
    path,
    query: url.searchParams,
    body,
    lines: path === "/_bulk" ? linesOf(body) : [],
  };
}

function linesOf(body: string): Line[] {
  const texts = body.split("\n").filter((text) => text !== "");
  const lines: Line[] = [];
  for (let at = 0; at < texts.length; at += 1) {
    const [[action, meta] = ["", {}]] = Object.entries(JSON.parse(texts[at] as string) as Record<string, object>);
    const { _index: index, _id: id, version } = meta as { _index: string; _id: string; version?: number };
    if (action === "delete") lines.push({ action, index, id, version, source: undefined });
    else {
      at += 1;
      const source = JSON.parse(texts[at] as string) as Record<string, unknown>;
      lines.push({ action: action as Line["action"], index, id, version, source });
    }
  }
  return lines;
}

function answer(response: ServerResponse, status: number, body: object | string): void {
  const isText = typeof body === "string";
  response.writeHead(status, { "content-type": isText ? "text/html" : "application/json" });
  response.end(isText ? body : JSON.stringify(body));
}
