import { writeFile } from "node:fs/promises";
import { type Command, InvalidArgumentError, Option } from "commander";
import { TARGETS, type Target } from "../export/kibana/target.ts";
import { systemClock } from "../lib/clock.ts";
import { Fault, messageOf } from "../lib/fault.ts";
import type { Theme } from "../panels/vega-config.ts";
import { EXIT_FAULT } from "./exit-codes.ts";
import { type ContentOptions, exportContent, remarkLines } from "./export-content.ts";
import { stoppable } from "./stop-signal.ts";

type Common = { network?: string; networkConfig?: string; data?: string; theme: Theme; json?: true };
type ExportOptions = Common & { out: string; for: Target; url?: string };
type SetupOptions = Common & { url: string; for?: Target; space?: string; ethmon?: string };

const CODES =
  "\nExit code: 0 all is there; 1 something was refused, or the command is wrong; 75 that may pass by itself.";

export function addKibana(program: Command): void {
  const kibana = program
    .command("kibana")
    .description("Panels, dashboards and searches for Kibana and OpenSearch Dashboards.");
  withCommon(kibana.command("export"))
    .description("Write them as a file of saved objects, to be imported there.")
    .requiredOption("--out <file>", "the file that is written, NDJSON")
    .addOption(targetOption().default("kibana-9"))
    .addOption(new Option("--url <url>", "a running ethmon, for its network and what is saved in it").conflicts("data"))
    .action(exportFile);
  withCommon(kibana.command("setup"))
    .description("Import them into a running one over its API; what an earlier setup made is replaced.")
    .requiredOption("--url <url>", "the Kibana or OpenSearch Dashboards")
    .addOption(targetOption().default(undefined, "what the other side says it is"))
    .option("--space <id>", "a space of Kibana", spaceOf)
    .addOption(
      new Option("--ethmon <url>", "a running ethmon, for its network and what is saved in it").conflicts("data"),
    )
    .addHelpText(
      "after",
      `\nCredentials come from ETHMON_KIBANA_API_KEY, or ETHMON_KIBANA_USER and ETHMON_KIBANA_PASSWORD.${CODES}`,
    )
    .action(setUp);
}

function withCommon(command: Command): Command {
  return command
    .option("--network <name>", "the network whose indices are shown; default: the running ethmon's, or the file's")
    .option("--network-config <file>", "a node's config/spec and genesis, where no ethmon runs; docs/kibana.md")
    .option("--data <directory>", "the data directory of a running ethmon")
    .addOption(new Option("--theme <theme>", "colours of the charts").choices(["light", "dark"]).default("light"))
    .option("--json", "print one JSON object");
}

function targetOption(): Option {
  return new Option("--for <target>", "what it is written for").choices(TARGETS);
}

async function exportFile(options: ExportOptions): Promise<void> {
  await stoppable(async (signal) => {
    const content = await exportContent(options, { clock: systemClock(), signal });
    const { exportObjects } = await import("../export/kibana/export-objects.ts");
    const { lineOf } = await import("../export/kibana/saved-objects.ts");
    const { objects, remarks } = exportObjects({ content, target: options.for, theme: options.theme });
    await write(options.out, objects.map((object) => `${lineOf(options.for, object)}\n`).join(""));
    const counts = countsOf(objects);
    const lines = [
      `${options.out} has ${objects.length} objects for ${options.for}, of the network ${content.network.name}: ${counts.words}.`,
      ...remarkLines(remarks),
    ];
    print(
      options,
      { file: options.out, for: options.for, network: content.network.name, objects: counts.by, remarks },
      lines,
    );
  });
}

async function setUp(options: SetupOptions): Promise<void> {
  await stoppable(async (signal) => {
    const { createKibanaClient } = await import("../export/kibana/kibana-client.ts");
    const { findTarget } = await import("../export/kibana/find-target.ts");
    const { exportObjects } = await import("../export/kibana/export-objects.ts");
    const { importObjects } = await import("../export/kibana/import-objects.ts");
    const client = createKibanaClient({
      url: options.url,
      credentials: {
        apiKey: process.env["ETHMON_KIBANA_API_KEY"],
        user: process.env["ETHMON_KIBANA_USER"],
        password: process.env["ETHMON_KIBANA_PASSWORD"],
      },
      space: options.space,
      signal,
    });
    const target = await findTarget(client, options.for);
    if (options.space !== undefined && !target.startsWith("kibana"))
      throw new Fault("kibana_space", "OpenSearch Dashboards has no spaces.");
    const source: ContentOptions = { ...options, url: options.ethmon };
    const content = await exportContent(source, { clock: systemClock(), signal });
    const { objects, remarks } = exportObjects({ content, target, theme: options.theme });
    const { imported, refused } = await importObjects({ client, target, objects });
    const overwritten = imported.filter(({ outcome }) => outcome === "overwritten").length;
    print(options, { url: client.origin, for: target, network: content.network.name, imported, refused, remarks }, [
      ...imported.map(({ outcome, type, id, title }) => `${outcome}  ${type}  ${id}  ${title}`),
      ...refused.map(({ type, id, title, reason }) => `refused  ${type}  ${id}  ${title}: ${reason}`),
      ...remarkLines(remarks),
      `${client.origin} (${target}): ${imported.length - overwritten} created, ${overwritten} overwritten, ${refused.length} refused.`,
    ]);
    if (refused.length > 0 || imported.length < objects.length) process.exitCode = EXIT_FAULT;
  });
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (cause) {
    throw new Fault("file_unwritable", `${path} cannot be written: ${messageOf(cause)}.`, { cause });
  }
}

function countsOf(objects: readonly { type: string }[]): { by: Record<string, number>; words: string } {
  const by: Record<string, number> = {};
  for (const { type } of objects) by[type] = (by[type] ?? 0) + 1;
  return {
    by,
    words: Object.entries(by)
      .map(([type, count]) => `${count} ${type}`)
      .join(", "),
  };
}

function print(options: { json?: true }, value: object, lines: readonly string[]): void {
  process.stdout.write(options.json ? `${JSON.stringify(value)}\n` : `${lines.join("\n")}\n`);
}

function spaceOf(text: string): string {
  if (/^[a-z0-9_-]+$/.test(text)) return text;
  throw new InvalidArgumentError("The id of a space has lower-case letters, digits, _ and - alone.");
}
