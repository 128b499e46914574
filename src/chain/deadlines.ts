import { FORKS, type Fork, isForkAtLeast } from "./forks.ts";
import { unsigned } from "./unsigned.ts";

/** The moments within a slot by which something is due, milliseconds from the slot's start. */
export type Deadlines = {
  attestationMs: number;
  aggregateMs: number;
  /** Gloas and later: the execution payload, and the votes on it. */
  payloadMs?: number;
  payloadAttestationMs?: number;
};

/** `BASIS_POINTS` of the consensus specifications. */
const BASIS_POINTS = 10_000;

/** Slots were divided into three intervals before the specifications had basis points. */
const DEFAULT_INTERVALS_PER_SLOT = 3;

/**
 * The deadlines of one fork. Which keys apply is decided by the fork alone: nodes publish the `_GLOAS` keys long
 * before that fork, and a key with a fork's name holds from that fork on.
 * Source: consensus-specs, `get_slot_component_duration_ms` (integer division).
 */
export function readDeadlines(input: {
  spec: Readonly<Record<string, unknown>>;
  fork: Fork;
  slotDurationMs: number;
}): Deadlines {
  const { spec, fork, slotDurationMs } = input;
  const due = (key: string): number | undefined => {
    const newest = FORKS.findLast((of) => isForkAtLeast(fork, of) && `${key}_${of.toUpperCase()}` in spec);
    const basisPoints = unsigned(spec[newest === undefined ? key : `${key}_${newest.toUpperCase()}`]);
    return basisPoints ? Math.floor((basisPoints * slotDurationMs) / BASIS_POINTS) : undefined;
  };
  const intervalMs = slotDurationMs / (unsigned(spec["INTERVALS_PER_SLOT"]) || DEFAULT_INTERVALS_PER_SLOT);
  const deadlines: Deadlines = {
    attestationMs: due("ATTESTATION_DUE_BPS") ?? intervalMs,
    aggregateMs: due("AGGREGATE_DUE_BPS") ?? 2 * intervalMs,
  };
  if (!isForkAtLeast(fork, "gloas")) return deadlines;
  const payloadMs = due("PAYLOAD_DUE_BPS");
  const payloadAttestationMs = due("PAYLOAD_ATTESTATION_DUE_BPS");
  return {
    ...deadlines,
    ...(payloadMs === undefined ? {} : { payloadMs }),
    ...(payloadAttestationMs === undefined ? {} : { payloadAttestationMs }),
  };
}
