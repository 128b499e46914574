import type { EpochRecord, GapRecord, ReorgRecord, SlotRecord } from "../../events/derived.ts";
import { epochDataset, gapDataset, reorgDataset, slotDataset } from "../../events/derived.ts";
import type { Clock } from "../../lib/clock.ts";
import { Fault } from "../../lib/fault.ts";
import type { Store } from "../../store/store.ts";
import type { Source } from "../source.ts";
import { storeView } from "../store-view.ts";
import type { NetworkView } from "../views.ts";
import { readLatency } from "./latency.ts";
import type { Handlers } from "./operations.ts";
import { readSlotDetail } from "./slot-detail.ts";
import { fieldOf, searchPage } from "./stored-records.ts";

/** What the API asks of the store. */
export type ServedStore = Pick<Store, "search" | "use" | "state">;

/** What answers each operation: the program for what is now, the store for what was. */
export function createHandlers(deps: { store: ServedStore; source: Source; clock: Clock }): Handlers {
  const { store, source, clock } = deps;

  const knownNetwork = (): NetworkView => {
    const network = source.network();
    if (network !== undefined) return network;
    throw new Fault("network_unknown", "No node has told its network yet; /api/v1/nodes says how each is doing.", {
      retry: "retryable",
    });
  };

  return {
    getNetwork: knownNetwork,
    listNodes: () => ({ nodes: source.nodes() }),
    getNode({ params: { name } }) {
      const nodes = source.nodes();
      const node = nodes.find((one) => one.name === name);
      if (node !== undefined) return node;
      const names = nodes.map((one) => one.name).join(", ");
      throw new Fault("node_unknown", `There is no node of this name; the nodes are ${names || "none"}.`);
    },
    async listSlots({ query: { limit, before }, signal }) {
      const { records, next_before } = await searchPage<SlotRecord>(store, {
        dataset: slotDataset,
        network: knownNetwork().name,
        key: "slot",
        limit,
        before,
        signal,
      });
      return { slots: records, next_before };
    },
    getSlot: ({ params: { slot }, signal }) =>
      readSlotDetail({ store, network: knownNetwork(), slot, nowMs: clock.nowUs() / 1000, signal }),
    async listEpochs({ query: { limit, before }, signal }) {
      const { records, next_before } = await searchPage<EpochRecord>(store, {
        dataset: epochDataset,
        network: knownNetwork().name,
        key: "epoch",
        limit,
        before,
        signal,
      });
      return { epochs: records, next_before };
    },
    async listReorgs({ query: { limit, before }, signal }) {
      const { records, next_before } = await searchPage<ReorgRecord>(store, {
        dataset: reorgDataset,
        network: knownNetwork().name,
        key: "slot",
        tieBreak: fieldOf(reorgDataset, "id"),
        mustNot: [{ term: { [fieldOf(reorgDataset, "withdrawn")]: true } }],
        limit,
        before,
        signal,
      });
      return { reorgs: records, next_before };
    },
    async listGaps({ query: { limit, before }, signal }) {
      const { records, next_before } = await searchPage<GapRecord>(store, {
        dataset: gapDataset,
        network: knownNetwork().name,
        key: "from_ms",
        tieBreak: fieldOf(gapDataset, "node"),
        limit,
        before,
        signal,
      });
      return { gaps: records, next_before };
    },
    getLatency({ query: { from, to }, signal }) {
      const nowMs = clock.nowUs() / 1000;
      return readLatency({ store, network: knownNetwork(), health: source.health(), from, to, nowMs, signal });
    },
    getStore: async ({ signal }) => storeView(await store.use(signal), store.state()),
    getHealth: () => source.health(),
  };
}
