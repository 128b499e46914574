import type { Chain } from "../../chain/chain.ts";
import type { Dataset } from "../../events/dataset.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Store } from "../../store/store.ts";

/** What holds of the past that a watch is held against. */
export type BacktestDeps = {
  store: Pick<Store, "search">;
  chain: Chain;
  /** Names of the nodes as they stand in documents. */
  nodes: readonly string[];
  datasets: readonly Dataset[];
  clock: Clock;
  limits: BacktestLimits;
};

export type BacktestLimits = {
  /** Of a schedule; of more moments only every second, third… is checked. */
  checks: number;
  /** After so long it ends where it is, milliseconds. */
  tookMs: number;
};
