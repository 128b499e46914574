import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { systemClock } from "../lib/clock.ts";
import { Fault, messageOf } from "../lib/fault.ts";
import { exportContent, remarkLines } from "./export-content.ts";
import { stoppable } from "./stop-signal.ts";

type Options = {
  out: string;
  elastic: string;
  url?: string;
  data?: string;
  network?: string;
  networkConfig?: string;
  json?: true;
};

export function addGrafana(program: Command): void {
  program
    .command("grafana")
    .description("Data sources and dashboards for Grafana, over the Elasticsearch face or a cluster.")
    .command("export")
    .description("Write files for Grafana's provisioning: data sources, and a dashboard each; docs/kibana.md.")
    .requiredOption("--out <directory>", "where datasources/ and dashboards/ are written")
    .option(
      "--elastic <url>",
      "the Elasticsearch face, or the cluster, as Grafana reaches it",
      urlOf,
      "http://127.0.0.1:9200",
    )
    .addOption(new Option("--url <url>", "a running ethmon, for its network and what is saved in it").conflicts("data"))
    .option("--data <directory>", "the data directory of a running ethmon")
    .option("--network <name>", "the network whose indices are shown; default: the running ethmon's, or the file's")
    .option("--network-config <file>", "a node's config/spec and genesis, where no ethmon runs; docs/kibana.md")
    .option("--json", "print one JSON object")
    .action(exportFiles);
}

async function exportFiles(options: Options): Promise<void> {
  await stoppable(async (signal) => {
    const content = await exportContent(options, { clock: systemClock(), signal });
    const { grafanaFiles } = await import("../export/grafana/dashboards.ts");
    const { files, panels: shown, remarks } = grafanaFiles(content, options.elastic);
    for (const { path, text } of files) await write(join(options.out, path), text);
    const paths = files.map(({ path }) => join(options.out, path));
    const { name: network } = content.network;
    process.stdout.write(
      options.json
        ? `${JSON.stringify({ network, files: paths, remarks })}\n`
        : `${[
            ...paths,
            ...remarkLines(remarks),
            `${shown} of ${content.panels.length} panels of the network ${network} are in ${content.dashboards.length} dashboards.`,
          ].join("\n")}\n`,
    );
  });
}

async function write(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch (cause) {
    throw new Fault("file_unwritable", `${path} cannot be written: ${messageOf(cause)}.`, { cause });
  }
}

function urlOf(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError("It must be the URL of an Elasticsearch.");
}
