import type { Enriched } from "../enrich/enrich.ts";
import type { AlertStage, AlertState, Severity } from "../events/alert-records.ts";
import type { GapRecord, SlotRecord } from "../events/derived.ts";
import type { DutyRecord, ValidatorEpochRecord } from "../events/duty-records.ts";
import type { ReorgRecord } from "../events/reorg.ts";
import { compareTexts } from "../lib/compare-texts.ts";
import type { EpochsReport, EpochsReportBuilder } from "./epochs-report.ts";
import type { MeasureUpdate } from "./measure-update.ts";

/** The report of a replay; DESIGN.md, "Replay report". Lists by slot, then root; nodes by name. */
export type ReplayReport = {
  events: number;
  slots: readonly {
    slot: number;
    status: string;
    proposer: number | null;
    block_root: string | null;
    parent_root: string | null;
    parent_inferred?: true;
    seen_ms: Readonly<Record<string, number>>;
    delay_ms: number | null;
    late: boolean;
  }[];
  missed: readonly number[];
  late: readonly number[];
  orphaned: readonly { slot: number; block_root: string; nodes: readonly string[] }[];
  reorgs: readonly {
    slot: number;
    depth: number;
    nodes: readonly string[];
    old_head: string;
    new_head: string;
    common_ancestor: string | null;
  }[];
  gaps: readonly GapRecord[];
  quarantined: number;
  echoes: number;
  /** Of labelled validators; left out without labels. */
  duties?: { validators: readonly Omit<ValidatorEpochRecord, "missed_in_row">[]; faults: readonly DutyRecord[] };
  /** By when they began; left out without watches. */
  alerts?: readonly ReplayedAlert[];
} & Partial<EpochsReport>;

/** One alert of a replay; moments are Unix milliseconds of the recording. */
export type ReplayedAlert = {
  /** Id of the watch. */
  rule: string;
  about: string;
  /** When the recording ended. */
  state: AlertState;
  severity: Severity;
  since: number;
  until: number | null;
  slot: number | null;
  nodes: readonly string[];
  title: string;
  told: readonly { action: string; stage: AlertStage; at_ms: number }[];
};

export type ReportBuilder = {
  noteEvent(): void;
  noteUnreadable(): void;
  noteEnriched(enriched: Enriched): void;
  noteUpdates(updates: readonly MeasureUpdate[]): void;
  report(): ReplayReport;
};

/** Gathers a replay's report from what the pipeline gives; with `ofEpochs` also what is told of whole epochs. */
export function createReport(ofEpochs?: EpochsReportBuilder): ReportBuilder {
  const slots = new Map<number, SlotRecord>();
  const reorgs = new Map<string, ReorgRecord>();
  const gaps: GapRecord[] = [];
  const duties = new Map<string, DutyRecord>();
  const validators = new Map<string, ValidatorEpochRecord>();
  let events = 0;
  let quarantined = 0;
  let echoes = 0;

  return {
    noteEvent() {
      events += 1;
    },
    noteUnreadable() {
      quarantined += 1;
    },
    noteEnriched(enriched) {
      if (enriched.kind === "quarantine") quarantined += 1;
      if (enriched.kind === "event" && enriched.echo) echoes += 1;
    },
    noteUpdates(updates) {
      ofEpochs?.noteUpdates(updates);
      for (const update of updates) {
        if (update.dataset === "slot") slots.set(update.record.slot, update.record);
        if (update.dataset === "reorg") reorgs.set(update.record.id, update.record);
        if (update.dataset === "duty") duties.set(update.record.id, update.record);
        if (update.dataset === "validator_epoch") {
          validators.set(`${update.record.epoch}/${update.record.group}`, update.record);
        }
        if (update.dataset === "ethereum.gap") gaps.push(update.record);
      }
    },
    report() {
      const reported = [...slots.values()].filter((slot) => slot.blocks.some(wasReported)).map((slot) => slot.slot);
      const lowest = reported.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
      const highest = reported.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
      const inRange = [...slots.values()]
        .filter(({ slot }) => slot >= lowest && slot <= highest)
        .sort((a, b) => a.slot - b.slot);
      const inEpochs = [...validators.values()]
        .sort((a, b) => a.epoch - b.epoch || compareTexts(a.group, b.group))
        .map(({ missed_in_row: _, ...record }) => record);
      const faults = [...duties.values()]
        .filter(({ withdrawn }) => !withdrawn)
        .sort((a, b) => a.slot - b.slot || compareTexts(a.kind, b.kind) || a.validator - b.validator);
      return {
        events,
        slots: inRange.map((record) => ({
          slot: record.slot,
          status: record.status,
          proposer: record.proposer_index,
          block_root: record.block_root,
          parent_root: record.parent_root,
          ...(record.parent_inferred ? { parent_inferred: true } : {}),
          seen_ms: record.seen_ms,
          delay_ms: record.delay_ms,
          late: record.late,
        })),
        missed: inRange.filter(({ status }) => status === "missed").map(({ slot }) => slot),
        late: inRange.filter(({ late }) => late).map(({ slot }) => slot),
        orphaned: inRange.flatMap(({ slot, status, blocks }) =>
          blocks
            .filter((block) => !block.canonical && status !== "unknown")
            .map((block) => ({ slot, block_root: block.root, nodes: Object.keys(block.seen_ms).sort() }))
            .sort((a, b) => compareTexts(a.block_root, b.block_root)),
        ),
        reorgs: [...reorgs.values()]
          .filter(({ withdrawn }) => !withdrawn)
          .sort((a, b) => a.slot - b.slot || compareTexts(a.new_head, b.new_head) || compareTexts(a.id, b.id))
          .map(({ slot, depth, nodes, old_head, new_head, common_ancestor }) => ({
            slot,
            depth,
            nodes,
            old_head,
            new_head,
            common_ancestor,
          })),
        gaps: gaps.toSorted((a, b) => a.from_ms - b.from_ms || compareTexts(a.node, b.node)),
        quarantined,
        echoes,
        ...(validators.size === 0 && duties.size === 0 ? {} : { duties: { validators: inEpochs, faults } }),
        ...ofEpochs?.report(),
      };
    },
  };
}

const wasReported = (block: { seen_ms: Readonly<Record<string, number>> }) => Object.keys(block.seen_ms).length > 0;
