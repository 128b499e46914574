import type { Chain } from "../../chain/chain.ts";
import type { Span } from "../alert-rule.ts";

/** Milliseconds of a span on a network. */
export function spanMs({ unit, count }: Span, chain: Pick<Chain, "slotDurationMs" | "slotsPerEpoch">): number {
  if (unit === "ms") return count;
  return count * chain.slotDurationMs * (unit === "epochs" ? chain.slotsPerEpoch : 1);
}
