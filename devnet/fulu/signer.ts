import type { SecretKey } from "@chainsafe/blst";
import type { Type } from "@chainsafe/ssz";
import type { BeaconConfig } from "@lodestar/config";
import { computeSigningRoot, interopSecretKey } from "@lodestar/state-transition";
import type { DomainType } from "@lodestar/types";

/** Signs with the keys of a node's own validators. */
export type Signer = {
  holds(validator: number): boolean;
  /** `slot` decides on the fork. Throws for a validator that is not the node's. */
  sign<T>(input: { validator: number; type: Type<T>; value: T; domain: DomainType; slot: number }): Uint8Array;
};

export function createSigner(input: { config: BeaconConfig; validators: { first: number; last: number } }): Signer {
  const { config, validators } = input;
  const keys = new Map<number, SecretKey>();
  for (let index = validators.first; index <= validators.last; index += 1) keys.set(index, interopSecretKey(index));
  return {
    holds: (validator) => keys.has(validator),
    sign({ validator, type, value, domain, slot }) {
      const key = keys.get(validator);
      if (key === undefined) throw new Error(`Validator ${validator} is another node's`);
      return key.sign(computeSigningRoot(type, value, config.getDomain(slot, domain))).toBytes();
    },
  };
}
