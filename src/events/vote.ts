/**
 * What a vote says: `AttestationData` of the consensus specifications. Roots in lower case. Epochs beyond 2^53 do not
 * occur in votes that a node would forward.
 */
export type VoteData = {
  slot: number;
  /** The committee before Electra; 0 in Electra and Fulu; whether the payload was present from Gloas on. */
  index: number;
  /** `beacon_block_root`. */
  head: string;
  sourceEpoch: number;
  sourceRoot: string;
  targetEpoch: number;
  targetRoot: string;
};

/** One validator's vote as gossiped (`SingleAttestation`, EIP-7549). */
export type SingleVote = { data: VoteData; committeeIndex: number; validatorIndex: number };

/** Votes that a node told of at one moment and that say the same; one validator and its committee at each place. */
export type VoteRun = {
  data: VoteData;
  committeeIndices: Uint32Array;
  validatorIndices: Uint32Array;
};

/**
 * Votes of one or more committees with equal data, as an aggregator or a block carries them. Both bit fields are hex as
 * the Beacon API gives them: `aggregationBits` is an SSZ bitlist (its highest set bit marks its length),
 * `committeeBits` an SSZ bitvector, which stands there from Electra on.
 */
export type AggregateVote = { data: VoteData; aggregationBits: string; committeeBits: string | undefined };
