import { AGGREGATE_S, BASELINE_SLOT_MS, COLUMN_S, CONTRIBUTION_S, SYNC_PARTICIPATION } from "./baselines.ts";
import { bitlistHex, bitvectorHex } from "./bits.ts";
import { createDrawer, quantile } from "./curve.ts";
import { attestationData, eventText, signatureOf, singleVoteText } from "./event-texts.ts";
import { type SimulatedChain, SLOTS_PER_EPOCH } from "./simulated-chain.ts";
import { nodeOffsetsMs, type SlotPlan, VOTE } from "./slot-plan.ts";

/** Events of one topic that all come at once, in the stream's form; the moment is in Unix ms. */
export type Chunk = { atMs: number; topic: string; bytes: Buffer; events: number };

/** Into so many moments the votes of a slot are put together; at 12 s a slot one is 20 ms long. */
const MOMENTS_A_SLOT = 600;
/** `TARGET_AGGREGATORS_PER_COMMITTEE` and `TARGET_AGGREGATORS_PER_SYNC_SUBCOMMITTEE` of mainnet. */
const AGGREGATORS = 16;
const SUBCOMMITTEES = 4;
const SUBCOMMITTEE_SIZE = 128;
const COLUMNS = 128;
/** What an aggregator lacks of its committee's votes. */
const UNAGGREGATED = 0.01;
/** From gossip to import, and to the choice of the head, ms at 12 s a slot. */
const IMPORT_MS = 90;
const HEAD_MS = 140;

const drawAggregate = createDrawer(AGGREGATE_S);
const drawContribution = createDrawer(CONTRIBUTION_S);

/** The moment of a slot's block at each node, Unix ms; NaN for a missed slot. */
export function blockMomentsMs(chain: SimulatedChain, plan: SlotPlan, nodes: number): number[] {
  const offsets = nodeOffsetsMs(chain, { slot: plan.slot, purpose: "block", nodes });
  return offsets.map((offsetMs) => chain.slotStartMs(plan.slot) + plan.blockMs + offsetMs);
}

/** What every node tells of a slot, by node, in the order of time. Bytes that are alike are shared. */
export function slotEvents(input: {
  chain: SimulatedChain;
  plan: SlotPlan;
  nodes: number;
  custody: (node: number) => number;
}): Chunk[][] {
  const { chain, plan, nodes } = input;
  const byNode = Array.from({ length: nodes }, (_, node) => blockEvents({ ...input, node }));
  const votes = voteChunks(chain, plan);
  const later = [...aggregateChunks(chain, plan), ...contributionChunks(chain, plan)];
  // A node is the first to see some votes and the last to see others.
  const random = chain.randomOf(plan.slot, "first");
  const jitterMs = (250 * chain.slotMs) / BASELINE_SLOT_MS;
  for (const chunk of [...votes, ...later]) {
    const first = random.integer(0, nodes - 1);
    for (const [node, chunks] of byNode.entries()) {
      chunks.push({ ...chunk, atMs: chunk.atMs + (node === first ? 0 : random.next() * jitterMs) });
    }
  }
  for (const chunks of byNode) chunks.sort((a, b) => a.atMs - b.atMs);
  return byNode;
}

/** All single votes of a slot, put together by moment. */
function voteChunks(chain: SimulatedChain, { slot, committees, data }: SlotPlan): Chunk[] {
  const momentMs = chain.slotMs / MOMENTS_A_SLOT;
  const texts: string[] = [];
  const counts: number[] = [];
  const right = singleVoteText(slot, data.right);
  const parent = singleVoteText(slot, data.parent);
  for (const [index, { validators, votes, votesMs }] of committees.entries()) {
    for (const [seat, vote] of votes.entries()) {
      if (vote === VOTE.none) continue;
      const moment = Math.floor((votesMs[seat] as number) / momentMs);
      texts[moment] = (texts[moment] ?? "") + (vote === VOTE.right ? right : parent)(index, validators[seat] as number);
      counts[moment] = (counts[moment] ?? 0) + 1;
    }
  }
  return texts.flatMap((text, moment) =>
    text === undefined
      ? []
      : {
          atMs: chain.slotStartMs(slot) + moment * momentMs,
          topic: "single_attestation",
          bytes: Buffer.from(text, "latin1"),
          events: counts[moment] as number,
        },
  );
}

function chunkOf(atMs: number, topic: string, data: unknown): Chunk {
  return { atMs, topic, bytes: Buffer.from(eventText(topic, data), "latin1"), events: 1 };
}

function blockEvents(input: {
  chain: SimulatedChain;
  plan: SlotPlan;
  nodes: number;
  node: number;
  custody: (node: number) => number;
}): Chunk[] {
  const { chain, plan, nodes, node, custody } = input;
  const { slot, block } = plan;
  if (block === undefined) return [];
  const scale = chain.slotMs / BASELINE_SLOT_MS;
  const gossipMs = blockMomentsMs(chain, plan, nodes)[node] as number;
  const epoch = Math.floor(slot / SLOTS_PER_EPOCH);
  const told = { slot: String(slot), block: block.root };
  const opensEpoch = chain.lastBlock(slot - 1).slot < epoch * SLOTS_PER_EPOCH;
  const chunks = [
    chunkOf(gossipMs, "block_gossip", told),
    chunkOf(gossipMs + IMPORT_MS * scale, "block", { ...told, execution_optimistic: false }),
    chunkOf(gossipMs + HEAD_MS * scale, "head", {
      ...told,
      state: block.stateRoot,
      epoch_transition: opensEpoch,
      previous_duty_dependent_root: chain.dependentRoot(epoch),
      current_duty_dependent_root: chain.dependentRoot(epoch + 1),
      execution_optimistic: false,
    }),
  ];
  if (opensEpoch) {
    const finalized = chain.checkpoint(epoch - 2);
    const data = { block: finalized.root, state: chain.hash(`finalized/${epoch}`), epoch: String(finalized.epoch) };
    chunks.push(chunkOf(gossipMs + HEAD_MS * scale, "finalized_checkpoint", data));
  }
  const random = chain.randomOf(slot, `columns/${node}`);
  const columnMs = chain.slotStartMs(slot) + (gossipMs - chain.slotStartMs(slot) - plan.blockMs);
  const count = custody(node);
  for (let i = 0; i < count; i += 1) {
    // Early with an early block, late with a late one.
    const share = Math.min(1, Math.max(0, plan.blockShare + (random.next() - 0.5) * 0.04));
    const data = { block_root: block.root, index: String((i * COLUMNS) / count), slot: String(slot) };
    chunks.push(chunkOf(columnMs + quantile(COLUMN_S, share) * 1000 * scale, "data_column_sidecar", data));
  }
  return chunks;
}

function aggregateChunks(chain: SimulatedChain, { slot, committees, data }: SlotPlan): Chunk[] {
  const random = chain.randomOf(slot, "aggregates");
  const scale = chain.slotMs / BASELINE_SLOT_MS;
  const words = attestationData(slot, data.right);
  return committees.flatMap(({ votes, votesMs }, index) => {
    const committeeBits = bitvectorHex(Array.from({ length: 64 }, (_, committee) => committee === index));
    return Array.from({ length: AGGREGATORS }, () => {
      const atMs = drawAggregate(random) * 1000 * scale;
      const has = Array.from(votes, (vote, seat) => {
        return vote === VOTE.right && (votesMs[seat] as number) < atMs && !random.chance(UNAGGREGATED);
      });
      return chunkOf(chain.slotStartMs(slot) + atMs, "attestation", {
        aggregation_bits: bitlistHex(has),
        data: words,
        signature: signatureOf(random.integer(0, 0xffffffff)),
        committee_bits: committeeBits,
      });
    });
  });
}

/** The sync committee signs the head that it has, which is the block of the slot. */
function contributionChunks(chain: SimulatedChain, { slot, data }: SlotPlan): Chunk[] {
  const random = chain.randomOf(slot, "contributions");
  const scale = chain.slotMs / BASELINE_SLOT_MS;
  return Array.from({ length: SUBCOMMITTEES * AGGREGATORS }, (_, number) => {
    const bits = Array.from({ length: SUBCOMMITTEE_SIZE }, () => random.chance(SYNC_PARTICIPATION));
    const signature = signatureOf(random.integer(0, 0xffffffff));
    const message = {
      aggregator_index: String(random.integer(0, chain.validators - 1)),
      contribution: {
        slot: String(slot),
        beacon_block_root: data.right.head,
        subcommittee_index: String(number % SUBCOMMITTEES),
        aggregation_bits: bitvectorHex(bits),
        signature,
      },
      selection_proof: signature,
    };
    const atMs = chain.slotStartMs(slot) + drawContribution(random) * 1000 * scale;
    return chunkOf(atMs, "contribution_and_proof", { message, signature });
  });
}
