import type { Dataset } from "../../events/dataset.ts";
import { streamDataset } from "../../events/derived.ts";
import { isoSeconds } from "../../lib/moment-words.ts";
import { indexName } from "../../search/index-pattern.ts";
import type { Watch } from "../watch.ts";
import type { BacktestLimits } from "./backtest-deps.ts";
import { oldestMs, type Past } from "./past-documents.ts";

/** What began so soon after the span is no matter. */
const SOON_MS = 60_000;

/** What limits a back-test, in sentences for whoever reads its result. */
export async function backtestNotes(told: {
  watch: Watch;
  past: Past;
  datasets: readonly Dataset[];
  fromMs: number;
  untilMs: number;
  /** Indices that searches reached whose documents are replaced. */
  replaced: readonly string[];
  everyMoment: number;
  stoppedMs: number | undefined;
  limits: BacktestLimits;
  unjudged: { checks: number; reason: string | undefined };
  droppedAlerts: number;
}): Promise<string[]> {
  const { watch, everyMoment, stoppedMs, limits, unjudged, droppedAlerts, replaced } = told;
  return [
    ...(stoppedMs === undefined
      ? []
      : [
          `It was stopped after ${Math.round(limits.tookMs / 1000)} s, at ${isoSeconds(stoppedMs)}: what came later was not looked at.`,
        ]),
    ...(everyMoment === 1
      ? []
      : [`Of the schedule's moments about one in ${everyMoment} was checked, since at most ${limits.checks} are.`]),
    ...(unjudged.reason === undefined
      ? []
      : [
          `${unjudged.checks} checks could not be judged, as they would not have been then; the first: ${unjudged.reason}`,
        ]),
    ...(droppedAlerts === 0 ? [] : [`${droppedAlerts} further alerts are not listed.`]),
    ...(await streamNotes(told)),
    ...(replaced.length === 0
      ? []
      : [
          `Documents of ${replaced.join(", ")} were seen as they are now: what they said before they were replaced is not stored.`,
        ]),
    ...(watch.alert !== undefined && watch.alert.needsNodes !== 0
      ? [
          "A node's stream is taken to have been up but for its gaps, and the node in sync but for when it said otherwise.",
        ]
      : []),
  ];
}

async function streamNotes(told: {
  watch: Watch;
  past: Past;
  datasets: readonly Dataset[];
  fromMs: number;
}): Promise<string[]> {
  const { watch, past, datasets, fromMs } = told;
  const { trigger } = watch;
  if (trigger.kind !== "stream") return [];
  const dataset = datasets.find(({ name }) => name === trigger.dataset);
  if (dataset === undefined) return [];
  if (dataset.name === streamDataset.name) return ["The past of streams is that of their gaps."];
  const name = indexName(dataset, past.network);
  const oldest = await oldestMs(past, dataset);
  return [
    ...(oldest === undefined ? [`Nothing of ${name} is stored.`] : []),
    ...(oldest !== undefined && oldest > fromMs + SOON_MS
      ? [`The oldest document of ${name} that is stored is of ${isoSeconds(oldest)}.`]
      : []),
    ...(dataset.kind === "index"
      ? [
          `Each document of ${name} was seen once, as it is now and at its own time: states that it went through, and how ` +
            "much later its last one was known, are hidden.",
        ]
      : []),
  ];
}
