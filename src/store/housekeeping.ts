import type { Keep } from "../events/dataset.ts";
import type { RetentionLimits } from "./retention.ts";
import type { Retained, StoreState, StoreUse } from "./store.ts";

/** Drops what is no longer kept and counts what is stored; each store has its own. */
export type Housekeeping = {
  retain(signal?: AbortSignal): Promise<Retained>;
  use(signal?: AbortSignal): Promise<StoreUse>;
  /** What the last runs found. */
  state(): Pick<StoreState, "retention" | "classes">;
  /** Settles when no run is under way any more. */
  stop(): Promise<void>;
};

/** What the last runs found, without what there is not. */
export function housekeepingState(found: {
  limits: RetentionLimits | undefined;
  last: Retained | undefined;
  classes: StoreState["classes"];
}): ReturnType<Housekeeping["state"]> {
  const { limits, last, classes } = found;
  return {
    ...(limits === undefined ? {} : { retention: { limits, ...(last === undefined ? {} : { last }) } }),
    ...(classes === undefined ? {} : { classes }),
  };
}

/** Rows and bytes by how long they are kept. */
export function classesOf(datasets: StoreUse["datasets"]): { keep: Keep; rows: number; bytes: number }[] {
  const classes: readonly Keep[] = ["votes", "raw", "ever"];
  return classes.map((keep) => {
    const members = datasets.filter((dataset) => dataset.keep === keep);
    const sum = (key: "rows" | "bytes") => members.reduce((total, member) => total + member[key], 0);
    return { keep, rows: sum("rows"), bytes: sum("bytes") };
  });
}
