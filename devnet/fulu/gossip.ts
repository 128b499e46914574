import { createHash } from "node:crypto";
import { connect, createServer, type Socket } from "node:net";
import { textLines } from "../../src/collect/text-lines.ts";
import { messageOf } from "../../src/lib/fault.ts";
import type { Log } from "../../src/lib/log.ts";
import { sleep } from "../../src/lib/sleep.ts";

export type GossipKind = "block" | "attestation" | "aggregate" | "sync_message" | "contribution" | "blobs";

/** One line of JSON; SSZ is in hexadecimal. */
type Message =
  | { kind: "hello"; name: string; headRoot: string }
  | { kind: GossipKind; data: string }
  | { kind: "block_request"; root: string }
  | { kind: "block_response"; root: string; data: string | null };

/** What a node does with what its peers send. */
export type GossipHandlers = {
  /** Resolves to true when the message is sound and new, and so goes on to the other peers. */
  onGossip(input: { kind: GossipKind; data: string; from: string }): Promise<boolean>;
  /** A peer is connected, and has this head. */
  onPeer(name: string, headRoot: string): void;
  headRoot(): string;
  /** The SSZ of a block in hexadecimal, when the node has it. */
  block(root: string): string | undefined;
};

/** TCP connections to the other nodes, one a pair. */
export type Gossip = {
  connected(): readonly string[];
  publish(kind: GossipKind, data: string, to?: readonly string[]): void;
  /** Undefined when the peer does not have it or gives no answer in time. */
  requestBlock(peer: string, root: string): Promise<string | undefined>;
};

const REDIAL_AFTER_MS = 250;
const ANSWER_WITHIN_MS = 5_000;
/** A peer that has not read so much (it stands still, say) is dropped. */
const MAX_UNREAD_BYTES = 64 * 1024 * 1024;
/** Several epochs of everything. */
const SEEN_KEPT = 20_000;

export function startGossip(input: {
  name: string;
  port: number;
  dials: readonly { name: string; port: number }[];
  handlers: GossipHandlers;
  log: Log;
  signal: AbortSignal;
}): Gossip {
  const { name, port, dials, handlers, log, signal } = input;
  const peers = new Map<string, Socket>();
  const requests = new Map<string, (data: string | undefined) => void>();
  const seen = new Set<string>();

  const send = (socket: Socket, message: Message) => {
    socket.write(`${JSON.stringify(message)}\n`);
    if (socket.writableLength > MAX_UNREAD_BYTES) socket.destroy();
  };
  const isNew = (kind: GossipKind, data: string): boolean => {
    const id = createHash("sha256").update(kind).update(data).digest("base64");
    if (seen.has(id)) return false;
    seen.add(id);
    for (const oldest of seen.keys().take(Math.max(0, seen.size - SEEN_KEPT))) seen.delete(oldest);
    return true;
  };

  const hear = async (socket: Socket, from: string, message: Exclude<Message, { kind: "hello" }>) => {
    if (message.kind === "block_request") {
      const data = handlers.block(message.root) ?? null;
      send(socket, { kind: "block_response", root: message.root, data });
    } else if (message.kind === "block_response") {
      requests.get(`${from} ${message.root}`)?.(message.data ?? undefined);
    } else {
      const { kind, data } = message;
      if (!isNew(kind, data) || !(await handlers.onGossip({ kind, data, from }))) return;
      for (const [other, to] of peers) if (other !== from) send(to, message);
    }
  };

  /** Until the connection ends. */
  const attend = async (socket: Socket) => {
    let from: string | undefined;
    const end = () => socket.destroy();
    signal.addEventListener("abort", end);
    socket.setNoDelay();
    send(socket, { kind: "hello", name, headRoot: handlers.headRoot() });
    try {
      for await (const line of textLines(socket)) {
        const message = JSON.parse(line) as Message;
        if (message.kind === "hello") {
          from = message.name;
          peers.get(from)?.destroy();
          peers.set(from, socket);
          handlers.onPeer(from, message.headRoot);
        } else if (from !== undefined) {
          // Not waited for: a message that has to wait for its slot must not hold up the next.
          hear(socket, from, message).catch((error: unknown) => {
            log.warn({ from, kind: message.kind, reason: messageOf(error) }, "A message was refused");
          });
        }
      }
    } catch (error) {
      log.info({ peer: from, reason: messageOf(error) }, "A connection was lost");
    }
    socket.destroy();
    signal.removeEventListener("abort", end);
    if (from !== undefined && peers.get(from) === socket) peers.delete(from);
  };

  const keepDialling = async (target: { name: string; port: number }) => {
    while (!signal.aborted) {
      await attend(connect({ port: target.port, host: "127.0.0.1" }));
      await sleep(REDIAL_AFTER_MS, signal);
    }
  };

  const server = createServer((socket) => void attend(socket)).listen(port, "127.0.0.1");
  signal.addEventListener("abort", () => server.close(), { once: true });
  for (const target of dials) void keepDialling(target);

  return {
    connected: () => [...peers.keys()].sort(),
    publish(kind, data, to) {
      if (!isNew(kind, data)) return;
      for (const [peer, socket] of peers) if (to === undefined || to.includes(peer)) send(socket, { kind, data });
    },
    async requestBlock(peer, root) {
      const socket = peers.get(peer);
      if (socket === undefined) return undefined;
      const key = `${peer} ${root}`;
      const answer = Promise.withResolvers<string | undefined>();
      requests.set(key, answer.resolve);
      send(socket, { kind: "block_request", root });
      const inTime = new AbortController();
      const late = sleep(ANSWER_WITHIN_MS, inTime.signal).then(() => undefined);
      const data = await Promise.race([answer.promise, late]);
      inTime.abort();
      requests.delete(key);
      return data;
    },
  };
}
