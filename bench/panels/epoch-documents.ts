import type { Document, Json } from "../../src/events/document.ts";
import { createRandom } from "../../src/lib/random.ts";
import { rootOf } from "../search/documents/day.ts";
import { ATTESTATION_DUE_MS, FIRST_SLOT, GROUPS, micros, NODES, SLOT_MS, SLOTS_PER_EPOCH } from "./network-day.ts";

/** All documents of one epoch of the day, its faults and its gaps, which are few. */
export function epochDocuments(startMs: number, place: number): Document[] {
  const epoch = FIRST_SLOT / SLOTS_PER_EPOCH + place;
  const slot = epoch * SLOTS_PER_EPOCH;
  const random = createRandom(epoch);
  const startUs = (startMs + place * SLOTS_PER_EPOCH * SLOT_MS) * 1_000;
  const of = (dataset: string, id: string, fields: Readonly<Record<string, Json>>): Document => ({
    dataset,
    id,
    timestampUs: startUs,
    fields: { "ethereum.epoch": epoch, "event.start": startUs, ...fields },
  });
  const missed = random.chance(0.25) ? 1 : 0;
  const participation = {
    "ethereum.participation.live.expected": 1,
    "ethereum.participation.blocks.expected": 1,
    "ethereum.participation.live.source": 0.996,
    "ethereum.participation.live.target": 0.994,
    "ethereum.participation.live.head": 0.98,
    "ethereum.participation.blocks.source": 0.995 + 0.003 * random.next(),
    "ethereum.participation.blocks.target": 0.992 + 0.004 * random.next(),
    "ethereum.participation.blocks.head": 0.97 + 0.02 * random.next(),
  };
  return [
    of("epoch", String(epoch), {
      "ethereum.fork": "fulu",
      "ethereum.slots.total": SLOTS_PER_EPOCH,
      "ethereum.slots.proposed": SLOTS_PER_EPOCH - missed,
      "ethereum.slots.missed": missed,
      "ethereum.finalized_epoch": epoch - 2,
      "ethereum.justified_epoch": epoch - 1,
      "ethereum.finality_lag": 2,
      "ethereum.validators.active": 1_000_000,
      ...participation,
      "ethereum.votes.double": random.chance(0.02) ? 1 : 0,
    }),
    ...NODES.map(({ name, client }) =>
      of("node_epoch", `${epoch}/${name}`, {
        "observer.name": name,
        "observer.product": client,
        "ethereum.completeness.blocks_seen": SLOTS_PER_EPOCH - missed,
        "ethereum.completeness.blocks_total": SLOTS_PER_EPOCH - missed,
        "ethereum.completeness.votes_seen": random.integer(990_000, 999_000),
        "ethereum.completeness.votes_total": 1_000_000,
        "ethereum.echoes": random.integer(0, 40),
        "ethereum.gaps": 0,
        "ethereum.gap_ms": random.chance(0.01) ? 4_000 * random.next() : 0,
        "ethereum.arrivals.blocks": Array.from({ length: SLOTS_PER_EPOCH }, (_, at) => [slot + at, 1600, 1750, 1760]),
      }),
    ),
    ...NODES.flatMap((a, at) =>
      NODES.slice(at + 1).map((b) =>
        of("latency", `${epoch}/${a.name}/${b.name}`, {
          "ethereum.latency.a": a.name,
          "ethereum.latency.b": b.name,
          "ethereum.latency.topic": "block_gossip",
          "ethereum.latency.median_ms": micros(b.biasMs - a.biasMs + 8 * (random.next() - 0.5)),
          "ethereum.latency.p90_ms": micros(120 + 60 * random.next()),
          "ethereum.latency.blocks": SLOTS_PER_EPOCH - missed,
        }),
      ),
    ),
    of("propagation", String(epoch), {
      "ethereum.propagation.slots": SLOTS_PER_EPOCH - missed,
      "ethereum.propagation.spread_median_ms": micros(190 + 40 * random.next()),
      "ethereum.propagation.spread_p90_ms": micros(420 + 90 * random.next()),
      "ethereum.attestation_due_ms": ATTESTATION_DUE_MS,
      "ethereum.propagation.outcomes": [[-2500, SLOTS_PER_EPOCH - missed, 0]],
    }),
    ...GROUPS.map((group, at) =>
      of("validator_epoch", `${epoch}/${group}`, {
        "ethereum.validator.group": group,
        "ethereum.validators.active": 1_000 + 300 * at,
        "ethereum.attestations.total": 1_000 + 300 * at,
        "ethereum.attestations.ok": 985 + 300 * at,
        "ethereum.attestations.late": random.integer(0, 4),
        "ethereum.attestations.wrong_head": random.integer(0, 8),
        "ethereum.attestations.wrong_target": random.integer(0, 1),
        "ethereum.attestations.missed": random.integer(0, 3),
      }),
    ),
    ...(place % 3 > 0 ? [] : [fault({ slot, startUs, of, at: place })]),
    ...(place % 28 > 0
      ? []
      : [
          {
            dataset: "reorg",
            id: rootOf(slot + 1),
            timestampUs: startUs,
            fields: {
              "event.start": startUs,
              "ethereum.reorg.first_abandoned": rootOf(slot + 1),
              "ethereum.slot": slot + 2,
              "ethereum.reorg.depth": place % 56 === 0 ? 2 : 1,
              "ethereum.reorg.nodes": NODES.map(({ name }) => name),
              "ethereum.reorg.old_head": rootOf(slot + 1),
              "ethereum.reorg.new_head": rootOf(slot + 2),
              "ethereum.reorg.common_ancestor": rootOf(slot),
              "ethereum.reorg.abandoned": [{ slot: slot + 1, root: rootOf(slot + 1) }],
              "ethereum.reorg.adopted": [{ slot: slot + 2, root: rootOf(slot + 2) }],
              "ethereum.reorg.switches": NODES.map(({ name }) => ({
                node: name,
                at_ms: startUs / 1_000,
                old_head: rootOf(slot + 1),
                new_head: rootOf(slot + 2),
              })),
              "ethereum.reorg.depth_hints": {},
              "ethereum.reorg.inferred": false,
              "ethereum.reorg.withdrawn": false,
            },
          },
          {
            dataset: "ethereum.gap",
            timestampUs: startUs,
            fields: {
              "observer.name": NODES[place % NODES.length]?.name,
              "event.start": startUs - 5_000_000,
              "event.end": startUs,
              "event.reason": random.pick(["closed", "silent", "error"]),
            },
          },
          {
            dataset: "ethereum.quarantine",
            timestampUs: startUs,
            fields: {
              "observer.name": NODES[place % NODES.length]?.name,
              "ethereum.quarantine.dataset": "ethereum.head",
              "ethereum.quarantine.reason": "slot: expected a number",
              "ethereum.quarantine.original": "{}",
            },
          },
        ]),
  ];
}

const CAUSES = [
  ["not_proposed", "own"],
  ["block_late", "network"],
  ["vote_late", "own"],
  ["next_slot_empty", "network"],
  ["unknown", "unclear"],
] as const;

function fault(input: {
  slot: number;
  startUs: number;
  at: number;
  of: (dataset: string, id: string, fields: Readonly<Record<string, Json>>) => Document;
}): Document {
  const { slot, at, of } = input;
  const [cause, side] = CAUSES[at % CAUSES.length] ?? CAUSES[0];
  const id = `attestation/${slot}/${at}`;
  return of("duty", id, {
    "ethereum.duty.id": id,
    "ethereum.duty.kind": "attestation",
    "ethereum.slot": slot,
    "ethereum.validator.index": at,
    "ethereum.validator.group": GROUPS[at % GROUPS.length] as string,
    "ethereum.duty.own_nodes": ["node-1"],
    "ethereum.duty.outcome": "late",
    "ethereum.duty.cause": cause,
    "ethereum.duty.side": side,
    "ethereum.duty.sentence": "The block of the slot came late everywhere.",
    "ethereum.duty.final": true,
    "ethereum.duty.withdrawn": false,
  });
}
