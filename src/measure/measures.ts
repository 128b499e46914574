import type { Chain } from "../chain/chain.ts";
import type { ValidatorLabels } from "../chain/validator-labels.ts";
import type { Enriched, EnrichedEvent, EnrichedVotes } from "../enrich/enrich.ts";
import type { EpochRecord, NodeSlotRecord } from "../events/derived.ts";
import type { ValidatorEpochRecord } from "../events/duty-records.ts";
import { createAnswers, MAX_BLOCKS_PER_SLOT } from "./answers.ts";
import { STAGE_OF_TOPIC } from "./arrivals.ts";
import { type Block, createBlockTree, noteSighting } from "./block-tree.ts";
import { createCanonicalChain } from "./canonical.ts";
import { takeChanges } from "./changes.ts";
import { createCounted } from "./counted.ts";
import { createDeadlineClock, type PassedDeadline } from "./deadline-clock.ts";
import { createDuties } from "./duties/duties.ts";
import { createValidatorGroups } from "./duties/groups.ts";
import { createEpochFigures } from "./epoch-figures.ts";
import { createEpochs } from "./epochs.ts";
import { createFinality } from "./finality.ts";
import { createForgetting } from "./forgetting.ts";
import { createGaps } from "./gaps.ts";
import { createHeads, type HeadChange } from "./heads.ts";
import type { MeasureUpdate } from "./measure-update.ts";
import { createNodeSlots } from "./node-slots.ts";
import { createParentInference } from "./parents.ts";
import { createPresent } from "./present.ts";
import { createProposerClients } from "./proposer-clients.ts";
import { createProposers } from "./proposers.ts";
import { createReorgs } from "./reorgs.ts";
import { createSlashings } from "./slashings.ts";
import { createSlotBook } from "./slot-book.ts";
import { createSlotJudge } from "./slots.ts";
import type { VoteCounts } from "./votes/vote-book.ts";
import { createVotes } from "./votes/votes.ts";
import { createWantedBlocks, type WantedBlock } from "./wanted-blocks.ts";
import { wantCanonicalBlocks } from "./wanted-canonical.ts";

export type Measures = {
  observe(item: Enriched): void;
  /** The clock went on: deadlines pass, slots begin and can be judged. */
  advance(nowUs: number): void;
  /** The clock is about to be set ahead, and passes over what lies between. */
  noteJump(fromUs: number): void;
  /** The clock was set back to this moment: what is due is due by the new clock, and what was told stands. */
  setBack(toUs: number): void;
  /** What changed since the last call. */
  flush(): MeasureUpdate[];
  /** Streams that went up or down, and gaps that ended, since the last call: what must be durable at once. */
  streams(): MeasureUpdate[];
  voteCounts(): VoteCounts;
  /** Blocks that are wanted since the last call, each root once. */
  wanted(): WantedBlock[];
  /**
   * After a restart: what was counted, and is not stored one by one; and the last slot that was told, so that the slots
   * since then are judged, too.
   */
  restore(earlier: {
    nodeSlots: readonly NodeSlotRecord[];
    epochs: readonly EpochRecord[];
    validatorEpochs?: readonly ValidatorEpochRecord[];
    lastSlot: number | undefined;
  }): void;
  /** The recording ends: everything is judged with what is known. */
  finish(nowUs: number): void;
};

/** Slots for which blocks, branches and statuses are kept in memory; beyond, what is stored stands. */
const WINDOW_SLOTS = 2048;
/** A slot is judged by time alone within this many slots. */
const PENDING_SLOTS = 4;
/** A head still counts this long after its node's stream went down. */
const VOTE_EPOCHS = 2;

/** The first measures, computed as events come; duties of labelled validators alone. Pure: time comes in. */
export function createMeasures(input: {
  chain: Chain;
  labels?: ValidatorLabels | undefined;
  windowSlots?: number;
}): Measures {
  const { chain, windowSlots = WINDOW_SLOTS } = input;
  const tree = createBlockTree();
  const heads = createHeads(tree);
  const canonical = createCanonicalChain(tree);
  const parents = createParentInference(tree);
  const gaps = createGaps({ genesisUs: chain.slotStartUs(0), slotUs: chain.slotDurationMs * 1000 });
  const finality = createFinality(gaps.isUp);
  const reorgs = createReorgs(tree, () => {
    const epoch = finality.justifiedEpoch() ?? finality.finalizedEpoch();
    return epoch === null ? null : epoch * chain.slotsPerEpoch;
  });
  /** Votes of a slot are told by single votes and aggregates alike until a little after its aggregates are due. */
  const wasWatched = (slot: number): boolean => {
    const startUs = chain.slotStartUs(slot);
    const dueUs = startUs + chain.deadlinesOf(slot).aggregateMs * 1000;
    return gaps.wasUp(Math.min(startUs, nowUs), Math.min(dueUs, nowUs));
  };
  const groups = createValidatorGroups(input.labels);
  const clients = createProposerClients();
  const votes = createVotes({ chain, tree, canonical, wasWatched, groupOf: groups.groupOf, clientOf: clients.of });
  const duties = createDuties({ chain, tree, canonical, votes, groups, gaps, wasWatched });
  const slashings = createSlashings({ chain, groupOf: groups.groupOf, votes });
  const epochs = createEpochs({ chain, finality, votesOf: votes.epoch });
  const nodeSlots = createNodeSlots({ chain, tree, heads, canonical, wasUp: gaps.wasUpAt });
  const counted = createCounted({ votes, nodeSlots });
  const present = createPresent();
  const proposers = createProposers(chain.epochOf);
  const judge = createSlotJudge({
    chain,
    tree,
    canonical,
    proposerOf: proposers.of,
    headsOf: nodeSlots.headsOf,
    wasUp: gaps.wasUp,
  });

  const figures = createEpochFigures({
    chain,
    tree,
    canonical,
    gaps,
    nodeSlots,
    votes,
    isSettled: judge.isSettled,
  });

  let nowUs = Number.NEGATIVE_INFINITY;
  const slots = createSlotBook(judge);
  const backlog: MeasureUpdate[] = [];
  const wanted = createWantedBlocks({ isFresh: (slot) => slot > chain.slotAt(nowUs) - chain.slotsPerEpoch });
  const blocks: MeasureUpdate[] = [];

  /** A node whose stream went down a while ago may hold another head by now; when all is over, every node has its say. */
  const voteSinceUs = () =>
    nowUs === Number.POSITIVE_INFINITY
      ? Number.NEGATIVE_INFINITY
      : nowUs - VOTE_EPOCHS * chain.slotsPerEpoch * chain.slotDurationMs * 1000;

  const markCanonical = () => {
    const head = heads.majority(heads.nodes().filter((node) => gaps.wasUpSince(node, voteSinceUs())));
    if (head === undefined) return;
    const changed = canonical.follow(head);
    for (const slot of changed) {
      slots.touch(slot);
      nodeSlots.touch(slot);
    }
    votes.noteCanonical(changed);
    // A new head passes the slots below it, and a new link reaches further down.
    slots.touchOpen();
  };

  /** The slot by the clock; by the nodes when most hold a later block, since then the clock is behind. */
  const currentSlot = (atUs: number) => Math.max(chain.slotAt(atUs), canonical.head?.slot ?? 0);

  const beginSlot = (slot: number) => {
    const begun = { slot, reachedSlot: present.slotAt(slot) };
    votes.noteSlot(begun);
    duties.noteSlot(begun);
    if (slot < 1) return;
    wanted.begin(slot);
    slots.touch(slot);
    // With time alone only what is pending changes, which is never long ago.
    slots.touchOpen(slot - PENDING_SLOTS);
    epochs.noteFinality(chain.epochOf(Math.max(slot, canonical.head?.slot ?? slot)));
    figures.beginSlot(slot);
    if (chain.slotIndexOf(slot) !== 0) return;
    // After a long silence many slots begin at once: what is forgotten here was not told yet.
    backlog.push(...flush());
    forget(slot);
  };

  const forget = createForgetting({
    chain,
    present,
    windowSlots,
    ...{ slots, tree, canonical, nodeSlots, figures, epochs, reorgs, gaps, proposers },
  });

  const noteDeadline = (passed: PassedDeadline) => {
    nodeSlots.noteDeadline(passed);
    if (passed.deadline === "aggregate_due") {
      slots.touch(passed.slot);
      votes.noteDue(passed.slot);
    }
    for (const epoch of votes.epochsChanged()) epochs.noteVotes(epoch);
  };

  const deadlines = createDeadlineClock({ chain, onDeadline: noteDeadline, onSlot: beginSlot });

  const reportBlock = (event: EnrichedEvent, root: string): Block => {
    const { node, slot, receivedAtUs } = event;
    if (tree.get(root) === undefined) canonical.noteLink(slot);
    const block = tree.ensure(root, slot);
    noteSighting({ block, node, stage: STAGE_OF_TOPIC[event.topic], atUs: receivedAtUs });
    parents.noteBlock(block);
    if (slot >= 1) {
      slots.reachDownTo(slot, chain.slotAt(nowUs) + 1);
      deadlines.start(slot, receivedAtUs);
      nodeSlots.noteBlock({ node, slot, root });
    }
    const isLinked = block.parentRoot !== null && !block.parentInferred;
    wanted.told({ root, node, slot, isImported: event.topic !== "block_gossip", isLinked });
    return block;
  };

  const inferParents = () => {
    const inferred = parents.infer(nowUs);
    for (const block of inferred) {
      slots.touch(block.slot);
      canonical.noteLink(block.slot);
    }
    if (inferred.length > 0) markCanonical();
  };

  const noteHeadEvent = ({ node, echo, receivedAtUs: atUs }: EnrichedEvent, block: Block) => {
    takeHead(echo ? heads.noteRepeat({ node, block, atUs }) : heads.note({ node, block, atUs }));
  };

  const takeHead = (change: HeadChange | undefined) => {
    if (change === undefined) return;
    // Across a gap a head need not follow the one before it.
    if (gaps.wasUpThroughout(change.node, change.oldAtUs, change.atUs)) parents.noteHead(change);
    reorgs.noteHead(change);
    markCanonical();
  };

  /** Slots after the block of a node that lags are not known to be empty, whatever the clock says. */
  const noteLag = ({ node, slot, receivedAtUs }: EnrichedEvent) => {
    const lags = present.noteBlock({ node, slot, clockSlot: chain.slotAt(receivedAtUs) });
    if (gaps.noteLag({ node, tellsUpToUs: lags ? chain.slotStartUs(slot + 1) : undefined })) slots.touchOpen();
  };

  const noteFinality = (atUs: number) => epochs.noteFinality(chain.epochOf(currentSlot(atUs)));

  const observeEvent = (event: EnrichedEvent) => {
    const { node, slot, topic, receivedAtUs } = event;
    const isHead = topic === "head" || topic === "head_v2";
    gaps.noteEvent({ node, receivedAtUs, headSlot: isHead ? slot : undefined });
    duties.noteEvent(node, receivedAtUs);
    if (slot < slots.floor) return;
    if (event.echo) nodeSlots.noteEcho({ node, slot });
    nodeSlots.noteNode({ node, client: event.client?.family ?? null, syncing: event.syncing });
    if (event.root !== undefined) {
      if (tree.get(event.root) === undefined && tree.at(slot).length >= MAX_BLOCKS_PER_SLOT) return;
      const block = reportBlock(event, event.root);
      if (!event.echo) noteLag(event);
      if (topic === "block" && !event.echo) parents.noteImport({ node, block });
      if (isHead) noteHeadEvent(event, block);
      return;
    }
    if (counted.note(event) || slashings.noteEvent(event)) return;
    if (topic === "chain_reorg") {
      const newHead = String(event.fields["ethereum.reorg.new_head"]);
      const depth = event.fields["ethereum.reorg.depth_hint"];
      parents.noteReorgHint({ node, newHead });
      takeHead(heads.noteTurn({ node, root: newHead, atUs: receivedAtUs }));
      reorgs.noteHint({
        node,
        oldHead: String(event.fields["ethereum.reorg.old_head"]),
        newHead,
        depth: depth === null || depth === undefined ? null : String(depth),
      });
    }
    if (topic === "finalized_checkpoint" && !event.echo) {
      const epoch = Number(event.fields["ethereum.finalized_epoch"]);
      if (finality.noteFinalized(node, epoch)) noteFinality(receivedAtUs);
    }
  };

  const observeVotes = (item: EnrichedVotes) => {
    const { node, receivedAtUs, client, syncing } = item;
    gaps.noteEvent({ node, receivedAtUs, headSlot: undefined });
    duties.noteEvent(node, receivedAtUs);
    nodeSlots.noteNode({ node, client: client?.family ?? null, syncing });
    counted.noteVotes(item, slots.floor);
  };

  const observeAnswer = createAnswers({
    chain,
    ...{ tree, slots, canonical, reorgs, heads, proposers, gaps, nodeSlots, wanted, clients, votes, duties, finality },
    slashings,
    onBlock: (record) => blocks.push({ dataset: "block", record }),
    markCanonical,
    takeHead,
    noteFinality,
  });

  const flush = (): MeasureUpdate[] => {
    // A block may come a little before its slot.
    const records = slots.changed(nowUs, Number.isFinite(nowUs) ? currentSlot(nowUs) + 1 : nowUs);
    return [
      ...blocks.splice(0),
      ...slashings.changed(),
      ...takeChanges({ slots: records, nodeSlots, votes, epochs, reorgs, figures, duties, nowUs }),
    ];
  };

  return {
    observe(item) {
      if (item.kind === "event") observeEvent(item);
      else if (item.kind === "votes") observeVotes(item);
      else if (item.kind === "answer") observeAnswer(item);
      else if (item.kind === "committees") votes.noteCommittees(item);
      else if (item.kind === "validators") {
        groups.resolve(item.validators);
        votes.weigh(item.validators);
      } else if (item.kind === "stream") {
        gaps.noteStream(item);
        if (item.state !== "open") parents.noteGap(item.node);
        markCanonical();
      }
    },
    advance(toUs) {
      if (toUs <= nowUs) return;
      nowUs = toUs;
      // What is older than the window when the watch begins was never judged, and is not.
      if (slots.floor === Number.NEGATIVE_INFINITY) {
        slots.raiseFloor(chain.slotAt(toUs) - windowSlots);
        votes.watchFrom(chain.slotAt(toUs) + 1);
        duties.watchFrom(chain.slotAt(toUs) + 1);
        slashings.watchFrom(chain.slotAt(toUs));
      }
      deadlines.advance(toUs);
      inferParents();
    },
    noteJump: (fromUs) => present.noteJump(chain.slotAt(fromUs)),
    setBack(toUs) {
      nowUs = toUs;
      present.setBack();
      gaps.setBack(toUs);
      parents.setBack(toUs);
      deadlines.setBack(toUs);
      votes.setBack(chain.slotAt(toUs));
      duties.setBack(chain.slotAt(toUs));
    },
    flush: () => [...backlog.splice(0), ...flush()],
    streams() {
      const taken = gaps.taken();
      return [
        ...taken.gaps.map((record): MeasureUpdate => ({ dataset: "ethereum.gap", record })),
        ...taken.streams.map((record): MeasureUpdate => ({ dataset: "stream", record })),
      ];
    },
    voteCounts: votes.counts,
    wanted: wanted.taken,
    restore({ nodeSlots: records, epochs: told, validatorEpochs = [], lastSlot }) {
      for (const record of records) nodeSlots.restore(record);
      for (const record of told) epochs.restore(record);
      // The votes of earlier slots are not read again: what is stored of them stands. What blocks carry is asked anew.
      votes.restart();
      wantCanonicalBlocks({ wanted, tree, canonical, slots: chain.slotsPerEpoch });
      if (lastSlot === undefined) return;
      slots.watchFrom(lastSlot + 1);
      duties.watchFrom(lastSlot + 1);
      duties.restore(validatorEpochs);
      slots.raiseFloor(lastSlot + 1 - windowSlots);
      deadlines.start(lastSlot + 1, chain.slotStartUs(lastSlot + 1));
    },
    finish(endUs) {
      gaps.finish(endUs);
      nowUs = Number.POSITIVE_INFINITY;
      inferParents();
      markCanonical();
      slots.finish();
      votes.finish();
      duties.finish();
      for (const epoch of votes.epochsChanged()) epochs.noteVotes(epoch);
      figures.finish();
    },
  };
}
