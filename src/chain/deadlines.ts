import { type Fork, isForkAtLeast } from "./forks.ts";

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
 * before that fork. Source: consensus-specs, `get_slot_component_duration_ms` (integer division).
 */
export function readDeadlines(input: {
  spec: Readonly<Record<string, unknown>>;
  fork: Fork;
  slotDurationMs: number;
}): Deadlines {
  const { spec, fork, slotDurationMs } = input;
  const gloas = isForkAtLeast(fork, "gloas");
  const due = (key: string): number | undefined => {
    const basisPoints = number(gloas ? (spec[`${key}_GLOAS`] ?? spec[key]) : spec[key]);
    return basisPoints === undefined ? undefined : Math.floor((basisPoints * slotDurationMs) / BASIS_POINTS);
  };
  const intervalMs = slotDurationMs / (number(spec["INTERVALS_PER_SLOT"]) ?? DEFAULT_INTERVALS_PER_SLOT);
  const deadlines: Deadlines = {
    attestationMs: due("ATTESTATION_DUE_BPS") ?? intervalMs,
    aggregateMs: due("AGGREGATE_DUE_BPS") ?? 2 * intervalMs,
  };
  if (!gloas) return deadlines;
  const payloadMs = due("PAYLOAD_DUE_BPS");
  const payloadAttestationMs = due("PAYLOAD_ATTESTATION_DUE_BPS");
  return {
    ...deadlines,
    ...(payloadMs === undefined ? {} : { payloadMs }),
    ...(payloadAttestationMs === undefined ? {} : { payloadAttestationMs }),
  };
}

function number(value: unknown): number | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const parsed = Number(value);
  return Number.isFinite(parsed) && parsed > 0 ? parsed : undefined;
}
