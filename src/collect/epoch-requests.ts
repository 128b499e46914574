import type { Chain } from "../chain/chain.ts";
import type { Clock } from "../lib/clock.ts";
import { isAborted, isFault } from "../lib/fault.ts";
import type { Log } from "../lib/log.ts";
import { createQueue } from "../lib/queue.ts";
import { sleep } from "../lib/sleep.ts";
import type { AskableNode } from "./block-requests.ts";
import type { HeadRoots } from "./head-roots.ts";

/** Something of an epoch that depends on a block before it. */
export type WantedEpoch = {
  epoch: number;
  /** The dependent root that the answer should have; without one any answer will do. */
  dependentRoot?: string;
  /** Asked first: it reported that root. */
  node?: string;
  /** Ask although an answer for the epoch is known. */
  again?: boolean;
};

export type EpochRequests = {
  /** A head of a node: its dependent roots may make known answers void. */
  onHead(head: HeadRoots & { node: string }): void;
  stopped: Promise<void>;
};

/** Dependent roots of one epoch that are followed: more than that many branches are an attack on this program. */
const MAX_ROOTS = 8;
const QUEUE_LIMIT = 64;

/**
 * Asks for something of the current and the next epoch, from one node; from another when that one fails or is on
 * another branch. It is asked for again when a head names a dependent root that no answer had.
 */
export function createEpochRequests<Node extends AskableNode>(options: {
  /** What is asked for, in words for the log. */
  what: string;
  nodes: readonly Node[];
  chain: Chain;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  /** What a head makes wanted; undefined dependent roots are left out. */
  wantedBy(head: HeadRoots & { node: string }): readonly (WantedEpoch & { dependentRoot: string })[];
  /** Asked again with it when its dependent root is new: what else may have changed. */
  followedBy?(wanted: WantedEpoch): WantedEpoch;
  /** Asks a node; gives the dependent root of what it answered, where that is known. Throws faults. */
  ask(node: Node, wanted: WantedEpoch): Promise<string | undefined>;
}): EpochRequests {
  const { what, nodes, chain, clock, log, signal } = options;
  const jobs = createQueue<WantedEpoch>({ limit: QUEUE_LIMIT, whenFull: "refuse" });
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
  const keyOf = ({ epoch, dependentRoot, again }: WantedEpoch) => `${epoch} ${dependentRoot ?? again}`;
  const push = (wanted: WantedEpoch) => {
    const key = keyOf(wanted);
    if (waiting.has(key) || !jobs.push(wanted)) return;
    waiting.add(key);
  };

  const ask = async (wanted: WantedEpoch): Promise<void> => {
    const { epoch, dependentRoot } = wanted;
    const roots = rootsOf(epoch);
    if (dependentRoot === undefined ? roots.size > 0 && wanted.again !== true : roots.has(dependentRoot)) return;
    const ready = nodes.filter((node) => node.ready());
    let answered = false;
    let reason: string | undefined;
    for (const node of ready.sort((a, b) => Number(b.name === wanted.node) - Number(a.name === wanted.node))) {
      try {
        const root = await options.ask(node, wanted);
        answered = true;
        roots.add(root ?? "");
        if (dependentRoot === undefined || root === dependentRoot) break;
      } catch (error) {
        if (isAborted(error)) return;
        if (!isFault(error)) throw error;
        reason = error.message;
      }
    }
    if (answered && dependentRoot !== undefined) roots.add(dependentRoot);
    if (!answered && ready.length > 0 && !failing)
      log.warn({ epoch, what, reason }, "No node gave what was asked of an epoch");
    if (answered && failing) log.info({ epoch, what }, "What was asked of an epoch was given again");
    if (answered || ready.length > 0) failing = !answered;
  };

  const work = async () => {
    for await (const wanted of jobs) {
      waiting.delete(keyOf(wanted));
      if (signal.aborted) return;
      await ask(wanted);
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
    onHead(head) {
      // A head far from now (a node that syncs, a slot ten years ahead) says nothing of the current epoch.
      if (Math.abs(chain.epochOf(head.slot) - currentEpoch()) > 1) return;
      for (const wanted of options.wantedBy(head)) {
        const roots = rootsOf(wanted.epoch);
        if (roots.has(wanted.dependentRoot) || roots.size >= MAX_ROOTS) continue;
        push(wanted);
        const following = options.followedBy?.(wanted);
        if (following !== undefined) push(following);
      }
    },
    stopped: Promise.all([work(), tick()]).then(() => undefined),
  };
}
