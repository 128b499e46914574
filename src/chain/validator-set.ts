/** The validators of one state. Arrays by validator index. */
export type ValidatorSet = {
  /** Effective balance in ETH; 0 for validators that are not active. */
  effectiveBalances: Uint16Array;
  active: number;
  /** Indices of the public keys that were asked for, in lower case. */
  byPubkey: ReadonlyMap<string, number>;
};

/** What Gwei a validator's effective balance is counted in (consensus-specs, `EFFECTIVE_BALANCE_INCREMENT`). */
export const EFFECTIVE_BALANCE_INCREMENT_GWEI = 1_000_000_000;
