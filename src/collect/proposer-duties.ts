import type { Chain } from "../chain/chain.ts";
import type { Clock } from "../lib/clock.ts";
import { isFault } from "../lib/fault.ts";
import type { Log } from "../lib/log.ts";
import type { JsonAnswer } from "./beacon-client.ts";
import type { AskableNode } from "./block-requests.ts";
import { createEpochRequests, type EpochRequests } from "./epoch-requests.ts";

/**
 * Proposer duties of the current and the next epoch. They are asked for again when a head event names a dependent root
 * that no answer had: before Fulu those of the next epoch change until its first slot, later a reorg over the turn of
 * the epoch changes both. Source of the roots: beacon-APIs, `getProposerDuties`.
 */
export function createProposerDuties(options: {
  nodes: readonly AskableNode[];
  chain: Chain;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  onAnswer(node: string, path: string, answer: JsonAnswer): void;
}): EpochRequests {
  const { chain, onAnswer } = options;
  return createEpochRequests({
    ...options,
    what: "proposer duties",
    wantedBy: ({ node, slot, next }) =>
      next === undefined ? [] : [{ epoch: chain.epochOf(slot), dependentRoot: next, node }],
    followedBy: ({ epoch, node }) => ({ epoch: epoch + 1, again: true, ...(node === undefined ? {} : { node }) }),
    async ask(node, { epoch }) {
      const { path, answer } = await dutiesOf(node, epoch);
      onAnswer(node.name, path, answer);
      return dependentRootOf(answer.body);
    },
  });
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

function dependentRootOf(body: unknown): string | undefined {
  const root = (body as { dependent_root?: unknown } | null)?.dependent_root;
  return typeof root === "string" ? root.toLowerCase() : undefined;
}
