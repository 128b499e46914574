import type { Document, Json } from "../../src/events/document.ts";
import { around, rootOf } from "../search/documents/day.ts";
import {
  ATTESTATION_DUE_MS,
  CLIENTS,
  COMMITTEES,
  GROUPS,
  micros,
  NODES,
  SLOTS_PER_EPOCH,
  type SlotDay,
  VOTES_OF_SLOT,
} from "./network-day.ts";

type Fields = Readonly<Record<string, Json>>;

/** All documents of one slot: what the program derives of it, and the raw events that panels ask for. */
export function slotDocuments(day: SlotDay): Document[] {
  return [
    ...(day.status === "missed" ? [] : [blockDocument(day)]),
    ...nodeDocuments(day),
    ...voteDocuments(day),
    slotDocument(day),
  ];
}

function slotDocument(day: SlotDay): Document {
  const { slot, startUs, status, delayMs, late, epoch } = day;
  const isMissed = status === "missed";
  const seen = Object.fromEntries(NODES.map(({ name, biasMs }) => [name, micros(delayMs + biasMs)]));
  return {
    dataset: "slot",
    id: String(slot),
    timestampUs: startUs,
    fields: {
      "ethereum.slot": slot,
      "ethereum.epoch": epoch,
      "ethereum.slot_index": slot % SLOTS_PER_EPOCH,
      "ethereum.fork": "fulu",
      "event.start": startUs,
      "ethereum.status": status,
      "ethereum.proposer_index": (slot * 7_919) % 1_000_000,
      "ethereum.attestation_due_ms": ATTESTATION_DUE_MS,
      "ethereum.late": late,
      ...(isMissed
        ? {}
        : {
            "ethereum.block.root": rootOf(slot),
            "ethereum.block.parent_root": rootOf(slot - 1),
            "ethereum.seen_ms": seen,
            "ethereum.delay_ms": delayMs,
            "ethereum.spread_ms": micros(around(day.random, 190, 160) + 80),
            "ethereum.blocks": [{ root: rootOf(slot), parent_root: rootOf(slot - 1), canonical: true, seen_ms: seen }],
          }),
    },
  };
}

function nodeDocuments(day: SlotDay): Document[] {
  const { slot, startUs, random, status, delayMs, epoch } = day;
  const strays = random.chance(0.003) ? random.integer(0, NODES.length - 1) : -1;
  const first = random.integer(0, 2);
  return NODES.flatMap(({ name, client, biasMs }, place): Document[] => {
    const node: Fields = { "ethereum.slot": slot, "observer.name": name, "observer.product": client };
    const gossipMs = micros(Math.max(0, delayMs + biasMs + around(random, 40, 60)));
    const importMs = micros(gossipMs + Math.max(20, around(random, 140, 90)));
    const headMs = micros(importMs + 2 + 30 * random.next());
    const head = rootOf(place === strays ? slot - 1 : slot);
    const isMissed = status === "missed";
    const late = Math.floor(VOTES_OF_SLOT * (isMissed ? 0.2 : 0.01 + 0.02 * random.next()));
    const stages: Fields = isMissed
      ? {}
      : {
          "ethereum.block.root": rootOf(slot),
          "ethereum.gossip_ms": gossipMs,
          "ethereum.import_ms": importMs,
          "ethereum.head_ms": headMs,
        };
    const nodeSlot: Document = {
      dataset: "node_slot",
      id: `${slot}/${name}`,
      timestampUs: startUs,
      fields: {
        ...node,
        ...stages,
        "ethereum.head_at.attestation_due": head,
        "ethereum.head_at.aggregate_due": head,
        "ethereum.head_at.slot_end": head,
        "ethereum.head_at.differs": place === strays,
        "ethereum.arrivals.single_attestations": binsOf(day, { fromMs: 1_500, bins: 90, votes: VOTES_OF_SLOT }),
        "ethereum.arrivals.aggregates": binsOf(day, { fromMs: 8_000, bins: 50, votes: 1_000 }),
        "ethereum.arrivals.contributions": binsOf(day, { fromMs: 8_000, bins: 12, votes: 60 }),
        "ethereum.arrivals.columns": binsOf(day, { fromMs: 1_700, bins: 10, votes: 8 }),
        "ethereum.arrivals.payload_attestations": [],
        "ethereum.votes.on_time": VOTES_OF_SLOT - late,
        "ethereum.votes.late": late,
        "ethereum.columns.seen": 8,
        "ethereum.columns.sampled": 8,
        "ethereum.echoes": random.integer(0, 2),
        "ethereum.syncing": false,
      },
    };
    const answer = (dataset: string, fields: Fields): Document => ({
      dataset,
      timestampUs: startUs + 1_000_000 + place,
      fields: { "observer.name": name, "observer.product": client, ...fields },
    });
    const answers = [
      answer("ethereum.node_peers", { "ethereum.peers.connected": random.integer(60, 110) }),
      answer("ethereum.node_syncing", {
        "ethereum.head_slot": slot,
        "ethereum.sync_distance": random.chance(0.01) ? 1 : 0,
        "ethereum.syncing": false,
      }),
    ];
    if (isMissed) return [nodeSlot, ...answers];
    const seenOrder = ((place + NODES.length - first) % NODES.length) + 1;
    const gossip: Document = {
      dataset: "ethereum.block_gossip",
      timestampUs: startUs + Math.round(gossipMs * 1_000),
      fields: {
        ...node,
        "ethereum.epoch": epoch,
        "ethereum.fork": "fulu",
        "ethereum.block.root": rootOf(slot),
        "ethereum.delay_ms": gossipMs,
        "ethereum.seen_order": seenOrder,
        "ethereum.echo": false,
      },
    };
    return [nodeSlot, ...answers, gossip];
  });
}

function voteDocuments(day: SlotDay): Document[] {
  const { slot, startUs, random, status, epoch } = day;
  const isBad = status !== "proposed";
  const late = Math.floor(VOTES_OF_SLOT * (isBad ? 0.2 : 0.015));
  const missing = random.integer(90, 400);
  const untimed = random.integer(0, 60);
  const right = isBad ? 0.55 : 0.985 + 0.01 * random.next();
  const counts = (expected: number): Fields => ({
    "ethereum.votes.expected": expected,
    "ethereum.votes.late": Math.floor((expected * late) / VOTES_OF_SLOT),
    "ethereum.votes.included": Math.floor(expected * 0.994),
  });
  const seenBy = Object.fromEntries(NODES.map(({ name }) => [name, VOTES_OF_SLOT - missing]));
  const parts = Object.entries(CLIENTS).map(([name, share]) => ({
    name,
    kind: "client",
    expected: Math.floor(share * VOTES_OF_SLOT * 0.4),
  }));
  const groups = GROUPS.map((name, place) => ({ name: String(name), kind: "group", expected: 30 + 10 * place }));
  const slotVotes: Document = {
    dataset: "slot_votes",
    id: String(slot),
    timestampUs: startUs,
    fields: {
      "ethereum.slot": slot,
      "ethereum.epoch": epoch,
      "event.start": startUs,
      ...counts(VOTES_OF_SLOT),
      "ethereum.votes.seen": VOTES_OF_SLOT - missing,
      "ethereum.votes.on_time": VOTES_OF_SLOT - missing - late - untimed,
      "ethereum.votes.untimed": untimed,
      "ethereum.votes.missing": missing,
      "ethereum.participation.live.source": 1 - missing / VOTES_OF_SLOT,
      "ethereum.participation.live.target": 0.99 + 0.005 * random.next(),
      "ethereum.participation.live.head": right,
      "ethereum.participation.blocks.source": 0.994,
      "ethereum.participation.blocks.target": 0.992,
      "ethereum.participation.blocks.head": right,
      "ethereum.participation.weighted_by": "balance",
      "ethereum.inclusion_delay.slots": 1.01 + random.next() / 50,
      "ethereum.inclusion_delay.blocks": 1.005 + random.next() / 90,
      "ethereum.votes.heads": [{ root: rootOf(slot), votes: VOTES_OF_SLOT - missing, share: right }],
      "ethereum.votes.seen_by": seenBy,
      "ethereum.votes.double": 0,
      ...(status === "missed" ? {} : { "ethereum.sync.bits": random.integer(495, 511) }),
      "ethereum.sync.size": 512,
      "ethereum.sync.contributed": random.integer(498, 512),
      "ethereum.votes.groups": Object.fromEntries(groups.map(({ name, expected }) => [name, { expected }])),
      "ethereum.votes.clients": Object.fromEntries(parts.map(({ name, expected }) => [name, { expected }])),
    },
  };
  const byPart = [...parts, ...groups].map(
    ({ name, kind, expected }): Document => ({
      dataset: "vote_part",
      id: `${slot}/${kind}/${name}`,
      timestampUs: startUs,
      fields: {
        "ethereum.slot": slot,
        "ethereum.epoch": epoch,
        "ethereum.part.kind": kind,
        "ethereum.part.name": name,
        ...counts(expected),
        "ethereum.votes.seen": Math.floor(expected * 0.993),
        "ethereum.votes.right_head": Math.floor(expected * right),
      },
    }),
  );
  const committees = Array.from({ length: COMMITTEES }, (_, index): Document => {
    const expected = Math.floor(VOTES_OF_SLOT / COMMITTEES);
    return {
      dataset: "committee_slot",
      id: `${slot}/${index}`,
      timestampUs: startUs,
      fields: {
        "ethereum.slot": slot,
        "ethereum.committee.index": index,
        ...counts(expected),
        "ethereum.votes.on_time": Math.floor(expected * 0.97),
        "ethereum.votes.untimed": random.integer(0, 2),
        "ethereum.votes.missing": random.integer(0, 6),
        "ethereum.votes.wrong_head": Math.floor(expected * (1 - right)),
        "ethereum.votes.wrong_target": random.integer(0, 1),
      },
    };
  });
  return [slotVotes, ...byPart, ...committees];
}

function blockDocument({ slot, epoch, startUs, random, status }: SlotDay): Document {
  const used = Math.min(1, Math.max(0.05, around(random, 0.52, 0.35)));
  const blobs = random.integer(0, 9);
  return {
    dataset: "block",
    id: rootOf(slot),
    timestampUs: startUs,
    fields: {
      "ethereum.block.root": rootOf(slot),
      "ethereum.slot": slot,
      "ethereum.epoch": epoch,
      "ethereum.fork": "fulu",
      "event.start": startUs,
      "observer.name": "node-1",
      "ethereum.block.parent_root": rootOf(slot - 1),
      "ethereum.proposer_index": (slot * 7_919) % 1_000_000,
      "ethereum.block.ssz_bytes": random.integer(40_000, 180_000),
      "ethereum.block.graffiti": random.chance(0.3) ? "LH8f02GEab12" : "",
      ...(random.chance(0.3) ? { "ethereum.block.consensus_client": random.pick(["LH", "PM", "TK", "NB", "LS"]) } : {}),
      "ethereum.block.attestations": random.integer(3, 8),
      "ethereum.block.gas_used": Math.floor(60_000_000 * used),
      "ethereum.block.gas_limit": 60_000_000,
      "ethereum.block.gas_fullness": used,
      "ethereum.block.base_fee_gwei": Math.max(0.05, around(random, 0.9, 0.5)),
      "ethereum.block.transactions": random.chance(0.004) ? 0 : random.integer(90, 420),
      "ethereum.block.withdrawals": 16,
      "ethereum.block.withdrawals_gwei": random.integer(280_000_000, 330_000_000),
      "ethereum.block.blobs": blobs,
      "ethereum.block.max_blobs": 15,
      "ethereum.block.columns": 128,
      "ethereum.block.deposit_requests": random.chance(0.05) ? random.integer(1, 4) : 0,
      "ethereum.block.withdrawal_requests": random.chance(0.1) ? random.integer(1, 6) : 0,
      "ethereum.block.consolidation_requests": random.chance(0.02) ? 1 : 0,
      "ethereum.block.exits": random.chance(0.03) ? [random.integer(0, 999_999)] : [],
      "ethereum.block.attesters_slashed": slot % 1_811 === 0 ? [slot % 1_000_000] : [],
      ...(random.chance(0.9) ? { "ethereum.block.mev_payment_gwei": 1e7 * random.next() ** 3 + 1e6 } : {}),
      "ethereum.block.extra_data": status === "orphaned" ? "" : random.pick(["beaverbuild.org", "Titan", "rsync"]),
    },
  };
}

/** Counts that rise and fall around the middle of their bins, as votes around the deadline. */
function binsOf({ random }: SlotDay, { fromMs, bins, votes }: { fromMs: number; bins: number; votes: number }): Json {
  return Array.from({ length: bins }, (_, bin) => {
    const near = 1 - Math.abs(2 * (bin / bins) - 1);
    return [fromMs + bin * 50, Math.ceil((2 * votes * near * (0.8 + 0.4 * random.next())) / bins) + 1];
  });
}
