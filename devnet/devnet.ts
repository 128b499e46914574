import type { Clock } from "../src/lib/clock.ts";
import { createFaultLog, type FaultLine, type FaultLog } from "./fault-log.ts";
import { runPlan } from "./faults.ts";
import { connectNodes } from "./mesh.ts";
import { type Monitor, startMonitor } from "./monitor.ts";
import { type Network, startNetwork } from "./network.ts";
import type { NodeKind } from "./node-kind.ts";
import type { Step } from "./plan.ts";

/** A network of connected nodes with the monitor on them. */
export type Devnet = {
  network: Network;
  monitor: Monitor;
  faults: FaultLog;
  /** Does a plan; rejects when a node or the monitor ends meanwhile. */
  run(plan: readonly Step[]): Promise<void>;
  /** Rejects when a node or the monitor ends by itself. */
  failed: Promise<never>;
  close(): Promise<void>;
};

/** Starts all of it; everything that is written is in `directory`. Ends what it started when it fails. */
export async function startDevnet(input: {
  kind: NodeKind;
  directory: string;
  slotSeconds: number;
  port: number;
  clock: Clock;
  signal: AbortSignal;
  onFault(line: FaultLine): void;
  /** For the monitor, besides nodes, port and data directory. */
  monitorArgs?: readonly string[];
}): Promise<Devnet> {
  const { kind, directory, slotSeconds, port, clock, signal, onFault, monitorArgs = [] } = input;
  let faults: FaultLog | undefined;
  const network = await startNetwork({
    kind,
    directory,
    slotSeconds,
    clock,
    signal,
    onProposalFault: (node, { kind: what, slot, ...details }) => {
      faults?.note(what, { node, proposal_slot: slot, ...details });
    },
  });
  try {
    faults = createFaultLog({ directory, clock, slotNow: network.slotNow, onLine: onFault });
    const monitor = await Promise.race([
      startMonitor({ directory, nodes: network.nodes, port, args: monitorArgs }),
      network.failed,
    ]);
    const failed = Promise.race([network.failed, monitor.failed]);
    failed.catch(() => undefined);
    const close = async () => {
      await monitor.close();
      await network.close();
    };
    try {
      await Promise.race([connectNodes(network, signal), failed]);
    } catch (error) {
      await monitor.close();
      throw error;
    }
    const log = faults;
    return {
      network,
      monitor,
      faults: log,
      run: (plan) => Promise.race([runPlan({ plan, network, log, signal }), failed]),
      failed,
      close,
    };
  } catch (error) {
    await network.close();
    throw error;
  }
}
