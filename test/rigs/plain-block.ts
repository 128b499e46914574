const ZERO_ROOT = `0x${"00".repeat(32)}`;
const ZERO_SIGNATURE = `0x${"00".repeat(96)}`;

type Header = { slot: string; proposer_index: string; parent_root: string };

/** The answer to `/eth/v2/beacon/blocks/{root}` of a phase0 block with this header, in which nothing stands. */
function plainBlock(header: Header): unknown {
  const body = {
    randao_reveal: ZERO_SIGNATURE,
    eth1_data: { deposit_root: ZERO_ROOT, deposit_count: "0", block_hash: ZERO_ROOT },
    graffiti: ZERO_ROOT,
    proposer_slashings: [],
    attester_slashings: [],
    attestations: [],
    deposits: [],
    voluntary_exits: [],
  };
  return {
    version: "phase0",
    execution_optimistic: false,
    finalized: false,
    data: { message: { ...header, state_root: ZERO_ROOT, body }, signature: ZERO_SIGNATURE },
  };
}

/** The same from the answer to `/eth/v1/beacon/headers/{root}`. */
export function plainBlockOf(headerAnswer: unknown): unknown {
  return plainBlock((headerAnswer as { data: { header: { message: Header } } }).data.header.message);
}
