import type { Command } from "commander";
import { loadConfig } from "../config/load.ts";
import { limitsOf } from "../config/retention-limits.ts";
import { catalogue } from "../events/catalogue.ts";
import { systemClock } from "../lib/clock.ts";
import { Fault } from "../lib/fault.ts";
import { createLog } from "../lib/log.ts";
import { checkStores, type StoresReport } from "../store/copy/check-stores.ts";
import { comparisonLines } from "./comparison-lines.ts";
import { EXIT_FAULT, EXIT_INTERRUPTED } from "./exit-codes.ts";
import { stopSignal } from "./stop-signal.ts";

type Options = { store?: string; config?: string; data?: string; network?: string; json?: true };

export function addStoreCheck(store: Command): void {
  store
    .command("check")
    .description("Hold a cluster against the catalogue, and an embedded store against the cluster; changes nothing.")
    .option("--store <url>", "the Elasticsearch or OpenSearch")
    .option("--config <file>", "configuration file whose store.elasticsearch says how a cluster is reached")
    .option("--data <directory>", "a data directory that writes there, or whose documents should be there, too")
    .option("--network <name>", "the network to check, where there are several")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      "\nExit code: 0 nothing differs; 1 something does; 75 the cluster is away or the directory in use.",
    )
    .action(check);
}

async function check({ store: url, config: file, data, network, json }: Options): Promise<void> {
  const { signal, close } = stopSignal();
  try {
    const overrides = url === undefined ? {} : { store: [url] };
    const config = await loadConfig({ file, overrides, env: process.env });
    const settings = config.store.elasticsearch;
    if (settings === undefined) {
      throw new Fault("config_invalid", "No cluster is named: give --store URL, or --config with store.elasticsearch.");
    }
    const report = await checkStores({
      settings,
      directory: data,
      network,
      datasets: catalogue,
      retention: limitsOf(config.retention),
      clock: systemClock(),
      log: createLog({ level: "warn" }),
      signal,
    });
    const isSame = isAlike(report);
    process.stdout.write(json ? `${JSON.stringify(jsonOf(report, isSame))}\n` : textOf(report, isSame));
    if (!isSame) process.exitCode = EXIT_FAULT;
  } catch (error) {
    if (!signal.aborted) throw error;
    process.exitCode = EXIT_INTERRUPTED;
  } finally {
    close();
  }
}

function isAlike({ findings, comparisons }: StoresReport): boolean {
  return findings.every(({ kind }) => kind === "remark") && comparisons.every(({ same }) => same);
}

function jsonOf(report: StoresReport, same: boolean): object {
  const { place, network, distribution, version, findings, datasets, comparisons } = report;
  const sentences = (kind: string) =>
    findings.filter((one) => one.kind === kind).map(({ index = null, sentence }) => ({ index, sentence }));
  return {
    store: place,
    network,
    distribution,
    version,
    same,
    differences: sentences("difference"),
    remarks: sentences("remark"),
    indices: datasets.map(({ index, rows, bytes }) => ({ index, documents: rows, bytes })),
    comparisons,
  };
}

function textOf(report: StoresReport, isSame: boolean): string {
  const { place, network, findings, datasets, comparisons } = report;
  const documents = datasets.reduce((sum, { rows }) => sum + rows, 0);
  const lines = [
    `${place} holds ${documents} documents of ${network} in ${datasets.length} data streams and indices.`,
    ...findings.map(({ kind, sentence }) => (kind === "remark" ? `Remark: ${sentence}` : sentence)),
    ...comparisons.flatMap(comparisonLines),
    ...(comparisons.some(({ same }) => !same)
      ? ['`ethmon store copy` brings what the directory has into the cluster; "source" is the directory here.']
      : []),
    ...(isSame ? ["Nothing differs."] : []),
  ];
  return `${lines.join("\n")}\n`;
}
