import { z } from "zod";
import type { EventReading } from "../dataset.ts";
import { countBits } from "../hex.ts";
import { root, uint, versioned } from "../primitives.ts";
import { beaconBlockHeader } from "../spec-objects/block-header.ts";
import { syncAggregate } from "../spec-objects/sync-committee.ts";
import { defineTopic, versionColumn } from "../topic.ts";

/** Before Capella some clients sent the beacon header itself, without its `beacon` wrapper. */
const lightClientHeader = z.union([
  z.object({ beacon: beaconBlockHeader }),
  beaconBlockHeader.transform((beacon) => ({ beacon })),
]);

const columns = [
  { name: "ethereum.light_client.attested_slot", type: "long", words: "Slot of the attested header." },
  { name: "ethereum.sync_committee.bits", type: "keyword", words: "Sync committee members that signed." },
  { name: "ethereum.sync_committee.participants", type: "long", words: "Number of those members." },
  versionColumn,
] as const;

/** Older clients leave `signature_slot` out; the signature then is of the slot after the attested one at the earliest. */
function fieldsOf(input: { version: string | undefined; attestedSlot: number; bits: string }): EventReading["fields"] {
  return {
    "ethereum.light_client.attested_slot": input.attestedSlot,
    "ethereum.sync_committee.bits": input.bits,
    "ethereum.sync_committee.participants": countBits(input.bits),
    "ethereum.version": input.version,
  };
}

export const lightClientOptimisticUpdate = defineTopic({
  topic: "light_client_optimistic_update",
  title: "Light client optimistic updates",
  words: "The node made an optimistic update for light clients; carries the sync committee's bits.",
  schema: versioned(
    z.object({ attested_header: lightClientHeader, sync_aggregate: syncAggregate, signature_slot: uint.optional() }),
  ),
  columns,
  read: ({ version, data }) => ({
    slot: data.signature_slot ?? data.attested_header.beacon.slot + 1,
    fields: fieldsOf({
      version,
      attestedSlot: data.attested_header.beacon.slot,
      bits: data.sync_aggregate.sync_committee_bits,
    }),
  }),
});

export const lightClientFinalityUpdate = defineTopic({
  topic: "light_client_finality_update",
  title: "Light client finality updates",
  words: "The node made a finality update for light clients.",
  schema: versioned(
    z.object({
      attested_header: lightClientHeader,
      finalized_header: lightClientHeader,
      finality_branch: z.array(root).optional(),
      sync_aggregate: syncAggregate,
      signature_slot: uint.optional(),
    }),
  ),
  columns: [
    ...columns,
    { name: "ethereum.light_client.finalized_slot", type: "long", words: "Slot of the finalized header." },
  ],
  read: ({ version, data }) => ({
    slot: data.signature_slot ?? data.attested_header.beacon.slot + 1,
    fields: {
      ...fieldsOf({
        version,
        attestedSlot: data.attested_header.beacon.slot,
        bits: data.sync_aggregate.sync_committee_bits,
      }),
      "ethereum.light_client.finalized_slot": data.finalized_header.beacon.slot,
    },
  }),
});
