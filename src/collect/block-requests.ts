import { type Fault, isAborted, isFault } from "../lib/fault.ts";
import type { Log } from "../lib/log.ts";
import { createQueue, type QueueCounts } from "../lib/queue.ts";
import { sleep } from "../lib/sleep.ts";
import type { JsonAnswer } from "./beacon-client.ts";

/** A node that can be asked over REST. */
export type AskableNode = {
  name: string;
  /** Verified to be on the network, and not known to fail or to sync. */
  ready(): boolean;
  getJson(path: string): Promise<JsonAnswer>;
};

/** A block's header alone, or all that stands in it. */
type Part = "header" | "block";

/** Of the queue, and what came of it; `waiting` counts those under way, too. */
type RequestCounts = QueueCounts & { waiting: number; answered: number; failed: number };

export type BlockRequests = {
  /** Asks for a block's header, or for the whole of it, once over all nodes; those named have the block. */
  request(block: { root: string; nodes: readonly string[]; whole: boolean }): void;
  counts(): Readonly<Record<Part, RequestCounts>>;
  stopped: Promise<void>;
};

type PartRequests = {
  request(root: string, nodes: readonly string[]): void;
  counts(): RequestCounts;
  stopped: Promise<void>;
};

const ROOT = /^0x[0-9a-f]{64}$/;
const ANSWERED_LIMIT = 8192;
const FIRST_RETRY_MS = 200;

/**
 * Whole blocks are megabytes: few at once, in a queue of their own, so that no header waits for them. A block that was
 * announced by gossip can be asked for once it is imported: the first answers may be 404.
 */
const PARTS: Readonly<
  Record<Part, { pathOf(root: string): string; queueLimit: number; workers: number; attempts: number }>
> = {
  header: { pathOf: (root) => `/eth/v1/beacon/headers/${root}`, queueLimit: 1024, workers: 4, attempts: 6 },
  block: { pathOf: (root) => `/eth/v2/beacon/blocks/${root}`, queueLimit: 64, workers: 2, attempts: 4 },
};

type Options = {
  nodes: readonly AskableNode[];
  log: Log;
  signal: AbortSignal;
  onAnswer(node: string, path: string, answer: JsonAnswer): void;
  firstRetryMs?: number;
};

/** Blocks by their roots. Of one that no node gives whole, and of one that had to wait too long, the header is asked for. */
export function createBlockRequests(options: Options): BlockRequests {
  const headers = createPartRequests({ ...options, part: "header", onGivenUp: () => undefined });
  const blocks = createPartRequests({ ...options, part: "block", onGivenUp: headers.request });
  return {
    request: ({ root, nodes, whole }) => (whole ? blocks : headers).request(root, nodes),
    counts: () => ({ header: headers.counts(), block: blocks.counts() }),
    stopped: Promise.all([headers.stopped, blocks.stopped]).then(() => undefined),
  };
}

/**
 * The first node asked is the one that reported the block first; on failure the next one. The oldest requests are
 * dropped when too many wait.
 */
function createPartRequests(
  options: Options & { part: Part; onGivenUp(root: string, nodes: readonly string[]): void },
): PartRequests {
  const { nodes, log, signal, onAnswer, firstRetryMs = FIRST_RETRY_MS, part, onGivenUp } = options;
  const { pathOf, queueLimit, workers, attempts } = PARTS[part];
  const holders = new Map<string, Set<string>>();
  const answered = new Set<string>();
  let answers = 0;
  let failed = 0;
  const giveUp = (root: string) => {
    const having = [...(holders.get(root) ?? [])];
    holders.delete(root);
    if (!signal.aborted) onGivenUp(root, having);
  };
  const queue = createQueue<string>({ limit: queueLimit, whenFull: "drop_oldest", onDrop: giveUp });
  signal.addEventListener("abort", () => queue.close(), { once: true });
  if (signal.aborted) queue.close();

  const remember = (root: string) => {
    answered.add(root);
    const [oldest] = answered;
    if (answered.size > ANSWERED_LIMIT && oldest !== undefined) answered.delete(oldest);
  };

  /** Those that have the block first, as they told of it, then the others; each attempt begins with the next one. */
  const nodeFor = (root: string, attempt: number): AskableNode | undefined => {
    const having = [...(holders.get(root) ?? [])];
    const rank = ({ name }: AskableNode) => (having.includes(name) ? having.indexOf(name) : having.length);
    const ordered = nodes.filter((node) => node.ready()).toSorted((a, b) => rank(a) - rank(b));
    return ordered[attempt % Math.max(1, ordered.length)];
  };

  /** False when no node gave it. */
  const fetch = async (root: string): Promise<boolean> => {
    const path = pathOf(root);
    let last: Fault | undefined;
    for (let attempt = 0; attempt < attempts && !signal.aborted; attempt += 1) {
      if (attempt > 0) await sleep(firstRetryMs * 2 ** (attempt - 1), signal);
      const node = nodeFor(root, attempt);
      if (node === undefined) continue;
      try {
        const answer = await node.getJson(path);
        remember(root);
        answers += 1;
        onAnswer(node.name, path, answer);
        return true;
      } catch (error) {
        if (isAborted(error)) return true;
        if (!isFault(error)) throw error;
        last = error;
      }
    }
    failed += 1;
    log.debug({ root, part, reason: last?.message }, "No node gave a block");
    return false;
  };

  const work = async () => {
    while (!queue.closed) {
      await queue.ready();
      for (const root of queue.drain(1)) {
        if (await fetch(root)) holders.delete(root);
        else giveUp(root);
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
    counts: () => ({ ...queue.counts(), waiting: holders.size, answered: answers, failed }),
    stopped: Promise.all(Array.from({ length: workers }, work)).then(() => undefined),
  };
}
