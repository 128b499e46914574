import { around, isBadSlot, type JsonObject, type Moment, rootOf, rounded } from "./day.ts";
import { HOSTS } from "./hosts.ts";

/** Of a slot there is one record, then one for each of the nodes; the first ones run on the five hosts. */
const NODES = 13;
const MISSED_SHARE = 0.008;

/** `slot` or `node_slot`, in the form of the program's own documents. */
export function chainRecord(moment: Moment, turn: number): JsonObject {
  const place = turn % (NODES + 1);
  return place === 0 ? slotRecord(moment) : nodeSlotRecord(moment, place - 1);
}

function slotRecord({ random, slot, at, ethereum }: Moment): JsonObject {
  const isMissed = random.chance(MISSED_SHARE);
  const delayMs = rounded(around(random, 1700, 1400), 3);
  return {
    "@timestamp": at,
    data_stream: { dataset: "slot" },
    ethereum: {
      ...ethereum,
      fork: "fulu",
      status: isMissed ? "missed" : "proposed",
      proposer_index: random.integer(0, 1_000_000),
      ...(isMissed ? {} : { block: { root: rootOf(slot), parent_root: rootOf(slot - 1) } }),
      ...(isMissed ? {} : { delay_ms: delayMs, spread_ms: rounded(around(random, 400, 300), 3), late: delayMs > 4000 }),
    },
  };
}

function nodeSlotRecord({ random, slot, at, ethereum }: Moment, node: number): JsonObject {
  const host = HOSTS[node];
  const slowness = isBadSlot(slot, node) ? 2600 : random.chance(0.01) ? 1800 : 0;
  const gossipMs = rounded(around(random, 1600 + node * 20, 1300), 3);
  const importMs = gossipMs + around(random, 180, 100) + slowness;
  return {
    "@timestamp": at,
    data_stream: { dataset: "node_slot" },
    observer: { name: host?.name ?? `remote-${node}`, product: HOSTS[node % HOSTS.length]?.consensus },
    ethereum: {
      ...ethereum,
      block: { root: rootOf(slot) },
      gossip_ms: gossipMs,
      import_ms: rounded(importMs, 3),
      head_ms: rounded(importMs + around(random, 30, 20), 3),
      head_at: { attestation_due: rootOf(slot), aggregate_due: rootOf(slot), slot_end: rootOf(slot) },
      columns: { seen: random.integer(60, 128), sampled: 8 },
      echoes: random.integer(0, 4),
    },
  };
}
