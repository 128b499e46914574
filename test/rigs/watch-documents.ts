import type { Document, Json } from "../../src/events/document.ts";
import { own } from "./watched.ts";

type Fields = Readonly<Record<string, Json>>;

export const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
export const root = (name: number | string) => `0x${String(name).padStart(64, "0")}`;

export const slot = (number: number, fields: Fields = {}): Document =>
  own("slot", String(number), number, {
    "ethereum.slot": number,
    "ethereum.status": "proposed",
    "ethereum.late": false,
    "ethereum.delay_ms": 1200.5,
    "ethereum.attestation_due_ms": 4000,
    "ethereum.proposer_index": 77,
    "ethereum.without_block": false,
    "ethereum.heads.distinct": 1,
    ...fields,
  });
export const late = { "ethereum.late": true, "ethereum.delay_ms": 4321.9 };
export const missed = { "ethereum.status": "missed", "ethereum.without_block": true };
export const split = {
  "ethereum.heads.distinct": 2,
  "ethereum.heads.held": [
    { root: root("a"), slot: 10, nodes: ["n1", "n2"] },
    { root: root("b"), slot: 9, nodes: ["n3"] },
  ],
};

export const spread = (seen: Readonly<Record<string, number>>): Fields => {
  const delays = Object.values(seen);
  const first = Math.min(...delays);
  return { "ethereum.seen_ms": seen, "ethereum.delay_ms": first, "ethereum.spread_ms": Math.max(...delays) - first };
};

export const votes = (number: number, fields: Fields = {}): Document =>
  own("slot_votes", String(number), number, {
    "ethereum.slot": number,
    "ethereum.epoch": Math.floor(number / 32),
    "ethereum.slot_index": number % 32,
    "ethereum.votes.due": true,
    "ethereum.votes.expected": 1000,
    "ethereum.votes.seen": 1000,
    "ethereum.votes.included": 1000,
    "ethereum.participation.live.source": 1,
    "ethereum.participation.live.target": 1,
    "ethereum.inclusion_delay.slots": 1.05,
    "ethereum.inclusion_delay.blocks": 1.02,
    "ethereum.sync.bits": 510,
    "ethereum.sync.size": 512,
    "ethereum.votes.groups": { home: { expected: 2, seen: 2 }, guests: { expected: 3, seen: 3 } },
    ...fields,
  });

export const epoch = (number: number, fields: Fields = {}): Document =>
  own("epoch", String(number), number * 32, {
    "ethereum.epoch": number,
    "ethereum.slots.passed": 0.75,
    "ethereum.slots.proposed": 24,
    ...fields,
  });
export const finalized = (number: number, lag: number, passed = 0.75) =>
  epoch(number, {
    "ethereum.finalized_epoch": number - lag,
    "ethereum.justified_epoch": number - lag + 1,
    "ethereum.finality_lag": lag,
    "ethereum.slots.passed": passed,
  });

export const block = (number: number, fields: Fields = {}): Document =>
  own("block", root(number), number, {
    "ethereum.slot": number,
    "ethereum.block.root": root(number),
    "ethereum.block.transactions": 150,
    "ethereum.block.gas_fullness": 0.5,
    "ethereum.block.base_fee_gwei": 1,
    ...fields,
  });
export const empty = { "ethereum.block.transactions": 0, "ethereum.block.gas_fullness": 0 };
export const full = (fee: number) => ({ "ethereum.block.gas_fullness": 0.99, "ethereum.block.base_fee_gwei": fee });

export const reorg = (depth: number, fields: Fields = {}): Document =>
  own("reorg", root("c"), 20, {
    "ethereum.slot": 20,
    "ethereum.reorg.first_abandoned": root("c"),
    "ethereum.reorg.depth": depth,
    "ethereum.reorg.nodes": ["n1", "n2"],
    "ethereum.reorg.new_head": root("d"),
    "ethereum.reorg.common_ancestor": root("b"),
    "ethereum.reorg.abandoned": [{ slot: 19, root: root("c") }],
    "ethereum.reorg.crosses_justified": false,
    "ethereum.reorg.withdrawn": false,
    ...fields,
  });

export const slashed = (validator: number, fields: Fields = {}): Document =>
  own("slashing", `attester/${validator}`, 20, {
    "ethereum.slashing.kind": "attester",
    "ethereum.validator.index": validator,
    "ethereum.slot": 18,
    "ethereum.slashing.in_hour": 1,
    "ethereum.slashing.in_day": 1,
    ...fields,
  });

export const nodeSlot = (number: number, relation: string, behind: number): Document =>
  own("node_slot", `${number}/n1`, number, {
    "ethereum.slot": number,
    "observer.name": "n1",
    "ethereum.head_at.relation": relation,
    "ethereum.head_at.behind_slots": behind,
  });

/** An append-only document that a node is the source of. */
export const ofNode = (dataset: string, node: string, at: number, fields: Fields): Document =>
  own(dataset, undefined, at, { "observer.name": node, ...fields });
export const syncStatus = (at: number, fields: Fields) =>
  ofNode("ethereum.node_syncing", "n1", at, {
    "ethereum.head_slot": 90,
    "ethereum.sync_distance": 0,
    "ethereum.syncing": false,
    "ethereum.execution_optimistic": false,
    "ethereum.execution_offline": false,
    ...fields,
  });
export const peers = (at: number, connected: number) =>
  ofNode("ethereum.node_peers", "n1", at, { "ethereum.peers.connected": connected });
export const streamOf = (node: string, state: "up" | "down", fields: Fields = {}) =>
  own("stream", node, 5, {
    "observer.name": node,
    "ethereum.stream.state": state,
    "event.start": 1_800_000_060_000_000,
    ...fields,
  });
export const checkpoint = (node: string, at: number, name: string) =>
  ofNode("ethereum.checkpoint", node, at, {
    "ethereum.justified_epoch": 9,
    "ethereum.justified_root": root(name),
    "ethereum.finalized_epoch": 8,
    "ethereum.finalized_root": root("f"),
  });
export const clock = (offset: number, error: number) =>
  own("ethereum.clock", undefined, 5, {
    "ethereum.clock.reachable": true,
    "ethereum.clock.offset_ms": offset,
    "ethereum.clock.error_ms": error,
    "ethereum.clock.server": "time.example",
    "ethereum.clock.agreeing": 3,
  });
export const monitor = (part: string, fields: Fields) =>
  own("ethereum.monitor", undefined, 5, {
    "ethereum.monitor.part": part,
    "ethereum.monitor.span_ms": 30_000,
    ...fields,
  });
export const duty = (kind: string, outcome: string, fields: Fields = {}) =>
  own("duty", `${kind}/40/1200`, 40, {
    "ethereum.duty.kind": kind,
    "ethereum.duty.outcome": outcome,
    "ethereum.slot": 40,
    "ethereum.epoch": 1,
    "ethereum.validator.index": 1200,
    "ethereum.validator.group": "home",
    "ethereum.duty.own_nodes": ["n1"],
    "ethereum.duty.sentence": "n1 said nothing in slot 40.",
    "ethereum.duty.cause": "offline",
    "ethereum.duty.side": "own",
    "ethereum.duty.withdrawn": false,
    ...fields,
  });
export const rows = (number: number, votesInRow: number) =>
  own("validator_epoch", `${number}/home`, number * 32, {
    "ethereum.validator.group": "home",
    "ethereum.epoch": number,
    "ethereum.validators.active": 3,
    "ethereum.attestations.missed": 2,
    "ethereum.attestations.missed_in_row": [
      { validator: 1200, votes: votesInRow },
      { validator: 1201, votes: votesInRow },
    ],
  });
