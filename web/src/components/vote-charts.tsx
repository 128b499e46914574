import { type ReactNode, useMemo } from "react";
import type { Line } from "../charts/series.ts";
import { SeriesChart } from "../charts/series-chart.tsx";
import { navigate, slotPath, useLocation, withQuery } from "../lib/router.ts";
import type { RangeVotes } from "../lib/use-votes.ts";
import { epochVoteSeries, type SlotVoteSeries, slotVoteSeries, type VoteSeries } from "../lib/vote-series.ts";
import { Panel } from "./panel.tsx";

const SHARE_SCALE = { from: 0.95, to: 1, most: 1 };
const PART_SCALE = { from: 0, to: 0.02, most: 1 };
const DELAY_SCALE = { from: 1, to: 1.5 };
const SYNC_KEY = "votes";

const percent = (share: number) => `${Number((100 * share).toFixed(2))} %`;
const percentTick = (share: number) => String(Number((100 * share).toFixed(2)));
const plain = (value: number) => String(Number(value.toFixed(2)));
const openSlot = (slot: number) => navigate(slotPath(slot));

/** The range's votes as series over its slots or its epochs, the live stream's and the blocks' apart. */
export function VoteCharts(props: {
  answer: RangeVotes;
  currentSlot: number /** The same as tables. */;
  children: ReactNode;
}) {
  const { answer, currentSlot, children } = props;
  const location = useLocation();
  const byEpoch = location.query.get("by") === "epoch";
  const { votes, epochs: epochRecords, firstSlot, lastSlot, firstEpoch, lastEpoch } = answer;
  const weighted = votes.some(({ weighted_by }) => weighted_by === "balance");
  // The running slot's votes are still to come: as a line they would look like a fall.
  const lastOver = Math.min(lastSlot, currentSlot - 1);
  const slots = useMemo(
    () => (byEpoch ? undefined : slotVoteSeries(votes, firstSlot, lastOver)),
    [byEpoch, votes, firstSlot, lastOver],
  );
  const epochs = useMemo(
    () => (byEpoch ? epochVoteSeries(epochRecords, firstEpoch, lastEpoch) : undefined),
    [byEpoch, epochRecords, firstEpoch, lastEpoch],
  );
  const series = slots ?? epochs;
  return (
    <Panel
      title={byEpoch ? "By epoch" : "By slot"}
      hint={`Solid is what the event streams told, dashed what canonical blocks carry. ${
        weighted
          ? "Votes weigh their effective balance."
          : "Each vote counts as one: the validator set, and so the balances, are not known."
      }`}
      className="vote-charts"
      aside={
        <div className="filters">
          <select
            aria-label="What a place on the axis is"
            value={byEpoch ? "epoch" : "slot"}
            onChange={(event) =>
              navigate(withQuery(location, { by: event.target.value === "epoch" ? "epoch" : undefined }), {
                replace: true,
              })
            }
          >
            <option value="slot">by slot</option>
            <option value="epoch">by epoch</option>
          </select>
        </div>
      }
    >
      {series !== undefined && <Charts series={series} slots={slots} byEpoch={byEpoch} />}
      {children}
    </Panel>
  );
}

function Charts(props: { series: VoteSeries; slots: SlotVoteSeries | undefined; byEpoch: boolean }) {
  const { series, slots, byEpoch } = props;
  const shared = {
    xs: series.xs,
    place: byEpoch ? "epoch" : "slot",
    syncKey: SYNC_KEY,
    ...(byEpoch ? {} : { onOpen: openSlot }),
  };
  const shares = { ...shared, unit: "% of the expected weight", scale: SHARE_SCALE, tick: percentTick, tell: percent };
  const lines = useMemo(() => linesOf(series, slots), [series, slots]);
  return (
    <div className="series-grid">
      <SeriesChart
        {...shares}
        title="Right target"
        hint="What finality needs: below 66.7 % nothing is justified."
        lines={lines.target}
        because={NO_VOTES}
      />
      <SeriesChart
        {...shares}
        title="Right head"
        hint="A fall here alone is a late or disputed block."
        lines={lines.head}
        because={NO_VOTES}
      />
      <SeriesChart
        {...shares}
        title="Right source"
        hint="In blocks a source counts only if it was included in time."
        lines={lines.source}
        because={NO_VOTES}
      />
      <SeriesChart
        {...shared}
        title="Late and missing"
        hint="First seen after the attestation deadline, and never seen."
        unit="% of the votes expected"
        scale={PART_SCALE}
        tick={percentTick}
        tell={percent}
        lines={lines.lacking}
        because={NO_VOTES}
      />
      <SeriesChart
        {...shared}
        title="Inclusion delay"
        hint="From a vote to its first block: missed slots raise the slots alone, late votes both."
        unit="mean, slots and blocks"
        scale={DELAY_SCALE}
        tick={plain}
        tell={plain}
        lines={lines.delay}
        because="no canonical block that could carry these votes was read whole."
      />
      {slots !== undefined && (
        <SeriesChart
          {...shared}
          title="Sync committee"
          hint="Bits that the slot's block carries, and members that contributions told of."
          unit="% of the committee"
          scale={SHARE_SCALE}
          tick={percentTick}
          tell={percent}
          lines={lines.sync}
          because="no block with a sync aggregate was read."
        />
      )}
    </div>
  );
}

const NO_VOTES = "the slots' committees were not known, or no node's event stream was up from their beginning.";

const NO_STREAM = "no node's event stream was up, or the slots' committees were not known.";
const NO_BODY = "a canonical block after it was not read whole yet, so that what blocks carry is not known.";
const NOT_HEARD = "no stream told of contributions.";

type Lines = Readonly<Record<"target" | "head" | "source" | "lacking" | "delay" | "sync", readonly Line[]>>;

function linesOf(series: VoteSeries, slots: SlotVoteSeries | undefined): Lines {
  const pair = (part: "target" | "head" | "source"): readonly Line[] => [
    { label: "live", values: series[`live_${part}`], colour: "ok", look: "solid", because: NO_STREAM },
    { label: "blocks", values: series[`blocks_${part}`], colour: "accent", look: "outlined", because: NO_BODY },
  ];
  return {
    target: pair("target"),
    head: pair("head"),
    source: pair("source"),
    lacking: [
      { label: "late", values: series.late, colour: "late", look: "solid", because: NO_STREAM },
      { label: "missing", values: series.missing, colour: "missed", look: "outlined" },
      ...(slots === undefined
        ? []
        : [{ label: "untimed", values: slots.untimed, colour: "votes", look: "outlined" } as const]),
    ],
    delay: [
      { label: "slots", values: series.inclusion_delay, colour: "text", look: "solid", because: NO_BODY },
      { label: "blocks", values: series.inclusion_delay_blocks, colour: "accent", look: "outlined" },
    ],
    sync:
      slots === undefined
        ? []
        : [
            {
              label: "heard",
              values: slots.sync_contributed,
              colour: "contributions",
              look: "solid",
              because: NOT_HEARD,
            },
            { label: "blocks", values: slots.sync_bits, colour: "accent", look: "outlined", because: NO_BODY },
          ],
  };
}
