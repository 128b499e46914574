import { Fault } from "../lib/fault.ts";
import { type BlobLimits, readBlobLimits } from "./blob-limits.ts";
import { type Deadlines, readDeadlines } from "./deadlines.ts";
import { type Fork, forkAtEpoch, forkSchedule, type ScheduledFork } from "./forks.ts";
import { unsigned } from "./unsigned.ts";

/** The time axis of one network: everything that turns a moment into a slot and back. */
export type Chain = {
  /** The network's name as a data stream's namespace: `CONFIG_NAME` without `-`. */
  network: string;
  genesisTimeS: number;
  genesisValidatorsRoot: string | undefined;
  slotDurationMs: number;
  slotsPerEpoch: number;
  forks: readonly ScheduledFork[];
  epochOf(slot: number): number;
  /** The position of a slot within its epoch, from 0. */
  slotIndexOf(slot: number): number;
  forkOf(slot: number): Fork;
  deadlinesOf(slot: number): Deadlines;
  deadlinesOfFork(fork: Fork): Deadlines;
  /** By epoch. */
  blobLimits: BlobLimits;
  /** Microseconds since the Unix epoch. */
  slotStartUs(slot: number): number;
  /** The slot that holds a moment; negative before genesis. */
  slotAt(timeUs: number): number;
  /** Signed milliseconds from the slot's start, with microseconds as fraction; early is negative. */
  delayMs(slot: number, timeUs: number): number;
};

export type GenesisAnswer = { genesis_time: string | number; genesis_validators_root?: string };

/**
 * Builds the time axis from what a node answers to `config/spec` and `beacon/genesis`.
 * Throws `spec_incomplete` when a needed value is missing or makes no sense.
 */
export function createChain(input: { spec: Readonly<Record<string, unknown>>; genesis: GenesisAnswer }): Chain {
  const { spec, genesis } = input;
  const slotDurationMs = unsigned(spec["SLOT_DURATION_MS"]) ?? (unsigned(spec["SECONDS_PER_SLOT"]) ?? 0) * 1000;
  const slotsPerEpoch = unsigned(spec["SLOTS_PER_EPOCH"]) ?? 0;
  const genesisTimeS = unsigned(genesis.genesis_time);
  if (slotDurationMs === 0) throw incomplete("neither SLOT_DURATION_MS nor SECONDS_PER_SLOT");
  if (slotsPerEpoch === 0) throw incomplete("no SLOTS_PER_EPOCH");
  if (genesisTimeS === undefined) throw incomplete("no genesis_time");

  const forks = forkSchedule(spec);
  const deadlines = new Map<Fork, Deadlines>();
  const genesisUs = genesisTimeS * 1_000_000;
  const slotUs = slotDurationMs * 1000;

  const epochOf = (slot: number) => Math.floor(slot / slotsPerEpoch);
  const forkOf = (slot: number) => forkAtEpoch(forks, epochOf(slot));
  const deadlinesOfFork = (fork: Fork): Deadlines => {
    let known = deadlines.get(fork);
    if (known === undefined) {
      known = readDeadlines({ spec, fork, slotDurationMs });
      deadlines.set(fork, known);
    }
    return known;
  };
  const slotStartUs = (slot: number) => genesisUs + slot * slotUs;
  return {
    network: networkName(spec["CONFIG_NAME"]),
    genesisTimeS,
    genesisValidatorsRoot: genesis.genesis_validators_root?.toLowerCase(),
    slotDurationMs,
    slotsPerEpoch,
    forks,
    epochOf,
    slotIndexOf: (slot) => slot - epochOf(slot) * slotsPerEpoch,
    forkOf,
    deadlinesOf: (slot) => deadlinesOfFork(forkOf(slot)),
    deadlinesOfFork,
    blobLimits: readBlobLimits({ spec, forkAt: (epoch) => forkAtEpoch(forks, epoch) }),
    slotStartUs,
    slotAt: (timeUs) => Math.floor((timeUs - genesisUs) / slotUs),
    delayMs: (slot, timeUs) => (timeUs - slotStartUs(slot)) / 1000,
  };
}

/** A namespace holds no `-`: `glamsterdam-devnet-5` becomes `glamsterdam_devnet_5`. */
export function networkName(configName: unknown): string {
  const name = typeof configName === "string" ? configName.toLowerCase().replace(/[^a-z0-9_]+/g, "_") : "";
  return name === "" ? "devnet" : name.slice(0, 64);
}

function incomplete(what: string): Fault {
  return new Fault("spec_incomplete", `The node's config/spec and genesis have ${what}.`);
}
