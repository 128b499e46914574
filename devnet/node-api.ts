import { Fault, messageOf } from "../src/lib/fault.ts";

export type Header = { slot: number; root: string; parentRoot: string; proposerIndex: number };

/** What is asked of a node, and told to it, over its REST interface. */
export type NodeApi = {
  isUp(): Promise<boolean>;
  peerId(): Promise<string>;
  connectedPeers(): Promise<string[]>;
  /** Lodestar's own: dials a peer at a loopback port. */
  connectPeer(peer: { peerId: string; port: number }): Promise<void>;
  /** By root, slot, or `head`; undefined when there is none. */
  header(blockId: string): Promise<Header | undefined>;
  /** All blocks that the node has of a slot, canonical or not. */
  headersAt(slot: number): Promise<Header[]>;
  /** The validator that proposes in each slot of an epoch. */
  proposers(epoch: number): Promise<Map<number, number>>;
  spec(): Promise<Readonly<Record<string, string>>>;
};

type HeaderAnswer = {
  root: string;
  header: { message: { slot: string; parent_root: string; proposer_index: string } };
};

const TIMEOUT_MS = 10_000;

/** Throws `devnet_node_failed` when the node does not answer or refuses. */
export function createNodeApi(url: string): NodeApi {
  const request = async (path: string, method: "GET" | "POST" = "GET"): Promise<Response> => {
    try {
      return await fetch(`${url}${path}`, { method, signal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch (cause) {
      throw new Fault("devnet_node_failed", `${url}${path} gave no answer: ${messageOf(cause)}.`, {
        retry: "retryable",
        cause,
      });
    }
  };
  const dataOf = async (response: Response): Promise<unknown> => {
    if (response.ok) return ((await response.json()) as { data: unknown }).data;
    throw new Fault("devnet_node_failed", `${response.url} answered ${response.status}: ${await response.text()}`);
  };
  const get = async (path: string) => dataOf(await request(path));

  return {
    isUp: () =>
      request("/eth/v1/node/version").then(
        ({ ok }) => ok,
        () => false,
      ),
    async peerId() {
      return ((await get("/eth/v1/node/identity")) as { peer_id: string }).peer_id;
    },
    async connectedPeers() {
      const peers = (await get("/eth/v1/node/peers?state=connected")) as { peer_id: string; state: string }[];
      return peers.filter(({ state }) => state === "connected").map((peer) => peer.peer_id);
    },
    async connectPeer({ peerId, port }) {
      const query = new URLSearchParams({ peerId, multiaddr: `/ip4/127.0.0.1/tcp/${port}` });
      const response = await request(`/eth/v1/lodestar/connect_peer?${query}`, "POST");
      if (response.ok) return;
      throw new Fault("devnet_node_failed", `${url} did not dial its peer: ${await response.text()}`);
    },
    async header(blockId) {
      const response = await request(`/eth/v1/beacon/headers/${blockId}`);
      return response.status === 404 ? undefined : headerOf((await dataOf(response)) as HeaderAnswer);
    },
    async headersAt(slot) {
      const response = await request(`/eth/v1/beacon/headers?slot=${slot}`);
      return response.status === 404 ? [] : ((await dataOf(response)) as HeaderAnswer[]).map(headerOf);
    },
    async proposers(epoch) {
      const duties = (await get(`/eth/v1/validator/duties/proposer/${epoch}`)) as {
        slot: string;
        validator_index: string;
      }[];
      return new Map(duties.map((duty) => [Number(duty.slot), Number(duty.validator_index)]));
    },
    spec: async () => (await get("/eth/v1/config/spec")) as Record<string, string>,
  };
}

function headerOf({ root, header: { message } }: HeaderAnswer): Header {
  return {
    slot: Number(message.slot),
    root,
    parentRoot: message.parent_root,
    proposerIndex: Number(message.proposer_index),
  };
}
