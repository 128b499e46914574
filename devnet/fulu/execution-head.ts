import type { Chain } from "./chain.ts";
import type { Engine, PayloadAttributes } from "./engine.ts";

const NO_HASH = `0x${"00".repeat(32)}`;

/** Tells the engine which block is the head, and perhaps to build on it. Returns the payload's id, if it builds one. */
export function setExecutionHead(input: {
  chain: Chain;
  engine: Engine;
  root: string;
  attributes?: PayloadAttributes;
}): Promise<string | null> {
  const { chain, engine, root, attributes } = input;
  const { justified, finalized } = chain.forkChoice.checkpoints();
  const hashOf = (block: string) => chain.tree.get(block)?.executionHash ?? NO_HASH;
  const state = {
    headBlockHash: hashOf(root),
    safeBlockHash: justified.epoch > 0 ? hashOf(justified.root) : NO_HASH,
    finalizedBlockHash: finalized.epoch > 0 ? hashOf(finalized.root) : NO_HASH,
  };
  return engine.forkchoiceUpdated(state, attributes);
}
