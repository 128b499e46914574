import type { Chain } from "../../chain/chain.ts";
import { clockDataset } from "../../events/clock.ts";
import { streamDataset } from "../../events/derived.ts";
import type { Document } from "../../events/document.ts";

/** What a rule needs of our own data before it may judge. */
export type Needs = { nodes: number | "majority"; clock: boolean };

/** Whether our own data are good enough, from what the nodes' streams, their sync status and the clock's checks told. */
export type DataQuality = {
  observe(document: Document): void;
  /** Whether documents of the dataset are of use here. */
  reads(dataset: string): boolean;
  /** Why it cannot be judged, one sentence; undefined where it can. */
  lacking(needs: Needs): string | undefined;
};

const SYNCING = "ethereum.node_syncing";

/** A node that syncs, or whose head is this many slots behind that of another, is a witness of the past. */
const SYNC_SLOTS = 3;

/** `delay_ms` is compared with deadlines of seconds: an offset of a sixth of the first one changes the answer. */
const CLOCK_SHARE = 1 / 6;

/**
 * A node counts while its event stream is up and it is in sync. One that never told its sync status counts: recordings
 * may lack it. A clock that was never compared is trusted, as its stamps are.
 */
export function createDataQuality(input: {
  chain: Pick<Chain, "deadlinesOf" | "slotAt">;
  nodes: readonly string[];
}): DataQuality {
  const { chain, nodes } = input;
  const isUp = new Map<string, boolean>();
  const distances = new Map<string, number>();
  const syncing = new Set<string>();
  let clockOffMs: number | undefined;
  let clockLimitMs = Number.POSITIVE_INFINITY;

  const distanceOf = (node: string) => distances.get(node) ?? 0;

  /** Slots without a block put every node's head as far behind the clock: that is no fault of theirs. */
  const isBehind = (node: string): boolean => {
    const least = Math.min(...nodes.filter((one) => isUp.get(one) === true).map(distanceOf));
    return distanceOf(node) >= SYNC_SLOTS && (syncing.has(node) || distanceOf(node) - least >= SYNC_SLOTS);
  };

  return {
    observe({ dataset, timestampUs, fields }) {
      const node = fields["observer.name"];
      if (dataset === streamDataset.name && typeof node === "string") {
        isUp.set(node, fields["ethereum.stream.state"] === "up");
      }
      if (dataset === SYNCING && typeof node === "string") {
        const distance = fields["ethereum.sync_distance"];
        distances.set(node, Number(distance ?? 0));
        if (fields["ethereum.syncing"] === true) syncing.add(node);
        else syncing.delete(node);
      }
      if (dataset === clockDataset.name && fields["ethereum.clock.reachable"] === true) {
        const offset = fields["ethereum.clock.offset_ms"];
        const error = fields["ethereum.clock.error_ms"];
        if (typeof offset !== "number" || typeof error !== "number") return;
        // What the offset is at least: an inexact time server is no reason to be silent.
        clockOffMs = Math.max(0, Math.abs(offset) - error);
        clockLimitMs = chain.deadlinesOf(Math.max(0, chain.slotAt(timestampUs))).attestationMs * CLOCK_SHARE;
      }
    },
    reads: (dataset) => dataset === streamDataset.name || dataset === SYNCING || dataset === clockDataset.name,
    lacking({ nodes: needed, clock }) {
      if (clock && clockOffMs !== undefined && clockOffMs > clockLimitMs) {
        return `The clock that stamps arrivals is off by at least ${Math.round(clockOffMs)} ms.`;
      }
      const all = nodes.length;
      const least = needed === "majority" ? Math.floor(all / 2) + 1 : needed;
      const good = nodes.filter((node) => isUp.get(node) === true && !isBehind(node));
      if (good.length >= least) return undefined;
      const bad = nodes.filter((node) => !good.includes(node));
      const why = bad.map((node) => `${node} ${isUp.get(node) === true ? "is behind" : "is not streaming"}`);
      return `Only ${good.length} of ${all} nodes can be relied on, ${least} are needed: ${why.join(", ")}.`;
    },
  };
}
