import type { AlertDesk } from "../../alert/desk.ts";
import { type BlockRecord, blockDataset } from "../../events/block/block-record.ts";
import type { EpochRecord, GapRecord, SlotRecord } from "../../events/derived.ts";
import { epochDataset, gapDataset, slotDataset } from "../../events/derived.ts";
import { fieldOf } from "../../events/record.ts";
import type { ReorgRecord } from "../../events/reorg.ts";
import { reorgDataset } from "../../events/reorg.ts";
import type { CommitteeSlotRecord, SlotVotesRecord } from "../../events/vote-records.ts";
import { committeeSlotDataset, slotVotesDataset } from "../../events/vote-records.ts";
import type { Clock } from "../../lib/clock.ts";
import { Fault } from "../../lib/fault.ts";
import type { Store } from "../../store/store.ts";
import { createExplorer, type ExplorableStore } from "../dashboards/explorer.ts";
import type { SavedStore } from "../dashboards/saved-objects.ts";
import type { Source } from "../source.ts";
import { storeView } from "../store-view.ts";
import type { NetworkView, NodeView } from "../views.ts";
import { createAlertHandlers } from "./alert-handlers.ts";
import { readClockLooks } from "./clock-looks.ts";
import { createDashboardHandlers, type DashboardDeps } from "./dashboard-handlers.ts";
import { readNodeHosts, readSlotHosts } from "./host-handlers.ts";
import { readLatency } from "./latency.ts";
import type { Handlers } from "./operations.ts";
import { createQueryHandlers } from "./query-handlers.ts";
import { readSlotDetail } from "./slot-detail.ts";
import { searchPage, searchRecords } from "./stored-records.ts";
import { readGroup, readGroups } from "./validator-handlers.ts";

/** What the API asks of the store. */
export type ServedStore = ExplorableStore & SavedStore & Pick<Store, "sql">;

/** What answers each operation: the program for what is now, the store for what was. */
export function createHandlers(
  deps: DashboardDeps & {
    store: ServedStore;
    source: Source;
    /** Undefined until the store is opened. */
    desk: () => AlertDesk | undefined;
    clock: Clock;
  },
): Handlers {
  const { store, source, desk, clock } = deps;

  const nowMs = () => clock.nowUs() / 1000;

  const knownNetwork = (): NetworkView => {
    const network = source.network();
    if (network !== undefined) return network;
    throw new Fault("network_unknown", "No node has told its network yet; /api/v1/nodes says how each is doing.", {
      retry: "retryable",
    });
  };

  const hostsAsked = (signal: AbortSignal) => ({
    store,
    network: knownNetwork(),
    allNodes: source.nodes().map(({ name }) => name),
    nowMs: nowMs(),
    signal,
  });

  const knownNode = (name: string): NodeView => {
    const nodes = source.nodes();
    const node = nodes.find((one) => one.name === name);
    if (node !== undefined) return node;
    const names = nodes.map((one) => one.name).join(", ");
    throw new Fault("node_unknown", `There is no node of this name; the nodes are ${names || "none"}.`);
  };

  const explorer = createExplorer({ store, network: () => knownNetwork().name, clock });

  return {
    ...createAlertHandlers({ store, network: knownNetwork, desk, clock }),
    ...createDashboardHandlers({ ...deps, explorer, network: knownNetwork }),
    ...createQueryHandlers({ explorer, sql: store.sql, clock }),
    getNetwork: knownNetwork,
    listNodes: () => ({ nodes: source.nodes() }),
    getNode: ({ params: { name } }) => knownNode(name),
    listHosts: ({ query, signal }) => readNodeHosts(hostsAsked(signal), query),
    getNodeHosts: ({ params: { name }, query, signal }) =>
      readNodeHosts({ ...hostsAsked(signal), nodes: [knownNode(name).name] }, query),
    getSlotHosts: ({ params: { slot }, signal }) => readSlotHosts(hostsAsked(signal), slot),
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
      readSlotDetail({ store, network: knownNetwork(), slot, nowMs: nowMs(), signal }),
    async listBlocks({ query: { limit, before }, signal }) {
      const { records, next_before } = await searchPage<BlockRecord>(store, {
        dataset: blockDataset,
        network: knownNetwork().name,
        key: "slot",
        tieBreak: fieldOf(blockDataset, "root"),
        limit,
        before,
        signal,
      });
      return { blocks: records, next_before };
    },
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
    async listVotes({ query: { limit, before }, signal }) {
      const { records, next_before } = await searchPage<SlotVotesRecord>(store, {
        dataset: slotVotesDataset,
        network: knownNetwork().name,
        key: "slot",
        limit,
        before,
        signal,
      });
      return { votes: records, next_before };
    },
    async listCommittees({ params: { slot }, signal }) {
      const committees = await searchRecords<CommitteeSlotRecord>(store, {
        dataset: committeeSlotDataset,
        network: knownNetwork().name,
        filter: [{ term: { [fieldOf(committeeSlotDataset, "slot")]: slot } }],
        sort: [{ [fieldOf(committeeSlotDataset, "index")]: "asc" }],
        signal,
      });
      return { committees };
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
    listValidators: ({ query: { epochs }, signal }) =>
      readGroups({ store, network: knownNetwork(), labels: source.labels(), epochs, nowMs: nowMs(), signal }),
    getValidatorGroup: ({ params: { group }, query, signal }) =>
      readGroup({ store, network: knownNetwork(), labels: source.labels(), ...query, group, nowMs: nowMs(), signal }),
    getLatency({ query: { from, to }, signal }) {
      return readLatency({ store, network: knownNetwork(), health: source.health(), from, to, nowMs: nowMs(), signal });
    },
    getStore: async ({ signal }) => storeView(await store.use(signal), store.state()),
    listClockLooks: ({ query: { limit, before }, signal }) =>
      readClockLooks({ store, network: knownNetwork().name, limit, before, signal }),
    getCheck: () => source.check(),
    beginCheck: () => source.beginCheck(),
    getHealth: () => source.health(),
  };
}
