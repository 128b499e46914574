import type { Chain } from "../chain/chain.ts";
import type { Clock } from "../lib/clock.ts";
import { isAborted, isFault } from "../lib/fault.ts";
import type { Log } from "../lib/log.ts";
import { sleep } from "../lib/sleep.ts";
import type { JsonAnswer } from "./beacon-client.ts";
import type { AskableNode } from "./block-requests.ts";

/** After a failure it is asked for again so many slots later. */
const RETRY_SLOTS = 8;

/**
 * The sync committee of the running period, and in a period's last epoch that of the next: once each, since a
 * committee serves for a day (consensus-specs, `EPOCHS_PER_SYNC_COMMITTEE_PERIOD`) and no reorg reaches that far. Form:
 * beacon-APIs, `getEpochSyncCommittees`.
 */
export function createSyncCommittees(options: {
  nodes: readonly AskableNode[];
  chain: Chain;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  onAnswer(node: string, path: string, answer: JsonAnswer): void;
}): { stopped: Promise<void> } {
  const { nodes, chain, clock, log, signal, onAnswer } = options;
  const period = chain.epochsPerSyncCommitteePeriod;
  const answered = new Set<number>();
  let failing = false;

  const ask = async (epoch: number): Promise<boolean> => {
    const path = `/eth/v1/beacon/states/head/sync_committees?epoch=${epoch}`;
    for (const node of nodes.filter((one) => one.ready())) {
      try {
        onAnswer(node.name, path, await node.getJson(path));
        failing = false;
        return true;
      } catch (error) {
        if (isAborted(error)) return false;
        if (!isFault(error)) throw error;
        if (!failing) log.warn({ node: node.name, epoch, reason: error.message }, "A node gave no sync committee");
        failing = true;
      }
    }
    return false;
  };

  const run = async (epochs: number) => {
    let waitSlots = 0;
    while (!signal.aborted) {
      const epoch = Math.max(0, chain.epochOf(chain.slotAt(clock.nowUs())));
      const wanted = [epoch, epoch + 1].find((one) => !answered.has(Math.floor(one / epochs)));
      if (waitSlots > 0) waitSlots -= 1;
      else if (wanted !== undefined && nodes.some((node) => node.ready())) {
        if (await ask(wanted)) answered.add(Math.floor(wanted / epochs));
        else waitSlots = RETRY_SLOTS;
      }
      await sleep(chain.slotDurationMs, signal);
    }
  };
  return { stopped: period === undefined ? Promise.resolve() : run(period) };
}
