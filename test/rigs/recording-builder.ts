import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** One line of `events.jsonl` before it is written. */
export type RecordedLine = {
  recv_ms: number;
  node: string;
  event: string;
  data?: unknown;
  status?: unknown;
  error?: string;
};

export type BuiltBlock = { name: string; root: string; slot: number; parentRoot: string; proposer: number };

/** A block is told of at these signed milliseconds from its slot's start; null leaves that event out. */
export type Sighting = { gossip?: number | null; import?: number | null; head?: number | null };

const GENESIS_S = 1_800_000_000;

export const rootOf = (name: string): string => `0x${createHash("sha256").update(name).digest("hex")}`;

/**
 * Writes small recordings: blocks are named, sightings are times within the slot. Six-second slots, eight a slot's epoch,
 * attestations due at 2 s.
 */
export function createRecordingBuilder(options: { nodes?: readonly string[]; spec?: Record<string, unknown> } = {}) {
  const { nodes = ["n1", "n2", "n3"], spec = {} } = options;
  const slotMs = 6000;
  const lines: RecordedLine[] = [];
  const blocks = new Map<string, BuiltBlock>();
  const directories: string[] = [];

  const startMs = (slot: number) => GENESIS_S * 1000 + slot * slotMs;
  const event = (input: { node: string; atMs: number; event: string; data?: unknown }) => {
    lines.push({ recv_ms: input.atMs, node: input.node, event: input.event, data: input.data });
  };

  const builder = {
    nodes,
    lines,
    blocks,
    startMs,
    event,
    /** Makes a block known to the builder alone; parents are named, the first one's is `genesis`. */
    block(name: string, input: { slot: number; parent: string }): BuiltBlock {
      const parentRoot = blocks.get(input.parent)?.root ?? rootOf(input.parent);
      const block = { name, root: rootOf(name), slot: input.slot, parentRoot, proposer: input.slot % 64 };
      blocks.set(name, block);
      return block;
    },
    open(names: readonly string[] = nodes, slot = 0) {
      for (const node of names) lines.push({ recv_ms: startMs(slot) - 1000, node, event: "_open", status: 200 });
    },
    /** A node tells of a block: by default gossip at 500 ms, import at 600 ms, head at 700 ms. */
    see(name: string, names: readonly string[] = nodes, sighting: Sighting = {}) {
      const block = blockOf(name);
      const at = { gossip: 500, import: 600, head: 700, ...sighting };
      for (const node of names) {
        const tell = (topic: string, ms: number | null, data: object) => {
          if (ms === null) return;
          event({
            node,
            atMs: startMs(block.slot) + ms,
            event: topic,
            data: { slot: String(block.slot), block: block.root, ...data },
          });
        };
        tell("block_gossip", at.gossip, {});
        tell("block", at.import, { execution_optimistic: false });
        tell("head", at.head, {
          state: rootOf(`state of ${name}`),
          epoch_transition: false,
          execution_optimistic: false,
        });
      }
    },
    /** A node turns to a block that it knows already. */
    turn(name: string, input: { node: string; atMs: number }) {
      const block = blockOf(name);
      const data = {
        slot: String(block.slot),
        block: block.root,
        state: rootOf(`state of ${name}`),
        epoch_transition: false,
      };
      event({ node: input.node, atMs: input.atMs, event: "head", data });
    },
    /** The node's own word on a reorg. */
    reorg(input: { node: string; atMs: number; old: string; new: string; depth: string }) {
      const [oldHead, newHead] = [blockOf(input.old), blockOf(input.new)];
      const data = {
        slot: String(newHead.slot),
        depth: input.depth,
        old_head_block: oldHead.root,
        new_head_block: newHead.root,
        old_head_state: rootOf("state"),
        new_head_state: rootOf("state"),
        epoch: String(Math.floor(newHead.slot / 8)),
      };
      event({ node: input.node, atMs: input.atMs, event: "chain_reorg", data });
    },
    rest(input: { node: string; atMs: number; path: string; body: unknown; status?: number }) {
      const { node, atMs, path, body, status = 200 } = input;
      event({ node, atMs, event: "_rest", data: { path, status, body } });
    },
    /** The header of a block, as a node answers it; by default two seconds into the block's slot. */
    header(name: string, input: { node?: string; atMs?: number } = {}) {
      const block = blockOf(name);
      const message = {
        slot: String(block.slot),
        proposer_index: String(block.proposer),
        parent_root: block.parentRoot,
      };
      builder.rest({
        node: input.node ?? (nodes[0] as string),
        atMs: input.atMs ?? startMs(block.slot) + 2000,
        path: `/eth/v1/beacon/headers/${block.root}`,
        body: { data: { root: block.root, canonical: true, header: { message } } },
      });
    },
    /** Every block so far, as a chain that all nodes follow, is told and its header answered. */
    chain(
      names: readonly string[],
      input: { from: number; parent: string; nodes?: readonly string[]; headers?: boolean },
    ) {
      let parent = input.parent;
      let slot = input.from;
      for (const name of names) {
        builder.block(name, { slot, parent });
        builder.see(name, input.nodes);
        if (input.headers !== false)
          builder.header(name, input.nodes?.[0] === undefined ? {} : { node: input.nodes[0] });
        parent = name;
        slot += 1;
      }
    },
    /** Writes the lines by arrival (or as they were added) into a new directory. */
    async write(input: { asAdded?: boolean; text?: (jsonl: string) => string } = {}): Promise<string> {
      const directory = await mkdtemp(join(tmpdir(), "ethmon-recording-"));
      directories.push(directory);
      const meta = {
        format: "ethmon-recording/1",
        network: "built",
        genesis_time: GENESIS_S,
        nodes: nodes.map((name) => ({ name, client: "Builder", version: "Builder/v1.0.0" })),
        config_spec: { SECONDS_PER_SLOT: "6", SLOTS_PER_EPOCH: "8", ...spec },
      };
      const written = input.asAdded ? lines : lines.toSorted((a, b) => a.recv_ms - b.recv_ms);
      const jsonl = `${written.map((line) => JSON.stringify(line)).join("\n")}\n`;
      await writeFile(join(directory, "meta.json"), JSON.stringify(meta));
      await writeFile(join(directory, "events.jsonl"), input.text?.(jsonl) ?? jsonl);
      return directory;
    },
    async remove() {
      for (const directory of directories.splice(0)) await rm(directory, { recursive: true, force: true });
    },
  };

  const blockOf = (name: string): BuiltBlock => {
    const block = blocks.get(name);
    if (block === undefined) throw new Error(`the builder knows no block ${name}`);
    return block;
  };
  return builder;
}

export type RecordingBuilder = ReturnType<typeof createRecordingBuilder>;
