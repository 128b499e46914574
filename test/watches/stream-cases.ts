import type { Document } from "../../src/events/document.ts";
import {
  block,
  checkpoint,
  clock,
  duty,
  empty,
  epoch,
  finalized,
  full,
  late,
  missed,
  monitor,
  nodeSlot,
  ofNode,
  peers,
  range,
  reorg,
  root,
  rows,
  slashed,
  slot,
  split,
  spread,
  streamOf,
  syncStatus,
  votes,
} from "../rigs/watch-documents.ts";
import { own, type Watched } from "../rigs/watched.ts";

/** One document after the other, each in its slot. */
const play =
  (...documents: readonly Document[]) =>
  (watched: Watched) => {
    for (const document of documents) watched.tell((document.timestampUs / 1e6 - 1_800_000_000) / 12 + 0.7, document);
  };

type Scenario = (watched: Watched) => void | Promise<void>;
type Case = { fires: Scenario; silent: Scenario; severity: string; title: RegExp };

const quiet = range(1, 60);

const NEVER_UP = { "ethereum.stream.never_up": true };

/** Of each shipped watch of a stream: documents on which it fires, and some on which it does not. */
export const STREAM_CASES: Readonly<Record<string, Case>> = {
  "late-blocks": {
    fires: play(slot(8), slot(9, late), slot(10), slot(40, late), slot(90, late)),
    severity: "info",
    title: /^Block of slot 9 came 4322 ms into the slot$/,
    // A node that syncs tells of blocks of long ago.
    silent: play(...quiet.map((n) => slot(n)), slot(61, { "ethereum.late": true, "ethereum.delay_ms": 90_000 })),
  },
  "missed-run": {
    fires: play(
      slot(8),
      slot(9, missed),
      slot(10, missed),
      slot(11, missed),
      slot(12, { "ethereum.status": "pending" }),
    ),
    severity: "warning",
    title: /^3 slots in a row have no block$/,
    silent: play(...quiet.map((n) => slot(n, n % 20 === 0 ? missed : {}))),
  },
  "head-disagreement": {
    fires: play(slot(8), slot(9, split), slot(10, split)),
    severity: "warning",
    title: /^Nodes hold 2 different heads in slot 10$/,
    silent: play(slot(8), slot(9, split), slot(10), slot(11, split), slot(12)),
  },
  reorg: {
    fires: play(reorg(3)),
    severity: "high",
    title: /^Reorg of depth 3 on n1, n2$/,
    silent: play(reorg(3, { "ethereum.reorg.withdrawn": true })),
  },
  equivocation: {
    fires: play(
      slot(9, {
        "ethereum.equivocating": [77],
        "ethereum.blocks": [
          { root: root("a"), proposer_index: 77, canonical: true },
          { root: root("b"), proposer_index: 77, canonical: false },
        ],
      }),
    ),
    severity: "high",
    title: /^Validator 77 made two blocks for slot 9$/,
    silent: play(slot(9, { "ethereum.blocks": [{ root: root("a"), proposer_index: 77, canonical: true }] })),
  },
  slashings: {
    fires: play(
      slashed(5),
      slashed(6, { "ethereum.slashing.in_hour": 2 }),
      slashed(7, { "ethereum.slashing.in_hour": 3 }),
    ),
    severity: "warning",
    title: /^Validator 7 is slashed as attester, with 2 more within the hour$/,
    silent: play(slot(9)),
  },
  "own-slashed": {
    fires: play(slashed(5), slashed(6, { "ethereum.validator.group": "home" })),
    severity: "emergency",
    title: /^Validator 6 of home is slashed as attester$/,
    silent: play(slashed(5), slashed(6)),
  },
  "early-blocks": {
    fires: play(...[9, 20, 22].map((n) => slot(n, { "ethereum.delay_ms": -700.2 }))),
    severity: "info",
    title: /^Block of slot 9 came 700 ms before its slot$/,
    silent: play(slot(9, { "ethereum.delay_ms": -90 })),
  },
  "slow-propagation": {
    fires: play(...range(1, 8).map((n) => slot(n, n > 5 ? { ...spread({ n1: 200, n2: 2900, n3: 3100 }) } : {}))),
    severity: "warning",
    title: /^Blocks take up to 2900 ms to reach the nodes$/,
    // One node is late by itself.
    silent: play(...range(1, 8).map((n) => slot(n, spread({ n1: 200, n2: 300, n3: 20_000 })))),
  },
  "participation-drop": {
    fires: play(
      ...range(1, 20).map((n) => votes(n)),
      ...range(21, 28).map((n) => votes(n, { "ethereum.participation.live.target": 0.86, "ethereum.votes.seen": 860 })),
    ),
    severity: "high",
    title: /^Participation is 86 % over the last eight slots$/,
    // Genesis has no votes; a slot that streams did not tell of is made good by blocks; votes of a slot that is not due.
    silent: play(
      votes(0, { "ethereum.votes.seen": 0, "ethereum.participation.live.target": 0 }),
      ...range(1, 40).map((n) => votes(n, { "ethereum.participation.live.target": 0.985 })),
      votes(41, { "ethereum.participation.live.target": 0.1, "ethereum.participation.blocks.target": 0.99 }),
      votes(42, { "ethereum.participation.live.target": 0, "ethereum.votes.seen": 0 }),
      votes(43, { "ethereum.participation.live.target": 0.3, "ethereum.votes.due": false }),
    ),
  },
  "target-split": {
    fires: play(...range(1, 12).map((n) => votes(n, n > 10 ? { "ethereum.participation.live.target": 0.7 } : {}))),
    severity: "high",
    title: /^30 % of votes name another target$/,
    silent: play(
      ...range(1, 70).map((n) => votes(n, n % 32 === 0 ? { "ethereum.participation.live.target": 0.97 } : {})),
    ),
  },
  "finality-lag": {
    fires: play(finalized(8, 2), finalized(9, 3)),
    severity: "warning",
    title: /^Finality lags 3 epochs behind$/,
    // The first epochs after genesis, and the first slots of each later one.
    silent: play(
      ...range(0, 3).map((n) => epoch(n)),
      finalized(3, 3),
      finalized(4, 4, 0.03),
      finalized(4, 2),
      finalized(5, 3, 0.03),
      finalized(5, 2),
    ),
  },
  "slow-inclusion": {
    fires: play(...range(1, 30).map((n) => votes(n, { "ethereum.inclusion_delay.slots": 1.9 }))),
    severity: "warning",
    title: /^Votes take 1\.9 slots to be included$/,
    silent: play(...range(1, 40).map((n) => votes(n, n % 8 === 0 ? { "ethereum.inclusion_delay.slots": 2 } : {}))),
  },
  "sync-committee-drop": {
    fires: play(...range(2, 20).map((n) => votes(n, n > 10 ? { "ethereum.sync.bits": 430 } : {}))),
    severity: "high",
    title: /^\d+(?:\.\d)? % of the sync committee sign$/,
    // Nobody signs for the block of genesis.
    silent: play(
      votes(1, { "ethereum.sync.bits": 0 }),
      ...range(2, 30).map((n) => votes(n, { "ethereum.sync.bits": 495 })),
    ),
  },
  "empty-payloads": {
    fires: play(...range(1, 100).map((n) => block(n, n > 90 ? empty : {}))),
    severity: "warning",
    title: /^10 of the last 32 blocks hold no transaction$/,
    // A network that never has transactions, and one that has few.
    silent: (watched) => {
      play(...range(1, 100).map((n) => block(n, empty)))(watched);
      play(...range(1101, 1300).map((n) => block(n, n % 2 === 0 ? empty : {})))(watched);
    },
  },
  "mempool-congestion": {
    fires: play(...range(1, 60).map((n) => block(n)), ...range(61, 76).map((n) => block(n, full(1 + (n - 60) / 2)))),
    severity: "warning",
    title: /^The base fee is \d(?:\.\d)? times what it was, and blocks stay \d+ % full$/,
    silent: play(...range(1, 60).map((n) => block(n)), ...range(61, 76).map((n) => block(n, full(1.2))), block(77)),
  },
  "checkpoint-conflict": {
    fires: play(checkpoint("n1", 290, "a"), checkpoint("n2", 290.1, "b")),
    severity: "high",
    title: /^Nodes hold different justified checkpoints$/,
    silent: play(checkpoint("n1", 290, "a"), checkpoint("n2", 290.1, "a"), checkpoint("n1", 291, "a")),
  },
  "node-behind": {
    fires: play(nodeSlot(8, "same", 0), nodeSlot(9, "behind", 1), nodeSlot(10, "behind", 1)),
    severity: "warning",
    title: /^n1 is a slot behind$/,
    silent: play(nodeSlot(8, "behind", 1), nodeSlot(9, "same", 0), nodeSlot(10, "behind", 1), nodeSlot(11, "ahead", 0)),
  },
  "node-disconnected": {
    fires: async (watched) => {
      watched.tell(5, streamOf("n1", "down"));
      await watched.pass(7.1);
    },
    severity: "warning",
    title: /^n1 is disconnected$/,
    silent: async (watched) => {
      watched.tell(5, streamOf("n1", "down"));
      watched.tell(6.5, streamOf("n1", "up"));
      await watched.pass(20);
    },
  },
  "node-unreachable": {
    fires: async (watched) => {
      watched.tell(5, streamOf("n1", "down", NEVER_UP));
      await watched.pass(70);
    },
    severity: "warning",
    title: /^n1 cannot be reached$/,
    silent: async (watched) => {
      watched.tell(5, streamOf("n1", "down", NEVER_UP));
      watched.tell(60, streamOf("n1", "up"));
      watched.tell(80, streamOf("n1", "down"));
      await watched.pass(200);
    },
  },
  "stream-silent": {
    fires: play(
      ofNode("ethereum.gap", "n1", 9, { "event.reason": "silent", "event.start": 1.8e15, "event.end": 1.8e15 + 5e6 }),
    ),
    severity: "warning",
    title: /^Events of n1 are missing \(silent\)$/,
    silent: play(
      ofNode("ethereum.gap", "n1", 9, { "event.reason": "restart", "event.start": 1.8e15, "event.end": 1.8e15 + 5e6 }),
    ),
  },
  "stream-incomplete": {
    fires: play(
      own("node_epoch", "1/n1", 32, {
        "ethereum.epoch": 1,
        "observer.name": "n1",
        "ethereum.completeness.blocks_total": 32,
        "ethereum.completeness.left_out": [40, 44],
      }),
    ),
    severity: "warning",
    title: /^The stream of n1 left out 2 of 32 blocks of epoch 1$/,
    silent: play(
      own("node_epoch", "1/n1", 32, {
        "ethereum.epoch": 1,
        "observer.name": "n1",
        "ethereum.completeness.blocks_total": 32,
        "ethereum.completeness.left_out": [40],
      }),
    ),
  },
  "node-syncing": {
    fires: async (watched) => {
      play(...[9, 10, 11].map((n) => syncStatus(n, { "ethereum.syncing": true, "ethereum.sync_distance": 40 })))(
        watched,
      );
      await watched.pass(12);
    },
    severity: "warning",
    title: /^n1 is syncing, 40 slots behind$/,
    silent: async (watched) => {
      play(syncStatus(9, { "ethereum.syncing": true, "ethereum.sync_distance": 1 }), syncStatus(10, {}))(watched);
      await watched.pass(20);
    },
  },
  "execution-trouble": {
    fires: play(...[9, 10, 11].map((n) => syncStatus(n, { "ethereum.execution_offline": true }))),
    severity: "high",
    title: /^The execution client of n1 does not answer$/,
    silent: play(
      syncStatus(9, { "ethereum.execution_optimistic": true, "ethereum.syncing": true }),
      syncStatus(10, {}),
      syncStatus(11, { "ethereum.execution_offline": true }),
      syncStatus(11.5, {}),
    ),
  },
  "few-peers": {
    fires: play(...range(1, 12).map((n) => peers(n, 60)), peers(13, 20)),
    severity: "warning",
    title: /^n1 has only 20 peers$/,
    // One alone has no peers and never had.
    silent: play(...range(1, 12).map((n) => peers(n, 0))),
  },
  "clock-offset": {
    fires: play(clock(-900, 20)),
    severity: "warning",
    title: /^The clock of this machine is off by -900 ms$/,
    silent: play(clock(-900, 800), clock(120, 5)),
  },
  "own-attestations": {
    fires: play(rows(3, 2), rows(4, 3)),
    severity: "high",
    title: /^2 of 3 validators of home miss vote after vote$/,
    silent: play(rows(3, 2)),
  },
  "own-proposals": {
    fires: play(duty("proposal", "missed")),
    severity: "high",
    title: /^Validator 1200 of home: proposal of slot 40 missed$/,
    silent: play(duty("proposal", "late"), duty("attestation", "missed")),
  },
  "own-sync-committee": {
    fires: play(duty("sync", "missed", { "ethereum.sync.missed": 12, "ethereum.sync.expected": 20 })),
    severity: "warning",
    title: /^Validators of home leave out sync committee signatures$/,
    silent: play(duty("sync", "missed", { "ethereum.sync.missed": 2, "ethereum.sync.expected": 2 })),
  },
  "own-group-silent": {
    fires: play(
      ...range(1, 8).map((n) =>
        votes(n, {
          "ethereum.votes.groups": { home: { expected: 2, seen: n > 4 ? 0 : 2 }, guests: { expected: 3, seen: 3 } },
        }),
      ),
    ),
    severity: "high",
    title: /^No vote of home was seen in slots 5 to 8$/,
    // A single vote, and an outage of all.
    silent: play(
      ...range(1, 12).map((n) =>
        votes(n, { "ethereum.votes.groups": { home: { expected: 1, seen: n === 12 ? 0 : 1 } } }),
      ),
      ...range(13, 20).map((n) =>
        votes(n, { "ethereum.votes.seen": 200, "ethereum.votes.groups": { home: { expected: 5, seen: 0 } } }),
      ),
    ),
  },
  "monitor-drops": {
    fires: play(
      monitor("queue", { "ethereum.monitor.queue": "intake", "ethereum.monitor.dropped": 12 }),
      monitor("program", { "ethereum.monitor.dropped": 3 }),
    ),
    severity: "high",
    title: /^12 dropped by the queue intake$/,
    silent: play(monitor("queue", { "ethereum.monitor.queue": "intake", "ethereum.monitor.dropped": 0 })),
  },
  "monitor-queues": {
    fires: play(
      monitor("queue", {
        "ethereum.monitor.queue": "intake",
        "ethereum.monitor.fullness": 0.85,
        "ethereum.monitor.items": 85,
        "ethereum.monitor.limit": 100,
        "ethereum.monitor.pushed": 900,
      }),
    ),
    severity: "warning",
    title: /^The queue intake holds 85 of 100$/,
    silent: play(monitor("queue", { "ethereum.monitor.queue": "intake", "ethereum.monitor.fullness": 0.4 })),
  },
  "monitor-quarantine": {
    fires: play(monitor("program", { "ethereum.monitor.quarantined": 40, "ethereum.monitor.events": 900 })),
    severity: "warning",
    title: /^40 events went to quarantine$/,
    silent: play(monitor("program", { "ethereum.monitor.quarantined": 2, "ethereum.monitor.events": 900 })),
  },
  "monitor-lag": {
    fires: async (watched) => {
      const lag = { "ethereum.monitor.unsearchable": 900_000, "ethereum.monitor.loop_delay_p99_ms": 12 };
      watched.tell(5, monitor("program", lag));
      watched.tell(9, monitor("program", lag));
    },
    severity: "warning",
    title: /^The monitor lags: 900000 documents wait, stamps are 12 ms off$/,
    silent: play(
      monitor("program", { "ethereum.monitor.unsearchable": 900, "ethereum.monitor.loop_delay_p99_ms": 12 }),
    ),
  },
};
