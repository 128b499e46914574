import type { BlockBody } from "../events/block/block-body.ts";
import type { ClientCode } from "../events/block/graffiti.ts";

export type ProposerClients = {
  note(proposer: number, graffiti: BlockBody["graffiti"]): void;
  /** The family of the consensus client that the validator's last graffiti named. */
  of(validator: number): string | undefined;
};

/** Families as the nodes' own versions name them. */
const FAMILIES: Readonly<Partial<Record<ClientCode, string>>> = {
  GR: "Grandine",
  LH: "Lighthouse",
  LS: "Lodestar",
  NB: "Nimbus",
  PM: "Prysm",
  TK: "Teku",
};
const NAMES = Object.values(FAMILIES);
/** More indices than mainnet will have for many years. */
const MAX_VALIDATORS = 1 << 24;

/** Which client each proposer used last, a byte a validator. A graffiti that names none says nothing new. */
export function createProposerClients(): ProposerClients {
  let known = new Uint8Array(0);
  return {
    note(proposer, { consensusClient }) {
      const family = consensusClient === null ? undefined : FAMILIES[consensusClient];
      if (family === undefined || proposer >= MAX_VALIDATORS) return;
      if (proposer >= known.length) {
        const grown = new Uint8Array(Math.min(MAX_VALIDATORS, Math.max(1024, 2 * proposer + 1)));
        grown.set(known);
        known = grown;
      }
      known[proposer] = NAMES.indexOf(family) + 1;
    },
    of: (validator) => NAMES[(known[validator] ?? 0) - 1],
  };
}
