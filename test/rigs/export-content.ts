import { fileURLToPath } from "node:url";
import type { Content } from "../../src/export/content.ts";
import { loadShipped } from "../../src/panels/shipped.ts";

const SECOND = 1000;

/** Everything that is shipped, and a search that somebody saved, of a network with slots of six seconds. */
export function shippedContent(more: Partial<Content> = {}): Content {
  const { panels, dashboards } = loadShipped(fileURLToPath(new URL("../../panels", import.meta.url)));
  return {
    network: {
      name: "testnet",
      chain: {
        slot_ms: 6 * SECOND,
        genesis_ms: 1_700_000_000 * SECOND,
        slots_per_epoch: 16,
        attestation_due_ms: 2 * SECOND,
        aggregate_due_ms: 4 * SECOND,
      },
    },
    panels: [...panels.values()],
    dashboards: [...dashboards.values()],
    searches: [
      {
        id: "late-on-one",
        title: "Late on one node",
        description: "",
        index: "ethmon-node_slot-testnet",
        query_string: "ethereum.gossip_ms:>4000",
        filters: [
          { field: "observer.name", value: "n1", negate: false },
          { field: "ethereum.slot", value: 7, negate: true },
        ],
        columns: ["ethereum.slot", "ethereum.gossip_ms"],
        sort: { field: "@timestamp", order: "desc" },
        time: { from: "now-6h", to: "now" },
      },
    ],
    ...more,
  };
}
