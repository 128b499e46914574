import type { Chain } from "../chain/chain.ts";
import type { Clock } from "../lib/clock.ts";
import { isAborted, isFault } from "../lib/fault.ts";
import type { Log } from "../lib/log.ts";
import { createQueue } from "../lib/queue.ts";
import { sleep } from "../lib/sleep.ts";
import type { JsonAnswer } from "./beacon-client.ts";
import type { AskableNode } from "./block-requests.ts";

export type ProposerDuties = {
  /** A `head` or `head_v2` event: its dependent root may make known duties void. */
  onHead(node: string, text: string): void;
  stopped: Promise<void>;
};

type Job = {
  epoch: number;
  /** The dependent root that the answer should have; without one any answer will do. */
  dependentRoot?: string;
  /** Asked first: it reported that root. */
  node?: string;
  /** Ask although duties of the epoch are known. */
  again?: boolean;
};

/** Dependent roots of one epoch that are followed: more than that many branches are an attack on this program. */
const MAX_ROOTS = 8;
const QUEUE_LIMIT = 64;

/**
 * Proposer duties of the current and the next epoch, from one node; from another when that one fails or is on another
 * branch. They are asked for again when a head event names a dependent root that no answer had: before Fulu those of
 * the next epoch change until its first slot, later a reorg over the turn of the epoch changes both.
 * Source of the roots: beacon-APIs, `getProposerDuties` and the events `head` and `head_v2`.
 */
export function createProposerDuties(options: {
  nodes: readonly AskableNode[];
  chain: Chain;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  onAnswer(node: string, path: string, answer: JsonAnswer): void;
}): ProposerDuties {
  const { nodes, chain, clock, log, signal, onAnswer } = options;
  const jobs = createQueue<Job>({ limit: QUEUE_LIMIT, whenFull: "refuse" });
  // The dependent roots of each epoch that were answered or asked for in vain.
  const known = new Map<number, Set<string>>();
  const waiting = new Set<string>();
  let failing = false;
  signal.addEventListener("abort", () => jobs.close(), { once: true });
  if (signal.aborted) jobs.close();

  const currentEpoch = () => Math.max(0, chain.epochOf(chain.slotAt(clock.nowUs())));
  const rootsOf = (epoch: number): Set<string> => {
    let roots = known.get(epoch);
    if (roots === undefined) {
      roots = new Set();
      known.set(epoch, roots);
    }
    return roots;
  };
  const push = (job: Job) => {
    const key = `${job.epoch} ${job.dependentRoot ?? job.again}`;
    if (waiting.has(key) || !jobs.push(job)) return;
    waiting.add(key);
  };

  const ask = async (job: Job): Promise<void> => {
    const { epoch, dependentRoot } = job;
    const roots = rootsOf(epoch);
    if (dependentRoot === undefined ? roots.size > 0 && job.again !== true : roots.has(dependentRoot)) return;
    const ready = nodes.filter((node) => node.ready());
    let answered = false;
    let reason: string | undefined;
    for (const node of ready.sort((a, b) => Number(b.name === job.node) - Number(a.name === job.node))) {
      try {
        const { path, answer } = await dutiesOf(node, epoch);
        answered = true;
        onAnswer(node.name, path, answer);
        const root = dependentRootOf(answer.body);
        roots.add(root ?? "");
        if (dependentRoot === undefined || root === dependentRoot) break;
      } catch (error) {
        if (isAborted(error)) return;
        if (!isFault(error)) throw error;
        reason = error.message;
      }
    }
    if (answered && dependentRoot !== undefined) roots.add(dependentRoot);
    if (!answered && ready.length > 0 && !failing) log.warn({ epoch, reason }, "No node gave the proposer duties");
    if (answered && failing) log.info({ epoch }, "The proposer duties were given again");
    if (answered || ready.length > 0) failing = !answered;
  };

  const work = async () => {
    for await (const job of jobs) {
      waiting.delete(`${job.epoch} ${job.dependentRoot ?? job.again}`);
      if (signal.aborted) return;
      await ask(job);
    }
  };

  const tick = async () => {
    while (!signal.aborted) {
      const epoch = currentEpoch();
      for (const old of known.keys()) if (old < epoch - 1) known.delete(old);
      push({ epoch });
      push({ epoch: epoch + 1 });
      await sleep(chain.slotDurationMs, signal);
    }
  };

  return {
    onHead(node, text) {
      const head = readHead(text);
      if (head === undefined) return;
      const epoch = chain.epochOf(head.slot);
      // A head far from now (a node that syncs, a slot ten years ahead) says nothing of the current duties.
      if (Math.abs(epoch - currentEpoch()) > 1) return;
      const roots = rootsOf(epoch);
      if (roots.has(head.dependentRoot) || roots.size >= MAX_ROOTS) return;
      push({ epoch, dependentRoot: head.dependentRoot, node });
      push({ epoch: epoch + 1, node, again: true });
    },
    stopped: Promise.all([work(), tick()]).then(() => undefined),
  };
}

/** Version 1; from Gloas on a node may have version 2 alone, which has the same form. */
export async function dutiesOf(
  node: Pick<AskableNode, "getJson">,
  epoch: number,
): Promise<{ path: string; answer: JsonAnswer }> {
  const path = `/eth/v1/validator/duties/proposer/${epoch}`;
  try {
    return { path, answer: await node.getJson(path) };
  } catch (error) {
    if (!isFault(error, "node_http_error") || error.retry === "retryable") throw error;
    const newer = path.replace("/v1/", "/v2/");
    return { path: newer, answer: await node.getJson(newer) };
  }
}

function readHead(text: string): { slot: number; dependentRoot: string } | undefined {
  try {
    const event = JSON.parse(text) as Record<string, unknown> | null;
    const data = (event?.["data"] ?? event) as Record<string, unknown> | null;
    const slot = Number(data?.["slot"]);
    const root = data?.["current_duty_dependent_root"] ?? data?.["next_epoch_dependent_root"];
    if (!Number.isSafeInteger(slot) || slot < 0 || typeof root !== "string") return undefined;
    return { slot, dependentRoot: root.toLowerCase() };
  } catch {
    return undefined;
  }
}

function dependentRootOf(body: unknown): string | undefined {
  const root = (body as { dependent_root?: unknown } | null)?.dependent_root;
  return typeof root === "string" ? root.toLowerCase() : undefined;
}
