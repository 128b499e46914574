/** What a node does wrong, on request. */
export type NodeFaults = {
  /** Its blocks are held back for so long after they were built. */
  proposalDelayMs: number;
  /** It proposes nothing. */
  proposalsOff: boolean;
  /** The verdict on each block comes this late. */
  importDelayMs: number;
  /** In each of its slots it signs two blocks, and sends one to its first peer, the other to the rest. */
  equivocates: boolean;
  /** Its clock is this much ahead; negative when it is behind. */
  clockSkewMs: number;
  /** Its validators do not attest. */
  attestationsOff: boolean;
  /** Its validators' attestations are held back for so long. */
  attestationDelayMs: number;
};

export const NO_FAULTS: Readonly<NodeFaults> = {
  proposalDelayMs: 0,
  proposalsOff: false,
  importDelayMs: 0,
  equivocates: false,
  clockSkewMs: 0,
  attestationsOff: false,
  attestationDelayMs: 0,
};

/** What a fault did to one proposal, told to the parent process. */
export type ProposalFault = {
  kind: "proposal_delayed" | "proposal_withheld" | "proposal_doubled";
  slot: number;
  /** The two blocks of a doubled proposal. */
  roots?: readonly string[];
};
