import type { ValidatorLabels } from "../chain/validator-labels.ts";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import { sleep } from "../lib/sleep.ts";
import { type BeaconEvent, type BeaconFace, type BeaconNode, createBeaconFace } from "./beacon-face.ts";
import { createDemoAnswers } from "./demo-answers.ts";
import { playedEvents } from "./demo-events.ts";
import { createDemoNode, type DemoNode } from "./demo-node.ts";
import { createDemoWorld, type DemoWorld } from "./demo-world.ts";
import { play } from "./play.ts";
import { type RecordedNetwork, type RecordedNode, readRecordedNetwork } from "./recorded-network.ts";

export type Demo = {
  nodes: readonly { name: string; url: string }[];
  /** The validators of the recorded nodes, as if each node were an operator's. */
  labels: ValidatorLabels | undefined;
  genesisTimeS: number;
  /** A loop's length. */
  spanSlots: number;
  close(): Promise<void>;
};

/** How long before the first recorded event the demo starts: time to connect. */
const HEAD_START_MS = 3_000;

/** Topics that the recorded kind of node knows, whether or not it had anything to say on them. */
const PRE_GLOAS_TOPICS = [
  "head",
  "block",
  "block_gossip",
  "attestation",
  "single_attestation",
  "voluntary_exit",
  "bls_to_execution_change",
  "proposer_slashing",
  "attester_slashing",
  "finalized_checkpoint",
  "chain_reorg",
  "contribution_and_proof",
  "light_client_finality_update",
  "light_client_optimistic_update",
  "payload_attributes",
  "blob_sidecar",
  "data_column_sidecar",
] as const;

/**
 * Serves a recording from fake beacon nodes on loopback, one for each recorded node, without end: genesis is set so
 * that the first loop is now. `speed` runs their time faster than the clock's, for tests.
 * Throws `recording_unusable`.
 */
export async function startDemo(input: {
  recordingDirectory: string;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  speed?: number;
}): Promise<Demo> {
  const { recordingDirectory, clock, log, signal, speed = 1 } = input;
  const network = await readRecordedNetwork(recordingDirectory);
  const startMs = clock.nowUs() / 1000;
  const time: DemoTime = { nowMs: () => startMs + (clock.nowUs() / 1000 - startMs) * speed, speed };
  const world = createDemoWorld({ network, genesisTimeS: genesisFor(network, startMs) });
  const peers = network.nodes.map((recorded) => ({ recorded, node: createDemoNode({ world, recorded }) }));

  const ended = new AbortController();
  const faces = new Map<string, BeaconFace>();
  const close = async () => {
    ended.abort();
    await Promise.all([...faces.values()].map((face) => face.close()));
  };
  for (const { recorded, node } of peers) {
    const answer = createDemoAnswers({ world, node, peers: peers.map((peer) => peer.node) });
    const topics = new Set<string>([...PRE_GLOAS_TOPICS, ...recorded.events.map(({ topic }) => topic)]);
    const played = playedNode({ world, recorded, node, answer, topics, time, signal: ended.signal });
    faces.set(node.name, await createBeaconFace({ node: played, log }));
  }
  signal.addEventListener("abort", () => void close(), { once: true });
  if (signal.aborted) await close();

  const nodes = [...faces].map(([name, { url }]) => ({ name, url }));
  const { genesisTimeS } = world;
  const { spanSlots } = world.loop;
  log.info({ nodes, genesisTimeS, spanSlots }, "The recorded nodes started");
  return { nodes, labels: network.labels, genesisTimeS, spanSlots, close };
}

type DemoTime = { nowMs: () => number; speed: number };

/** Genesis in Unix seconds, such that the first recorded event comes when the head start is over. */
function genesisFor(network: RecordedNetwork, startMs: number): number {
  const firstMs = Math.min(...network.nodes.flatMap(({ events }) => events[0]?.offsetMs ?? []));
  return Math.ceil((startMs + HEAD_START_MS - firstMs) / 1000);
}

function playedNode(input: {
  world: DemoWorld;
  recorded: RecordedNode;
  node: DemoNode;
  answer: ReturnType<typeof createDemoAnswers>;
  topics: ReadonlySet<string>;
  time: DemoTime;
  signal: AbortSignal;
}): BeaconNode {
  const { world, recorded, node, answer, topics, time, signal } = input;
  const { nowMs, speed } = time;
  const readers = new Set<{ topics: ReadonlySet<string>; send: (event: BeaconEvent) => void }>();
  play({
    world,
    events: playedEvents(world, recorded),
    nowMs,
    speed,
    signal,
    send({ topic, text }, loop) {
      const listening = [...readers].filter((reader) => reader.topics.has(topic));
      if (listening.length === 0) return;
      const event = { topic, text: text(loop) };
      for (const reader of listening) reader.send(event);
    },
  });
  return {
    topics,
    async answer({ path, query }) {
      const frozenUntilMs = node.frozenUntil(nowMs());
      if (frozenUntilMs !== undefined) await sleep((frozenUntilMs - nowMs()) / speed, signal);
      return answer({ path, query, nowMs: nowMs() });
    },
    subscribe(wanted, send) {
      const reader = { topics: wanted, send };
      readers.add(reader);
      return () => readers.delete(reader);
    },
  };
}
