import { createHash } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { createZstdCompress } from "node:zlib";

const GENESIS_S = 1_800_000_000;
const SLOT_MS = 12_000;
const NODES = ["n1", "n2", "n3"];
/** Every so many slots nobody proposes. */
const MISSED_EVERY = 50;
/** block_gossip, block and head. */
const EVENTS_OF_BLOCK = 3;

/** What a generated recording holds. */
export type LongRecording = { events: number; slots: number; missed: readonly number[] };

/**
 * Writes a recording of at least `events` events in slots of mainnet's length, line by line, so that no more than a few
 * slots of it are in memory: three nodes that tell of each block, and `votesPerSlot` single attestations each.
 */
export async function writeLongRecording(input: {
  directory: string;
  events: number;
  votesPerSlot: number;
}): Promise<LongRecording> {
  const { directory, votesPerSlot } = input;
  const meta = {
    format: "ethmon-recording/1",
    network: "long",
    genesis_time: GENESIS_S,
    nodes: NODES.map((name) => ({ name, version: "Lighthouse/v8.0.0/x86_64-linux" })),
    config_spec: { SECONDS_PER_SLOT: "12", SLOTS_PER_EPOCH: "32", PRESET_BASE: "mainnet" },
  };
  await writeFile(join(directory, "meta.json"), JSON.stringify(meta));
  const compress = createZstdCompress();
  const file = compress.pipe(createWriteStream(join(directory, "events.jsonl.zst")));

  const missed: number[] = [];
  let events = 0;
  let slots = 0;
  let parent = rootOf(0);
  const open = NODES.map((node) => `{"recv_ms":${startMs(1) - 1000},"node":"${node}","event":"_open","status":200}\n`);
  compress.write(open.join(""));
  // The last slot has a block: a recording's slots end with the last one that was told.
  while (events < input.events || missed.at(-1) === slots) {
    slots += 1;
    const isMissed = slots % MISSED_EVERY === 0;
    if (isMissed) missed.push(slots);
    else parent = rootOf(slots);
    events += NODES.length * (votesPerSlot + (isMissed ? 0 : EVENTS_OF_BLOCK));
    const lines = isMissed ? [] : blockLines(slots, parent);
    for (let vote = 0; vote < votesPerSlot; vote += 1)
      lines.push(voteLines({ slot: slots, vote, votesPerSlot, parent }));
    if (!compress.write(lines.join(""))) await once(compress, "drain");
  }
  compress.end();
  await finished(file);
  return { events, slots, missed };
}

const startMs = (slot: number) => GENESIS_S * 1000 + slot * SLOT_MS;
const rootOf = (slot: number) => `0x${createHash("sha256").update(`block ${slot}`).digest("hex")}`;

function blockLines(slot: number, root: string): string[] {
  const lines = [
    { afterMs: 900, event: "block_gossip", more: "" },
    { afterMs: 1_000, event: "block", more: ',"execution_optimistic":false' },
    { afterMs: 1_100, event: "head", more: `,"state":"${root}","epoch_transition":false,"execution_optimistic":false` },
  ];
  return lines.map(({ afterMs, event, more }) =>
    NODES.map(
      (node, index) =>
        `{"recv_ms":${startMs(slot) + afterMs + index * 20},"node":"${node}","event":"${event}",` +
        `"data":{"slot":"${slot}","block":"${root}"${more}}}\n`,
    ).join(""),
  );
}

/** One validator's vote, as each node tells it; votes come from 2 to 8 s into the slot. */
function voteLines(input: { slot: number; vote: number; votesPerSlot: number; parent: string }): string {
  const { slot, vote, votesPerSlot, parent } = input;
  const atMs = startMs(slot) + 2_000 + Math.floor((vote * 6_000) / votesPerSlot);
  const validator = (slot * votesPerSlot + vote) % 1_000_000;
  const epoch = Math.floor(slot / 32);
  const data =
    `{"committee_index":"${vote % 64}","attester_index":"${validator}","data":{"slot":"${slot}","index":"0",` +
    `"beacon_block_root":"${parent}","source":{"epoch":"${Math.max(0, epoch - 1)}","root":"${parent}"},` +
    `"target":{"epoch":"${epoch}","root":"${parent}"}},"signature":"0x${String(validator).padStart(192, "0")}"}`;
  return NODES.map(
    (node, index) => `{"recv_ms":${atMs + index},"node":"${node}","event":"single_attestation","data":${data}}\n`,
  ).join("");
}
