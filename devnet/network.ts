import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../src/lib/clock.ts";
import { Fault } from "../src/lib/fault.ts";
import { sleep } from "../src/lib/sleep.ts";
import { type DelayLink, openDelayLink } from "./delay-link.ts";
import type { NodeFaults, ProposalFault } from "./fulu/faults.ts";
import { createNodeApi, type NodeApi } from "./node-api.ts";
import type { NodeKind, ValidatorRange } from "./node-kind.ts";
import type { NodeProcess } from "./node-process.ts";
import { freePorts } from "./ports.ts";

export type DevNode = {
  name: string;
  /** Its Beacon API. */
  url: string;
  /** The same by way of `monitorLink`, for the monitor. */
  monitorUrl: string;
  monitorLink: DelayLink;
  validators: ValidatorRange;
  api: NodeApi;
  process: NodeProcess;
  setFaults(faults: Partial<NodeFaults>): void;
};

/** Three connected nodes of one network, and the ways between them. */
export type Network = {
  kind: NodeKind;
  nodes: readonly DevNode[];
  genesisTimeS: number;
  slotMs: number;
  slotsPerEpoch: number;
  node(name: string): DevNode;
  /** The way between two nodes; `from` dials, and is the one that comes first in `nodes`. */
  links(): readonly { from: DevNode; to: DevNode; link: DelayLink }[];
  /** The slot that is now, with the part of it that is over; negative before genesis. */
  slotNow(): number;
  /** Waits until a moment, in slots from genesis; at once when it is over, or when `signal` aborts. */
  untilSlot(slot: number, signal: AbortSignal): Promise<void>;
  /** Rejects when a node ends by itself. */
  failed: Promise<never>;
  close(): Promise<void>;
};

/** The nodes, the first one first to dial, and whose validators are where. */
export const NODES: readonly { name: string; validators: ValidatorRange }[] = [
  { name: "n1", validators: { first: 0, last: 21 } },
  { name: "n2", validators: { first: 22, last: 42 } },
  { name: "n3", validators: { first: 43, last: 63 } },
];
const VALIDATOR_COUNT = 64;
/** Of the minimal preset. */
const SLOTS_PER_EPOCH = 8;

/**
 * Starts the nodes with their engines and links, and waits until they answer; they are not connected yet.
 * Throws `devnet_node_failed` when one ends or does not come up.
 */
export async function startNetwork(input: {
  kind: NodeKind;
  directory: string;
  slotSeconds: number;
  clock: Clock;
  signal: AbortSignal;
  onProposalFault(node: string, fault: ProposalFault): void;
}): Promise<Network> {
  const { kind, directory, slotSeconds, clock, signal, onProposalFault } = input;
  const genesisTimeS = Math.ceil(clock.nowUs() / 1e6) + kind.genesisDelayS;
  const slotMs = slotSeconds * 1000;
  const jwtFile = join(directory, "jwt.hex");
  await writeFile(jwtFile, `0x${"11".repeat(32)}`);
  const ports = await freePorts(2 * NODES.length);
  const portsOf = (index: number) => ({ rest: ports[2 * index] as number, p2p: ports[2 * index + 1] as number });

  const opened: { close(): Promise<void> }[] = [];
  const keep = <T extends { close(): Promise<void> }>(part: T): T => {
    opened.push(part);
    return part;
  };
  const close = async () => {
    for (const part of opened.toReversed()) await part.close();
  };
  const slotNow = () => (clock.nowUs() / 1000 - genesisTimeS * 1000) / slotMs;

  try {
    const ways: { from: string; to: string; link: DelayLink }[] = [];
    for (const [index, from] of NODES.entries()) {
      for (const [offset, to] of NODES.slice(index + 1).entries()) {
        const link = keep(await openDelayLink(portsOf(index + 1 + offset).p2p));
        ways.push({ from: from.name, to: to.name, link });
      }
    }
    const nodes: DevNode[] = [];
    for (const [index, { name, validators }] of NODES.entries()) {
      const { rest, p2p } = portsOf(index);
      const monitorLink = keep(await openDelayLink(rest));
      const { process, setFaults } = keep(
        await kind.start({
          name,
          directory: join(directory, name),
          genesisTimeS,
          slotSeconds,
          validatorCount: VALIDATOR_COUNT,
          validators,
          restPort: rest,
          p2pPort: p2p,
          dials: ways.filter(({ from }) => from === name).map(({ to, link }) => ({ name: to, port: link.port })),
          peers: NODES.map((node) => node.name).filter((other) => other !== name),
          jwtFile,
          onProposalFault: (fault) => onProposalFault(name, fault),
        }),
      );
      const url = `http://127.0.0.1:${rest}`;
      const monitorUrl = `http://127.0.0.1:${monitorLink.port}`;
      nodes.push({ name, url, monitorUrl, monitorLink, validators, api: createNodeApi(url), process, setFaults });
    }
    const node = (name: string): DevNode => {
      const found = nodes.find((one) => one.name === name);
      if (found !== undefined) return found;
      throw new Fault("node_unknown", `There is no node ${name}; the nodes are n1, n2 and n3.`);
    };
    const links = ways.map(({ from, to, link }) => ({ from: node(from), to: node(to), link }));
    const failed = Promise.race(nodes.map((node) => untilEnded(node)));
    failed.catch(() => undefined);
    await Promise.race([
      Promise.all(nodes.map((node) => untilUp(node, { clock, signal, withinS: 2 * kind.genesisDelayS }))),
      failed,
    ]);

    return {
      kind,
      nodes,
      genesisTimeS,
      slotMs,
      slotsPerEpoch: SLOTS_PER_EPOCH,
      node,
      links: () => links,
      slotNow,
      async untilSlot(slot, ending) {
        const waitMs = (slot - slotNow()) * slotMs;
        if (waitMs > 0) await sleep(waitMs, ending);
      },
      failed,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function untilEnded({ name, process }: DevNode): Promise<never> {
  await process.ended;
  throw new Fault("devnet_node_failed", `Node ${name} ended by itself; ${process.logFile} says why.`);
}

async function untilUp(
  { name, api, process }: DevNode,
  input: { clock: Clock; signal: AbortSignal; withinS: number },
): Promise<void> {
  const { clock, signal, withinS } = input;
  const lastUs = clock.monoUs() + withinS * 1e6;
  while (!signal.aborted && !(await api.isUp())) {
    if (clock.monoUs() > lastUs) {
      throw new Fault("devnet_node_failed", `Node ${name} did not come up; ${process.logFile} says why.`, {
        retry: "retryable",
      });
    }
    await sleep(500, signal);
  }
}
