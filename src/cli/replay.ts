import { type Command, InvalidArgumentError } from "commander";
import type { RecordingCut } from "../collect/recording.ts";
import { systemClock } from "../lib/clock.ts";
import { sleep } from "../lib/sleep.ts";
import type { ReplayedAlert, ReplayReport } from "../measure/report.ts";
import { stopSignal } from "./stop-signal.ts";

type Options = { json?: true; epochs?: true; speed: number; labels?: string; watches?: string };

export function addReplay(program: Command): void {
  program
    .command("replay")
    .argument("<directory>", "a recording: meta.json and events.jsonl, .gz or .zst")
    .description("Run a recording through the pipeline with the recording's clock, and report what happened.")
    .option("--json", "print the report as one JSON object")
    .option("--epochs", "tell also of whole epochs: completeness and bias of each node, latency between each two")
    .option(
      "--speed <factor>",
      "1 for the recording's own pace, 10 for ten times that; as fast as it goes without",
      factor,
      0,
    )
    .option("--labels <file>", "judge the duties of these validators, too; docs/duties.md")
    .option("--watches <path>", "tell what these watches would have told: a file, or a directory such as watches/")
    .addHelpText("after", "\nThe report is the same at any speed, byte for byte.")
    .action(async (directory: string, options: Options) => {
      const { replay } = await import("../replay.ts");
      const { readLabelFile } = await import("../run/label-file.ts");
      const { readWatchFiles } = await import("../alert/shipped.ts");
      const { signal, close } = stopSignal();
      const pace = options.speed > 0 ? pacer(options.speed, signal) : undefined;
      try {
        const labels = options.labels === undefined ? undefined : await readLabelFile(options.labels);
        const watches = options.watches === undefined ? undefined : readWatchFiles(options.watches);
        const report = await replay({
          directory,
          signal,
          labels,
          onCut: warnOfCut,
          epochs: options.epochs === true,
          ...(watches === undefined ? {} : { watches }),
          ...(pace === undefined ? {} : { pace }),
        });
        process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : summary(report));
      } finally {
        close();
      }
    });
}

function warnOfCut({ path, afterLine }: RecordingCut): void {
  process.stderr.write(`ethmon: ${path} was cut after line ${afterLine}: the report is of what is before.\n`);
}

function factor(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError("It must be a number above 0.");
}

/** Waits until an observation is due; the recording's first one is due at once. */
function pacer(speed: number, signal: AbortSignal): (receivedAtUs: number) => Promise<void> {
  const clock = systemClock();
  const startedUs = clock.monoUs();
  let firstUs: number | undefined;
  return async (receivedAtUs) => {
    firstUs ??= receivedAtUs;
    const dueMs = ((receivedAtUs - firstUs) / speed - (clock.monoUs() - startedUs)) / 1000;
    if (dueMs >= 1) await sleep(dueMs, signal);
  };
}

function summary(report: ReplayReport): string {
  const count = (status: string) => report.slots.filter((slot) => slot.status === status).length;
  const short = (root: string | null) => (root === null ? "unknown" : `${root.slice(0, 6)}…${root.slice(-4)}`);
  const { validators, faults } = report.duties ?? { validators: [], faults: [] };
  const lines = [
    `${report.events} events, ${report.echoes} echoes, ${report.quarantined} quarantined`,
    `${report.slots.length} slots: ${count("proposed")} proposed, ${count("missed")} missed, ` +
      `${count("orphaned")} orphaned, ${count("unknown")} unknown`,
    ...report.missed.map((slot) => `slot ${slot} missed`),
    ...report.slots
      .filter(({ late }) => late)
      .map(({ slot, delay_ms }) => `slot ${slot} late: first seen ${delay_ms?.toFixed(0)} ms into the slot`),
    ...report.orphaned.map(
      ({ slot, block_root, nodes }) =>
        `slot ${slot} block ${short(block_root)} not canonical, seen by ${nodes.join(", ")}`,
    ),
    ...report.reorgs.map(
      ({ slot, depth, nodes, old_head, new_head }) =>
        `slot ${slot} reorg of depth ${depth} on ${nodes.join(", ")}: ${short(old_head)} left for ${short(new_head)}`,
    ),
    ...report.gaps.map(
      ({ node, from_ms, to_ms, cause }) =>
        `${node} gap of ${((to_ms - from_ms) / 1000).toFixed(1)} s from ${new Date(from_ms).toISOString()} (${cause})`,
    ),
    ...(report.alerts ?? []).map(alertLine),
    ...comparisonLines(report),
    ...validators.map(
      ({ group, epoch, attestations, attestations_ok, proposals, proposals_ok }) =>
        `${group} epoch ${epoch}: ${attestations_ok} of ${attestations} votes and ${proposals_ok} of ${proposals} proposals ok`,
    ),
    ...faults.map(
      ({ kind, slot, validator, group, outcome, cause, sentence }) =>
        `slot ${slot} validator ${validator} (${group}) ${kind} ${outcome.replaceAll("_", " ")}, ${cause}: ${sentence}`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}

function alertLine({ rule, severity, title, since, until, told }: ReplayedAlert): string {
  const lasted = until === null ? "still on at the end" : `for ${((until - since) / 1000).toFixed(1)} s`;
  const how = [...new Set(told.map(({ stage }) => stage))].join(", ");
  return `alert ${rule} (${severity}) from ${new Date(since).toISOString()} ${lasted}, told ${how || "nobody"}: ${title}`;
}

/** How the nodes compare, where it was asked for. */
function comparisonLines({ nodes = {}, latency = [] }: ReplayReport): string[] {
  const signed = (ms: number) => `${ms < 0 ? "" : "+"}${ms.toFixed(1)} ms`;
  return [
    ...Object.entries(nodes).map(([node, { completeness, bias_ms }]) => {
      const share =
        completeness === null ? "nothing to be compared with" : `${(100 * completeness).toFixed(2)} % complete`;
      return `${node} ${share}, own bias ${bias_ms === null ? "not known" : signed(bias_ms)}`;
    }),
    ...latency.map(
      ({ a, b, median_ms, p90_ms, n }) =>
        `${b} ${signed(median_ms)} after ${a} (median of ${n} blocks; nine in ten within ${p90_ms.toFixed(1)} ms)`,
    ),
  ];
}
