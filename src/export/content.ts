import type { PanelChain } from "../panels/chain-parameters.ts";
import type { Dashboard, Panel } from "../panels/panel.ts";
import type { SavedSearch } from "../panels/saved-search.ts";

/** All that is exported: of one network, whose constants stand in every chart. */
export type Content = {
  network: ExportedNetwork;
  panels: readonly Panel[];
  dashboards: readonly Dashboard[];
  searches: readonly SavedSearch[];
};

export type ExportedNetwork = { name: string; chain: PanelChain };

/** What was not exported as it is here, and why, in a sentence. */
export type Remark = { kind: "panel" | "dashboard" | "search"; id: string; reason: string };
