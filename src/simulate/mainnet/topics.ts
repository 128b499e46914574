/** What simulated nodes tell of. */
export const MAINNET_TOPICS = [
  "head",
  "block",
  "block_gossip",
  "finalized_checkpoint",
  "single_attestation",
  "attestation",
  "contribution_and_proof",
  "data_column_sidecar",
] as const;
