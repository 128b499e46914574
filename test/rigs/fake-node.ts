import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

/** How a node behaves that is asked for a topic which it does not know. Each is a real client's way. */
export type UnknownTopicMode =
  /** 400 for the whole request, naming the topic. */
  | "named"
  /** 400 for the whole request, without saying why. */
  | "anonymous"
  /** The topic never sends anything. */
  | "ignored"
  /** Neither does any topic that stands after it; alone, the request is never answered (Lodestar 1.5). */
  | "hanging";

export type FakeAnswer = {
  status?: number;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, instead of `body`. */
  raw?: string | Buffer;
  headers?: Record<string, string>;
  delayMs?: number;
  gzip?: boolean;
};

export type FakeNodeOptions = {
  /** 0 lets the system choose. A node that comes back after `close` asks for the port it had. */
  port?: number;
  genesisTimeS?: number;
  genesisValidatorsRoot?: string;
  /** Beside or instead of a minimal preset with slots of 6 s. */
  spec?: Record<string, string>;
  version?: string;
  /** The response's headers wait for the first event, as Lodestar's do. */
  headersWithFirstEvent?: boolean;
};

/** A scriptable beacon node over real HTTP. */
export type FakeNode = {
  url: string;
  port: number;
  /** Every request since the start, path and query. */
  requests: readonly { path: string; headers: IncomingMessage["headers"] }[];
  /** How often a path was asked for; with or without its query. */
  count(path: string): number;
  /** Sends a record to every open stream that asked for the topic; a string is sent as it is, all else as JSON. */
  emit(topic: string, data: unknown): void;
  /** Sends bytes to every open stream, whatever they are. */
  emitBytes(bytes: string | Buffer): void;
  /** How many event streams are open. */
  streams(): number;
  /** From now on requests for the event stream get this answer, until `failStreams(undefined)`. */
  failStreams(answer: FakeAnswer | undefined): void;
  /** Ends every stream: orderly, or by a reset in the middle of a record. */
  cutStreams(options?: { insideRecord?: boolean }): void;
  /** From now on requests are taken and never answered, until `hang(false)`. */
  hang(on: boolean): void;
  refuseTopics(topics: readonly string[], mode: UnknownTopicMode): void;
  /** Sets the answer of a path (without query), over the standing one; a function is asked each time. */
  answer(path: string | RegExp, answer: FakeAnswer | ((path: string) => FakeAnswer)): void;
  close(): Promise<void>;
};

const ROOT = `0x${"11".repeat(32)}`;

export async function startFakeNode(options: FakeNodeOptions = {}): Promise<FakeNode> {
  const { version = "Fake/v1.0.0/test", headersWithFirstEvent = false } = options;
  const answers: { path: string | RegExp; answer: FakeAnswer | ((path: string) => FakeAnswer) }[] = standing({
    genesisTimeS: options.genesisTimeS ?? 1_600_000_000,
    genesisValidatorsRoot: options.genesisValidatorsRoot ?? `0x${"22".repeat(32)}`,
    spec: {
      CONFIG_NAME: "devnet",
      PRESET_BASE: "minimal",
      SECONDS_PER_SLOT: "6",
      SLOTS_PER_EPOCH: "8",
      ...options.spec,
    },
    version,
  });
  const requests: { path: string; headers: IncomingMessage["headers"] }[] = [];
  const streams = new Set<{ response: ServerResponse; topics: ReadonlySet<string> }>();
  let unknown: { topics: ReadonlySet<string>; mode: UnknownTopicMode } = { topics: new Set(), mode: "ignored" };
  let hanging = false;
  let failing: FakeAnswer | undefined;

  const stream = (url: URL, response: ServerResponse) => {
    const topics = url.searchParams.getAll("topics");
    const refused = topics.filter((topic) => unknown.topics.has(topic));
    if (refused.length > 0 && (unknown.mode === "named" || unknown.mode === "anonymous")) {
      const message =
        unknown.mode === "named" ? `Invalid topic: ${refused[0]}` : "The topics supplied could not be parsed";
      send(response, { status: 400, body: { code: 400, message } });
      return;
    }
    const firstUnknown = topics.findIndex((topic) => unknown.topics.has(topic));
    const heeded = unknown.mode === "hanging" && firstUnknown >= 0 ? topics.slice(0, firstUnknown) : topics;
    if (heeded.length === 0) return;
    const open = { response, topics: new Set(heeded.filter((topic) => !unknown.topics.has(topic))) };
    streams.add(open);
    response.on("close", () => streams.delete(open));
    response.on("error", () => streams.delete(open));
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
    if (!headersWithFirstEvent) response.flushHeaders();
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://node");
    requests.push({ path: url.pathname + url.search, headers: request.headers });
    if (hanging) return;
    const scripted = answers.findLast(({ path }) =>
      typeof path === "string" ? path === url.pathname : path.test(url.pathname),
    );
    if (scripted !== undefined) {
      send(response, typeof scripted.answer === "function" ? scripted.answer(url.pathname) : scripted.answer);
    } else if (url.pathname.endsWith("/eth/v1/events")) {
      if (failing !== undefined) send(response, failing);
      else stream(url, response);
    } else {
      send(response, { status: 404, body: { code: 404, message: "Route not found" } });
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    count: (path) =>
      requests.filter((request) => request.path === path || request.path.split("?", 1)[0] === path).length,
    emit(topic, data) {
      const text = typeof data === "string" ? data : JSON.stringify(data);
      for (const { response, topics } of streams) {
        if (topics.has(topic)) response.write(`event: ${topic}\ndata: ${text}\n\n`);
      }
    },
    emitBytes(bytes) {
      for (const { response } of streams) response.write(bytes);
    },
    streams: () => streams.size,
    cutStreams({ insideRecord = false } = {}) {
      for (const { response } of streams) {
        if (!insideRecord) {
          response.end();
          continue;
        }
        response.write('event: head\ndata: {"slot":"1","blo');
        // The half record must have left before the socket is torn down.
        setImmediate(() => response.destroy());
      }
      streams.clear();
    },
    failStreams(answer) {
      failing = answer;
    },
    hang(on) {
      hanging = on;
    },
    refuseTopics(topics, mode) {
      unknown = { topics: new Set(topics), mode };
    },
    answer(path, answer) {
      answers.push({ path, answer });
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, answer: FakeAnswer): void {
  const { status = 200, body, raw, headers, delayMs = 0, gzip = false } = answer;
  const content = raw ?? JSON.stringify(body ?? {});
  const write = () => {
    response.writeHead(status, {
      "content-type": raw === undefined ? "application/json" : "text/html",
      ...(gzip ? { "content-encoding": "gzip" } : {}),
      ...headers,
    });
    response.end(gzip ? gzipSync(content) : content);
  };
  if (delayMs > 0) setTimeout(write, delayMs);
  else write();
}

function standing(input: {
  genesisTimeS: number;
  genesisValidatorsRoot: string;
  spec: Record<string, string>;
  version: string;
}): { path: string | RegExp; answer: FakeAnswer | ((path: string) => FakeAnswer) }[] {
  const { genesisTimeS, genesisValidatorsRoot, spec, version } = input;
  const data = (value: unknown): FakeAnswer => ({ body: { data: value } });
  const header = (root: string, slot: string) =>
    data({
      root,
      canonical: true,
      header: {
        message: { slot, proposer_index: "7", parent_root: ROOT, state_root: ROOT, body_root: ROOT },
        signature: `0x${"00".repeat(96)}`,
      },
    });
  const checkpoint = { epoch: "0", root: ROOT };
  return [
    { path: "/eth/v1/config/spec", answer: data(spec) },
    {
      path: "/eth/v1/beacon/genesis",
      answer: data({
        genesis_time: String(genesisTimeS),
        genesis_validators_root: genesisValidatorsRoot,
        genesis_fork_version: "0x00000001",
      }),
    },
    { path: "/eth/v1/node/version", answer: data({ version }) },
    { path: "/eth/v1/node/identity", answer: data({ peer_id: "16Uiu2HAm", enr: "", p2p_addresses: [] }) },
    {
      path: "/eth/v1/node/syncing",
      answer: data({ head_slot: "1", sync_distance: "0", is_syncing: false, is_optimistic: false, el_offline: false }),
    },
    { path: "/eth/v1/node/peer_count", answer: data({ disconnected: "0", connecting: "0", connected: "5" }) },
    {
      path: /^\/eth\/v1\/beacon\/headers\/0x[0-9a-f]{64}$/,
      answer: (path) => header(path.slice(path.lastIndexOf("/") + 1), "1"),
    },
    { path: "/eth/v1/beacon/headers/head", answer: header(ROOT, "1") },
    {
      path: "/eth/v1/beacon/states/head/finality_checkpoints",
      answer: data({ previous_justified: checkpoint, current_justified: checkpoint, finalized: checkpoint }),
    },
    {
      path: /^\/eth\/v1\/validator\/duties\/proposer\/\d+$/,
      answer: (path) => {
        const epoch = Number(path.slice(path.lastIndexOf("/") + 1));
        const slotsPerEpoch = Number(spec["SLOTS_PER_EPOCH"]);
        const duties = Array.from({ length: slotsPerEpoch }, (_, index) => ({
          pubkey: `0x${"33".repeat(48)}`,
          validator_index: String(index),
          slot: String(epoch * slotsPerEpoch + index),
        }));
        return { body: { dependent_root: ROOT, execution_optimistic: false, data: duties } };
      },
    },
  ];
}
