import type { Clock } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import { sleep } from "../../lib/sleep.ts";
import { type BeaconEvents, type BeaconFace, type BeaconNode, createBeaconFace } from "../beacon-face.ts";
import { BASELINE_SLOT_MS } from "./baselines.ts";
import { burstChunks } from "./burst.ts";
import { createMainnetAnswers, type SimulatedNode } from "./mainnet-answers.ts";
import { createSimulatedChain, type SimulatedChain, SLOTS_PER_EPOCH } from "./simulated-chain.ts";
import { blockMomentsMs, type Chunk, slotEvents } from "./slot-events.ts";
import { planSlot, type SlotPlan } from "./slot-plan.ts";

export type Mainnet = {
  nodes: readonly { name: string; url: string }[];
  chain: SimulatedChain;
  /** The first slot that is told from its beginning. */
  firstSlot: number;
  /** Events sent to readers so far. */
  sent(): number;
  close(): Promise<void>;
};

export type MainnetOptions = {
  nodes: number;
  validators: number;
  /** Port of the first node, the others follow; 0 takes any free ones. */
  port: number;
  /** How many times as fast as on mainnet time goes: slots are shorter by it, and events come faster. */
  rate: number;
  topics: readonly string[];
  seed: number;
  /** Votes beside the others, a second over all nodes, and for how long. */
  burst?: { eventsASecond: number; seconds: number };
};

/** A round number of the same size as mainnet's in 2026, and the first of its epoch. */
const FIRST_SLOT = 12_000_000 - (12_000_000 % SLOTS_PER_EPOCH);
/** Time to connect before the first slot. */
const HEAD_START_MS = 5_000;
const TICK_MS = 10;
const KEPT_PLANS = 36;
/** A reader that is behind is waited for: what it does not take in time is its own queue's matter, not ours. */
const MAX_BACKLOG_BYTES = 512 * 1024 * 1024;
const SUPERNODE_COLUMNS = 128;
const NODE_COLUMNS = 8;
const CLIENTS = ["Lighthouse/v8.0.1", "teku/v25.11.0", "Nimbus/v25.11.0", "Prysm/v7.0.0", "Lodestar/v1.36.0"];

/**
 * Serves the volume of mainnet from simulated nodes on loopback, each a supernode of all subnets: votes, aggregates and
 * blocks come at the moments of `baselines.ts`. The same seed gives the same chain; nothing is signed.
 */
export async function startMainnet(
  options: MainnetOptions & { clock: Clock; log: Log; signal: AbortSignal },
): Promise<Mainnet> {
  const { clock, log, nodes: count, validators, seed, rate, port } = options;
  const slotMs = Math.max(1, Math.round(BASELINE_SLOT_MS / rate));
  const startS = Math.ceil((clock.nowUs() / 1000 + HEAD_START_MS) / 1000);
  const chain = createSimulatedChain({ seed, validators, slotMs, startS, firstSlot: FIRST_SLOT });
  const nowMs = () => clock.nowUs() / 1000;
  const plans = new Map<number, SlotPlan>();
  const planOf = (slot: number): SlotPlan => {
    const plan = plans.get(slot) ?? planSlot(chain, slot);
    plans.set(slot, plan);
    if (plans.size > KEPT_PLANS) plans.delete(plans.keys().next().value as number);
    return plan;
  };

  const ended = new AbortController();
  const faces: BeaconFace[] = [];
  const close = async () => {
    ended.abort();
    await Promise.all(faces.map((face) => face.close()));
  };
  const topics = new Set(options.topics);
  const readers: Reader[][] = [];
  const simulated = Array.from({ length: count }, (_, index) => simulatedNode({ chain, index, count, planOf }));
  for (const [index, node] of simulated.entries()) {
    const own: Reader[] = [];
    readers.push(own);
    const answer = createMainnetAnswers(chain, node);
    const face = await createBeaconFace({
      node: {
        topics,
        answer: ({ path, query }) => answer({ path, query, nowMs: nowMs() }),
        subscribe: (wanted, send) => subscribe(own, { topics: wanted, send }),
      },
      log,
      port: port === 0 ? 0 : port + index,
      maxBacklogBytes: MAX_BACKLOG_BYTES,
    });
    faces.push(face);
  }
  options.signal.addEventListener("abort", () => void close(), { once: true });
  if (options.signal.aborted) await close();

  let sent = 0;
  const tell = (node: number, chunk: Chunk) => {
    for (const reader of readers[node] ?? []) {
      if (!reader.topics.has(chunk.topic)) continue;
      reader.send(chunk);
      sent += chunk.events;
    }
  };
  const custody = (node: number) => (simulated[node] as SimulatedNode).custodyGroups;
  const eventsOf = (slot: number) =>
    slotEvents({ chain, plan: planOf(slot), nodes: count, custody }).map((chunks) =>
      chunks.filter(({ topic }) => topics.has(topic)),
    );
  void tellSlots({ chain, eventsOf, nowMs, tell, signal: ended.signal });
  if (options.burst !== undefined) {
    const burst = burstChunks({ chain, planOf, nodes: count, slot: FIRST_SLOT + 1, ...options.burst });
    void tellInOrder({ chunks: burst, nowMs, tell, signal: ended.signal });
  }

  const nodes = faces.map(({ url }, index) => ({ name: (simulated[index] as SimulatedNode).name, url }));
  log.info({ nodes, genesisTimeS: chain.genesisTimeS, slotMs, validators }, "The simulated nodes started");
  return { nodes, chain, firstSlot: FIRST_SLOT, sent: () => sent, close };
}

type Reader = { topics: ReadonlySet<string>; send: (events: BeaconEvents) => void };

function subscribe(readers: Reader[], reader: Reader): ReturnType<BeaconNode["subscribe"]> {
  readers.push(reader);
  return () => {
    const place = readers.indexOf(reader);
    if (place >= 0) readers.splice(place, 1);
  };
}

function simulatedNode(input: {
  chain: SimulatedChain;
  index: number;
  count: number;
  planOf(slot: number): SlotPlan;
}): SimulatedNode {
  const { chain, index, count, planOf } = input;
  return {
    name: `n${index + 1}`,
    version: CLIENTS[index % CLIENTS.length] as string,
    custodyGroups: index === 0 ? SUPERNODE_COLUMNS : NODE_COLUMNS,
    planOf,
    head(nowMs) {
      const slot = chain.slotAt(nowMs);
      const hasBlock = slot < FIRST_SLOT || nowMs >= (blockMomentsMs(chain, planOf(slot), count)[index] as number);
      return chain.lastBlock(hasBlock ? slot : slot - 1);
    },
  };
}

/** Tells one slot after the other; each is made ready in the last part of the one before, when little is told. */
async function tellSlots(input: {
  chain: SimulatedChain;
  eventsOf(slot: number): Chunk[][];
  nowMs(): number;
  tell(node: number, chunk: Chunk): void;
  signal: AbortSignal;
}): Promise<void> {
  const { chain, eventsOf, nowMs, tell, signal } = input;
  const waiting: { chunks: readonly Chunk[]; next: number; node: number }[] = [];
  let readied = FIRST_SLOT - 1;
  while (!signal.aborted) {
    const coming = chain.slotAt(nowMs() + chain.slotMs / 20);
    while (readied < coming) {
      readied += 1;
      for (const [node, chunks] of eventsOf(readied).entries()) waiting.push({ chunks, next: 0, node });
    }
    const now = nowMs();
    for (const line of waiting) {
      for (let chunk = line.chunks[line.next]; chunk !== undefined && chunk.atMs <= now; ) {
        tell(line.node, chunk);
        line.next += 1;
        chunk = line.chunks[line.next];
      }
    }
    for (let i = waiting.length - 1; i >= 0; i -= 1) {
      const line = waiting[i];
      if (line !== undefined && line.next >= line.chunks.length) waiting.splice(i, 1);
    }
    await sleep(TICK_MS, signal);
  }
}

async function tellInOrder(input: {
  chunks: Iterable<Chunk & { node: number }>;
  nowMs(): number;
  tell(node: number, chunk: Chunk): void;
  signal: AbortSignal;
}): Promise<void> {
  for (const chunk of input.chunks) {
    for (let waitMs = chunk.atMs - input.nowMs(); waitMs > 0 && !input.signal.aborted; ) {
      await sleep(Math.min(500, waitMs), input.signal);
      waitMs = chunk.atMs - input.nowMs();
    }
    if (input.signal.aborted) return;
    input.tell(chunk.node, chunk);
  }
}
