import { get } from "node:http";
import { createParser } from "eventsource-parser";
import type { DevNode } from "../../devnet/network.ts";
import type { Header } from "../../devnet/node-api.ts";
import type { Clock } from "../../src/lib/clock.ts";
import { Fault } from "../../src/lib/fault.ts";
import { sleep } from "../../src/lib/sleep.ts";

const SIGHTINGS = ["block_gossip", "block", "head"] as const;

/** A node heard of a block, imported it, or called it head. */
export type Sighting = { node: string; topic: (typeof SIGHTINGS)[number]; slot: number; root: string; atMs: number };

/** An event of another topic, as it came. */
export type RawEvent = { node: string; topic: string; data: unknown; atMs: number };

/**
 * Listens to the nodes beside the monitor and without its code, for what can only be known by listening: when a block
 * came and which heads a node went through.
 */
export type Witness = {
  /** By arrival. */
  sightings: readonly Sighting[];
  rawEvents: readonly RawEvent[];
  /** Headers of all roots that were seen, once they are known. */
  headers(): Promise<ReadonlyMap<string, Header>>;
  /** Resolves once every node answers: until then a stream may miss what was told. */
  listening: Promise<void>;
  /** Rejects when a stream ends: then what is missing is not known. */
  failed: Promise<never>;
  close(): void;
};

const HEADER_ATTEMPTS = 10;
const HEADER_RETRY_MS = 500;

/** `topics` must be known to the nodes. */
export function startWitness(input: { nodes: readonly DevNode[]; topics: readonly string[]; clock: Clock }): Witness {
  const { nodes, topics, clock } = input;
  const sightings: Sighting[] = [];
  const rawEvents: RawEvent[] = [];
  const query = new URLSearchParams(topics.map((topic): [string, string] => ["topics", topic]));
  const headers = new Map<string, Promise<Header>>();
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);

  const listen = (node: DevNode, answered: () => void) => {
    const request = get(`${node.url}/eth/v1/events?${query}`, (response) => {
      answered();
      let atMs = 0;
      const parser = createParser({
        onEvent({ event = "", data }) {
          const topic = SIGHTINGS.find((one) => one === event);
          if (topic === undefined) {
            rawEvents.push({ node: node.name, topic: event, data: JSON.parse(data), atMs });
            return;
          }
          const { slot, block: root } = JSON.parse(data) as { slot: string; block: string };
          sightings.push({ node: node.name, topic, slot: Number(slot), root, atMs });
          // At once, from the node that has it: the block may be of a branch that is left and forgotten soon.
          // Not what is only heard of, which the node does not have yet.
          if (topic !== "block_gossip" && !headers.has(root)) headers.set(root, headerOf(node, root));
        },
      });
      response.setEncoding("utf8");
      response.on("data", (text: string) => {
        atMs = clock.nowUs() / 1000;
        parser.feed(text);
      });
      response.on("close", () => failed.reject(lost(node)));
    });
    request.on("error", (cause) => failed.reject(lost(node, cause)));
    return request;
  };
  const answers = nodes.map(() => Promise.withResolvers<void>());
  const requests = nodes.map((node, i) => listen(node, () => answers[i]?.resolve()));

  return {
    sightings,
    rawEvents,
    async headers() {
      const all = await Promise.all(headers.values());
      return new Map(all.map((header) => [header.root, header]));
    },
    listening: Promise.all(answers.map(({ promise }) => promise)).then(() => undefined),
    failed: failed.promise,
    close() {
      for (const request of requests) request.destroy();
    },
  };
}

async function headerOf(node: DevNode, root: string): Promise<Header> {
  for (let attempt = 1; attempt <= HEADER_ATTEMPTS; attempt += 1) {
    const header = await node.api.header(root).catch(() => undefined);
    if (header !== undefined) return header;
    await sleep(HEADER_RETRY_MS);
  }
  throw new Fault("devnet_node_failed", `Node ${node.name} told of block ${root} and has no header of it.`);
}

function lost({ name }: DevNode, cause?: unknown): Fault {
  return new Fault("witness_lost", `The witness lost the event stream of node ${name}.`, { retry: "retryable", cause });
}
