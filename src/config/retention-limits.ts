import type { RetentionLimits } from "../store/retention.ts";
import type { Config } from "./schema.ts";

/** What the store keeps how long, from the configuration's hours, days and gigabytes. */
export function limitsOf({ votes_hours, raw_days, disk_gb }: Config["retention"]): RetentionLimits {
  return { votesMs: votes_hours * 3_600_000, rawMs: raw_days * 86_400_000, diskBytes: disk_gb * 1e9 };
}
