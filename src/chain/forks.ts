import { unsigned } from "./unsigned.ts";

/** The forks in their order, by the names of the consensus specifications. */
export const FORKS = ["phase0", "altair", "bellatrix", "capella", "deneb", "electra", "fulu", "gloas", "heze"] as const;

export type Fork = (typeof FORKS)[number];

export type ScheduledFork = { fork: Fork; epoch: number };

/**
 * The forks that a `config/spec` schedules, by ascending epoch. FAR_FUTURE_EPOCH (2^64 - 1) means never;
 * a network born at a later fork has the earlier ones at epoch 0, of which the last one counts.
 */
export function forkSchedule(spec: Readonly<Record<string, unknown>>): ScheduledFork[] {
  const schedule: ScheduledFork[] = [{ fork: "phase0", epoch: 0 }];
  for (const fork of FORKS.slice(1)) {
    const epoch = unsigned(spec[`${fork.toUpperCase()}_FORK_EPOCH`]);
    if (epoch !== undefined) schedule.push({ fork, epoch });
  }
  return schedule.sort((a, b) => a.epoch - b.epoch || FORKS.indexOf(a.fork) - FORKS.indexOf(b.fork));
}

/** The fork that is active in `epoch`; before genesis, the one of genesis. */
export function forkAtEpoch(schedule: readonly ScheduledFork[], epoch: number): Fork {
  let active: Fork = "phase0";
  for (const { fork, epoch: from } of schedule) if (from <= Math.max(0, epoch)) active = fork;
  return active;
}

export function isForkAtLeast(fork: Fork, other: Fork): boolean {
  return FORKS.indexOf(fork) >= FORKS.indexOf(other);
}
