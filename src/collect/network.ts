import { type Chain, createChain, type GenesisAnswer } from "../chain/chain.ts";
import { Fault } from "../lib/fault.ts";

export type Spec = Readonly<Record<string, unknown>>;

/** The one network that is watched. */
export type Network = {
  /** Undefined until a node has said which network it is on. */
  chain(): Chain | undefined;
  /**
   * A node says which network it is on; the first one decides. Throws `network_mismatch` when it is another one than
   * that, and `spec_incomplete` when its answers make no network.
   */
  join(input: { node: string; spec: Spec; genesis: GenesisAnswer }): Chain;
  /** Settles once events can be taken: what arrived before could be lost with the process. */
  ready: Promise<void>;
};

/** Called with what the first node said; event streams are opened once it settles. */
export type OnChain = (chain: Chain, spec: Spec, genesis: GenesisAnswer) => void | Promise<void>;

export function createNetwork(options: { onChain: OnChain }): Network {
  let agreed: { chain: Chain; node: string } | undefined;
  const ready = Promise.withResolvers<void>();
  return {
    ready: ready.promise,
    chain: () => agreed?.chain,
    join({ node, spec, genesis }) {
      const chain = createChain({ spec, genesis });
      if (agreed === undefined) {
        agreed = { chain, node };
        // Whoever opens the store deals with its failure; a node does not stay away for it.
        Promise.resolve(options.onChain(chain, spec, genesis)).then(ready.resolve, () => ready.resolve());
      } else if (!isSame(chain, agreed.chain)) {
        throw mismatch({ node: agreed.node, chain: agreed.chain }, { node, chain });
      }
      return agreed.chain;
    },
  };
}

/** A network is its genesis validators root; nodes that do not say it are compared by their genesis time. */
function isSame(a: Chain, b: Chain): boolean {
  return a.genesisValidatorsRoot === undefined || b.genesisValidatorsRoot === undefined
    ? a.genesisTimeS === b.genesisTimeS
    : a.genesisValidatorsRoot === b.genesisValidatorsRoot;
}

type Member = { node: string; chain: Chain };

function mismatch(first: Member, other: Member): Fault {
  return new Fault(
    "network_mismatch",
    `Node ${first.node} is on ${words(first.chain)} but node ${other.node} is on ${words(other.chain)}: ` +
      "one monitor watches one network.",
    { details: { nodes: [first.node, other.node], networks: [first.chain.network, other.chain.network] } },
  );
}

function words(chain: Chain): string {
  const root = chain.genesisValidatorsRoot;
  return `network ${chain.network} (${root === undefined ? `genesis time ${chain.genesisTimeS}` : `genesis validators root ${root.slice(0, 18)}...`})`;
}
