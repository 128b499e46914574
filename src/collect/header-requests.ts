import { type Fault, isAborted, isFault } from "../lib/fault.ts";
import type { Log } from "../lib/log.ts";
import { createQueue } from "../lib/queue.ts";
import { sleep } from "../lib/sleep.ts";
import type { JsonAnswer } from "./beacon-client.ts";

/** A node that can be asked over REST. */
export type AskableNode = {
  name: string;
  /** Verified to be on the network, and not known to fail or to sync. */
  ready(): boolean;
  getJson(path: string): Promise<JsonAnswer>;
};

export type HeaderRequests = {
  /** Asks for a block's header, once over all nodes; those named have the block. */
  request(root: string, nodes: readonly string[]): void;
  counts(): { waiting: number; answered: number; failed: number; dropped: number };
  stopped: Promise<void>;
};

const ROOT = /^0x[0-9a-f]{64}$/;
const QUEUE_LIMIT = 1024;
const ANSWERED_LIMIT = 8192;
const WORKERS = 4;
/** A block that was announced by gossip can be asked for once it is imported: the first answers may be 404. */
const ATTEMPTS = 6;
const FIRST_RETRY_MS = 200;

/**
 * Headers of blocks, for their parents. The first node asked is one that reported the block; on failure the next one.
 * The oldest requests are dropped when too many wait.
 */
export function createHeaderRequests(options: {
  nodes: readonly AskableNode[];
  log: Log;
  signal: AbortSignal;
  onAnswer(node: string, path: string, answer: JsonAnswer): void;
  firstRetryMs?: number;
}): HeaderRequests {
  const { nodes, log, signal, onAnswer, firstRetryMs = FIRST_RETRY_MS } = options;
  const holders = new Map<string, Set<string>>();
  const answered = new Set<string>();
  let answers = 0;
  let failed = 0;
  const queue = createQueue<string>({
    limit: QUEUE_LIMIT,
    whenFull: "drop_oldest",
    onDrop: (root) => holders.delete(root),
  });
  signal.addEventListener("abort", () => queue.close(), { once: true });
  if (signal.aborted) queue.close();

  const remember = (root: string) => {
    answered.add(root);
    const [oldest] = answered;
    if (answered.size > ANSWERED_LIMIT && oldest !== undefined) answered.delete(oldest);
  };

  /** Those that have the block first, then the others; each attempt begins with the next one. */
  const nodeFor = (root: string, attempt: number): AskableNode | undefined => {
    const having = holders.get(root) ?? new Set();
    const ready = nodes.filter((node) => node.ready());
    const ordered = [...ready.filter(({ name }) => having.has(name)), ...ready.filter(({ name }) => !having.has(name))];
    return ordered[attempt % Math.max(1, ordered.length)];
  };

  const fetch = async (root: string): Promise<void> => {
    const path = `/eth/v1/beacon/headers/${root}`;
    let last: Fault | undefined;
    for (let attempt = 0; attempt < ATTEMPTS && !signal.aborted; attempt += 1) {
      if (attempt > 0) await sleep(firstRetryMs * 2 ** (attempt - 1), signal);
      const node = nodeFor(root, attempt);
      if (node === undefined) continue;
      try {
        const answer = await node.getJson(path);
        remember(root);
        answers += 1;
        onAnswer(node.name, path, answer);
        return;
      } catch (error) {
        if (isAborted(error)) return;
        if (!isFault(error)) throw error;
        last = error;
      }
    }
    failed += 1;
    log.debug({ root, reason: last?.message }, "No node gave the header of a block");
  };

  const work = async () => {
    while (!queue.closed) {
      await queue.ready();
      for (const root of queue.drain(1)) {
        await fetch(root);
        holders.delete(root);
      }
    }
  };

  return {
    request(text, names) {
      const root = text.toLowerCase();
      if (!ROOT.test(root) || answered.has(root) || queue.closed) return;
      const known = holders.get(root);
      if (known !== undefined) {
        for (const name of names) known.add(name);
        return;
      }
      holders.set(root, new Set(names));
      queue.push(root);
    },
    counts: () => ({ waiting: holders.size, answered: answers, failed, dropped: queue.counts().dropped }),
    stopped: Promise.all(Array.from({ length: WORKERS }, work)).then(() => undefined),
  };
}
