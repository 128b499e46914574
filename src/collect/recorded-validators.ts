import { z } from "zod";
import type { ValidatorSet } from "../chain/validator-set.ts";
import { uint } from "../events/primitives.ts";

/**
 * A validator set as a recording holds it, as the data of the recorder's own event `_validators`: the nodes' answer would
 * be some hundred megabytes. `effective_balances` is base64 of unsigned 16-bit little-endian integers in ETH, by
 * validator index.
 */
const recorded = z.object({
  active: uint,
  effective_balances: z.base64(),
  pubkeys: z.record(z.string(), uint),
});

export function recordedValidators({ active, effectiveBalances, byPubkey }: ValidatorSet): z.output<typeof recorded> {
  const bytes = Buffer.alloc(effectiveBalances.length * 2);
  for (const [index, eth] of effectiveBalances.entries()) bytes.writeUInt16LE(eth, index * 2);
  return { active, effective_balances: bytes.toString("base64"), pubkeys: Object.fromEntries(byPubkey) };
}

/** The validator set of a recorded event's data; undefined where they are none. */
export function readRecordedValidators(data: unknown): ValidatorSet | undefined {
  const parsed = recorded.safeParse(data);
  if (!parsed.success) return undefined;
  const bytes = Buffer.from(parsed.data.effective_balances, "base64");
  const effectiveBalances = Uint16Array.from({ length: bytes.length >> 1 }, (_, index) =>
    bytes.readUInt16LE(index * 2),
  );
  return { active: parsed.data.active, effectiveBalances, byPubkey: new Map(Object.entries(parsed.data.pubkeys)) };
}
