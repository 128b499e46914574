import { sleep } from "../src/lib/sleep.ts";
import type { FaultLog } from "./fault-log.ts";
import { NO_FAULTS, type NodeFaults } from "./fulu/faults.ts";
import { connectNodes } from "./mesh.ts";
import type { DevNode, Network } from "./network.ts";
import type { FaultWord, Step } from "./plan.ts";
import { nextProposal } from "./proposers.ts";

/** How a fault is done and undone. */
type Doing = {
  begin(node: DevNode, network: Network, ms: number): void;
  end(node: DevNode, network: Network): void;
  /** It shows only in slots in which the node proposes, and so begins with one. */
  needsProposal: boolean;
  /** It begins so many slots before that one. */
  lead: number;
  /** The nodes may have lost each other by it. */
  losesPeers: boolean;
};

/** Faults begin and end this part of a slot before a slot's start: no block or vote is on its way then. */
const LEAD = 0.1;
/** A slot that begins sooner, in slots after the lead, could begin before a fault is in place. */
const NOTICE = 0.4;

/** One that is set on the node, by what it sets; it shows in slots in which the node proposes, or in every one. */
const nodeFault = <Key extends keyof NodeFaults>(
  key: Key,
  valueWith: (ms: number) => NodeFaults[Key],
  needsProposal: boolean,
): Doing => ({
  begin: (node, _, ms) => node.setFaults({ [key]: valueWith(ms) }),
  end: (node) => node.setFaults({ [key]: NO_FAULTS[key] }),
  needsProposal,
  lead: LEAD,
  losesPeers: false,
});

const DOINGS: Readonly<Record<FaultWord, Doing>> = {
  late: nodeFault("proposalDelayMs", (ms) => ms, true),
  miss: nodeFault("proposalsOff", () => true, true),
  equivocate: nodeFault("equivocates", () => true, true),
  // A clock that is ahead begins the slot before the fault could be in place otherwise.
  skew: { ...nodeFault("clockSkewMs", (ms) => ms, true), lead: 1 + LEAD },
  import: nodeFault("importDelayMs", (ms) => ms, false),
  attoff: nodeFault("attestationsOff", () => true, false),
  attlate: nodeFault("attestationDelayMs", (ms) => ms, false),
  freeze: {
    begin: (node) => node.process.freeze(),
    end: (node) => node.process.thaw(),
    needsProposal: true,
    lead: LEAD,
    losesPeers: true,
  },
  partition: {
    begin: (node, network) => setLinks(node, network, { up: false }),
    end: (node, network) => setLinks(node, network, { up: true }),
    needsProposal: true,
    lead: LEAD,
    losesPeers: true,
  },
  slow: {
    begin: (node, network, ms) => setSending(node, network, ms),
    end: (node, network) => setSending(node, network, 0),
    needsProposal: true,
    lead: LEAD,
    losesPeers: true,
  },
  cut: {
    begin: (node) => node.monitorLink.set({ up: false }),
    end: (node) => node.monitorLink.set({ up: true }),
    needsProposal: false,
    lead: LEAD,
    losesPeers: false,
  },
};

/** Does a plan step by step; each fault is noted where it begins and ends. Ends early when `signal` aborts. */
export async function runPlan(input: {
  plan: readonly Step[];
  network: Network;
  log: FaultLog;
  signal: AbortSignal;
}): Promise<void> {
  const { plan, network, log, signal } = input;
  if (plan.length === 0) return;
  await network.untilSlot(1, signal);
  for (const step of plan) {
    if (signal.aborted) return;
    if (step.word === "run") {
      await network.untilSlot(Math.floor(network.slotNow()) + step.slots + LEAD, signal);
      log.note("baseline", { slots: step.slots, heads: await headsOf(network) });
    } else await runFault({ step, network, log, signal });
  }
  if (!signal.aborted) log.note("end", { heads: await headsOf(network) });
}

async function runFault(input: {
  step: Extract<Step, { node: string }>;
  network: Network;
  log: FaultLog;
  signal: AbortSignal;
}): Promise<void> {
  const { step, network, log, signal } = input;
  const { word, slots, ms } = step;
  const doing = DOINGS[word];
  const node = network.node(step.node);
  const first = doing.needsProposal
    ? await nextProposal({ network, node, notice: doing.lead + NOTICE, signal })
    : Math.floor(network.slotNow()) + 2;
  await network.untilSlot(first - doing.lead, signal);
  if (signal.aborted) return;

  const details = { node: node.name, first_slot: first, slots, ...(ms === 0 ? {} : { ms }) };
  doing.begin(node, network, ms);
  log.note(`${word}_start`, details);
  await network.untilSlot(first + slots - LEAD, signal);
  if (word === "partition") log.note("partition_before_end", { node: node.name, heads: await headsOf(network) });
  doing.end(node, network);
  log.note(`${word}_end`, details);
  if (!doing.losesPeers || signal.aborted) return;
  // A node that went on a moment ago has to notice first which connections it has lost.
  await sleep(network.slotMs * LEAD, signal);
  const reconnected = await connectNodes(network, signal);
  log.note(`${word}_healed`, { node: node.name, reconnected, heads: await headsOf(network) });
}

/** Each node's head, or why it did not tell. */
async function headsOf(network: Network): Promise<Record<string, readonly [slot: number, root: string] | string>> {
  const entries = network.nodes.map(async ({ name, api }) => {
    const head = await api.header("head").catch(() => undefined);
    return [name, head === undefined ? "no answer" : ([head.slot, head.root] as const)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

function setLinks(node: DevNode, network: Network, state: { up: boolean }): void {
  for (const { from, to, link } of network.links()) if (from === node || to === node) link.set(state);
}

function setSending(node: DevNode, network: Network, ms: number): void {
  for (const { from, to, link } of network.links()) {
    if (from === node) link.set({ delayOutMs: ms });
    if (to === node) link.set({ delayInMs: ms });
  }
}
