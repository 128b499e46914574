import type { Chain } from "../chain/chain.ts";
import type { EnrichedAnswer } from "../enrich/enrich.ts";
import type { BlockRecord } from "../events/block/block-record.ts";
import { blockFacts } from "./block-facts.ts";
import type { BlockTree } from "./block-tree.ts";
import type { CanonicalChain } from "./canonical.ts";
import type { Duties } from "./duties/duties.ts";
import type { Finality } from "./finality.ts";
import type { Gaps } from "./gaps.ts";
import type { HeadChange, Heads } from "./heads.ts";
import { linkHeader } from "./link-header.ts";
import type { NodeSlots } from "./node-slots.ts";
import type { ProposerClients } from "./proposer-clients.ts";
import type { Proposers } from "./proposers.ts";
import type { Reorgs } from "./reorgs.ts";
import type { Slashings } from "./slashings.ts";
import type { SlotBook } from "./slot-book.ts";
import type { Votes } from "./votes/votes.ts";
import type { WantedBlocks } from "./wanted-blocks.ts";

/** A proposer that signs two blocks is an attack; a node that tells of hundreds for one slot is lying. */
export const MAX_BLOCKS_PER_SLOT = 64;

/** Hands what the nodes answered over REST to the measures that it bears on. */
export function createAnswers(input: {
  chain: Chain;
  tree: BlockTree;
  slots: SlotBook;
  canonical: CanonicalChain;
  reorgs: Reorgs;
  heads: Heads;
  proposers: Proposers;
  gaps: Gaps;
  nodeSlots: NodeSlots;
  wanted: WantedBlocks;
  clients: ProposerClients;
  votes: Votes;
  duties: Duties;
  finality: Finality;
  slashings: Slashings;
  onBlock(record: BlockRecord): void;
  markCanonical(): void;
  takeHead(change: HeadChange | undefined): void;
  noteFinality(atUs: number): void;
}): (item: EnrichedAnswer) => void {
  const { chain, tree, slots, canonical, reorgs, heads, proposers, gaps, nodeSlots, wanted, clients } = input;
  const { votes, duties, finality, slashings, onBlock, markCanonical, takeHead, noteFinality } = input;

  return ({ node, receivedAtUs, answer }: EnrichedAnswer) => {
    if (answer.kind === "header" || answer.kind === "block") {
      if (answer.slot < slots.floor) return;
      const link =
        tree.at(answer.slot).length < MAX_BLOCKS_PER_SLOT ? linkHeader({ tree, slots, header: answer }) : "lie";
      if (link === "lie") return;
      wanted.answered(answer.root, answer.kind === "block");
      if (answer.kind === "block") {
        const { attestations, syncAggregate, graffiti } = answer.body;
        clients.note(answer.proposerIndex, graffiti);
        const syncBits = syncAggregate?.bits ?? null;
        votes.noteBody({ root: answer.root, slot: answer.slot, votes: attestations, syncBits });
        const record = blockFacts({ chain, node, header: answer, body: answer.body });
        slashings.noteBlock(record);
        onBlock(record);
      }
      slots.touch(answer.slot);
      if (link !== "known") {
        canonical.noteLink(answer.slot);
        if (link === "corrected") reorgs.noteCorrection(answer.slot);
        markCanonical();
      }
      if (answer.isHead) takeHead(heads.noteTurn({ node, root: answer.root, atUs: receivedAtUs }));
      // Walks down to the first slot that was watched, so that slots without a stream are answered by REST.
      if (answer.slot > slots.lowest && tree.get(answer.parentRoot) === undefined) {
        wanted.wantParent({ root: answer.parentRoot, node, slot: answer.slot - 1 });
      }
    }
    if (answer.kind === "duties") {
      for (const slot of proposers.note(answer)) if (slots.wasTold(slot)) slots.touch(slot);
    }
    if (answer.kind === "sync_committee") duties.noteSyncCommittee(answer);
    if (answer.kind === "checkpoints") {
      const finalized = finality.noteFinalized(node, answer.finalizedEpoch);
      const justified = finality.noteJustified(node, answer.justifiedEpoch);
      if (finalized || justified) noteFinality(receivedAtUs);
    }
    if (answer.kind === "identity" && answer.custodyGroups !== undefined) {
      nodeSlots.noteCustody(node, answer.custodyGroups);
    }
    if (answer.kind === "syncing") gaps.noteSyncing({ node, receivedAtUs, headSlot: answer.headSlot });
  };
}
