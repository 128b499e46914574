import { type Fork, isForkAtLeast } from "./forks.ts";
import { unsigned } from "./unsigned.ts";

/** How many blobs a block may have, and in how many columns their data come. */
export type BlobLimits = {
  /** Undefined before Deneb, and where the node's specification does not say. */
  maxBlobs(epoch: number): number | undefined;
  /** `NUMBER_OF_COLUMNS`; undefined before Fulu. */
  columns(epoch: number): number | undefined;
  /**
   * How many columns of a block with blobs a node takes that keeps so many custody groups; undefined before Fulu, and
   * where node or specification do not say. Source: consensus-specs, `sampling_size` of `das-core.md`.
   */
  sampledColumns(epoch: number, custodyGroups: number | undefined): number | undefined;
};

/**
 * Reads the limits of blobs from a `config/spec`. From Fulu on the last entry of `BLOB_SCHEDULE` whose epoch has come
 * holds (forks of blob parameters alone, EIP-7892); before the first one, Electra's limit.
 * Source: consensus-specs, `get_blob_parameters`.
 */
export function readBlobLimits(input: {
  spec: Readonly<Record<string, unknown>>;
  forkAt(epoch: number): Fork;
}): BlobLimits {
  const { spec, forkAt } = input;
  const schedule = readSchedule(spec["BLOB_SCHEDULE"]);
  const deneb = unsigned(spec["MAX_BLOBS_PER_BLOCK"]);
  // Nodes of early Electra networks knew one limit alone.
  const electra = unsigned(spec["MAX_BLOBS_PER_BLOCK_ELECTRA"]) ?? deneb;
  const columns = unsigned(spec["NUMBER_OF_COLUMNS"]);
  const groups = unsigned(spec["NUMBER_OF_CUSTODY_GROUPS"]);
  const samples = unsigned(spec["SAMPLES_PER_SLOT"]) ?? 0;
  const isFulu = (epoch: number) => isForkAtLeast(forkAt(epoch), "fulu");
  return {
    maxBlobs(epoch) {
      const fork = forkAt(epoch);
      if (!isForkAtLeast(fork, "deneb")) return undefined;
      if (!isForkAtLeast(fork, "electra")) return deneb;
      if (!isFulu(epoch)) return electra;
      return schedule.findLast((entry) => entry.epoch <= epoch)?.maxBlobs ?? electra;
    },
    columns: (epoch) => (isFulu(epoch) ? columns : undefined),
    sampledColumns(epoch, custodyGroups) {
      if (!isFulu(epoch) || custodyGroups === undefined || columns === undefined || !groups) return undefined;
      return Math.min(groups, Math.max(custodyGroups, samples)) * (columns / groups);
    },
  };
}

/** By ascending epoch; entries of another form are left out. */
function readSchedule(value: unknown): { epoch: number; maxBlobs: number }[] {
  if (!Array.isArray(value)) return [];
  const entries = value.flatMap((entry: unknown) => {
    const { EPOCH, MAX_BLOBS_PER_BLOCK } = (entry ?? {}) as Readonly<Record<string, unknown>>;
    const [epoch, maxBlobs] = [unsigned(EPOCH), unsigned(MAX_BLOBS_PER_BLOCK)];
    return epoch === undefined || maxBlobs === undefined ? [] : [{ epoch, maxBlobs }];
  });
  return entries.sort((a, b) => a.epoch - b.epoch);
}
