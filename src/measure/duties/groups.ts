import type { ValidatorLabels } from "../../chain/validator-labels.ts";
import type { ValidatorSet } from "../../chain/validator-set.ts";

/** Whose a validator is, and the nodes it uses. */
export type Labelled = { group: string; nodes: readonly string[] };

export type ValidatorGroups = {
  of(validator: number): Labelled | undefined;
  groupOf(validator: number): string | undefined;
  /** The indices of labelled public keys. A validator whose index is labelled too keeps that label. */
  resolve(validators: ValidatorSet): void;
  /** Rises when what `of` answers has changed. */
  readonly version: number;
  readonly isEmpty: boolean;
};

/** The labels by validator index. */
export function createValidatorGroups(labels: ValidatorLabels | undefined): ValidatorGroups {
  const { ranges, pubkeys } = labels ?? { ranges: [], pubkeys: new Map<string, Labelled>() };
  const byIndex = new Map<number, Labelled>();
  let version = 0;

  const ofRange = (validator: number): Labelled | undefined => {
    let low = 0;
    let high = ranges.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const range = ranges[middle];
      if (range === undefined) return undefined;
      if (validator < range.from) high = middle - 1;
      else if (validator > range.to) low = middle + 1;
      else return range;
    }
    return undefined;
  };

  const of = (validator: number) => ofRange(validator) ?? byIndex.get(validator);

  return {
    of,
    groupOf: (validator) => of(validator)?.group,
    resolve({ byPubkey }) {
      for (const [pubkey, label] of pubkeys) {
        const index = byPubkey.get(pubkey);
        if (index === undefined || byIndex.get(index) === label) continue;
        byIndex.set(index, label);
        version += 1;
      }
    },
    get version() {
      return version;
    },
    isEmpty: ranges.length === 0 && pubkeys.size === 0,
  };
}
