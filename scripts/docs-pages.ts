import { z } from "zod";
import { configSchema } from "../src/config/schema.ts";
import { catalogue, topicsLeftOut } from "../src/events/catalogue.ts";
import { type Column, type Dataset, type Keep, keepOf } from "../src/events/dataset.ts";
import { nodeEventColumns } from "../src/events/topic.ts";
import { describeSearch } from "../src/search/describe.ts";
import { renderApiDocs } from "../src/serve/api-docs.ts";
import { createMetrics } from "../src/serve/metrics.ts";
import { renderMetricsDocs } from "../src/serve/metrics-docs.ts";
import { openApiDocument } from "../src/serve/openapi.ts";
import { dutiesPage } from "./duties-page.ts";
import { pipelinesPage } from "./pipelines-page.ts";
import { rulesPage } from "./rules-page.ts";
import { watchScriptsPage } from "./watch-scripts-page.ts";

/** The pages of docs/ that are made from the code, by file name. */
export function generatedPages(): Readonly<Record<string, string>> {
  return {
    "datasets.md": datasetsPage(),
    "config.md": configPage(),
    "duties.md": dutiesPage(),
    "pipelines.md": pipelinesPage(),
    "rules.md": rulesPage(),
    "search.md": page(describeSearch()),
    "watch-scripts.md": watchScriptsPage(),
    "api.md": renderApiDocs(openApiDocument()),
    "metrics.md": renderMetricsDocs(createMetrics({ ...unasked(), tallies: unread }).registry),
  };
}

/** Metrics are described here, never scraped. */
function unasked() {
  return { source: { network: unread, nodes: unread, health: unread }, store: { state: unread } };
}

function unread(): never {
  throw new Error("The pages of docs/ read no values");
}

function datasetsPage(): string {
  const groups: [string, string, Dataset[]][] = [
    [
      "From the nodes' event streams",
      "One data stream a topic, `logs-<dataset>-<network>`.",
      catalogue.filter((dataset) => dataset.kind === "stream" && dataset.source === "topic"),
    ],
    [
      "From the nodes' REST answers",
      "One data stream a kind of answer, `logs-<dataset>-<network>`.",
      catalogue.filter((dataset) => dataset.kind === "stream" && dataset.source === "rest"),
    ],
    [
      "Our own streams",
      "Append-only, `logs-<dataset>-<network>`.",
      catalogue.filter((dataset) => dataset.kind === "stream" && dataset.source === "own"),
    ],
    [
      "Derived documents",
      "Plain indices, `ethmon-<dataset>-<network>`: a document is replaced when more is known. Kept for ever.",
      catalogue.filter((dataset) => dataset.kind === "index"),
    ],
  ];
  const leftOut = Object.entries(topicsLeftOut).map(([topic, reason]) => `- \`${topic}\`: ${reason}`);
  return page([
    "# Datasets",
    "",
    "Every observation is a document, every document belongs to a dataset. A data stream's or index's last part is the",
    "network. Fields of type `date` are UTC; a field without a value is left out of the document.",
    "",
    ...retentionSection(),
    "## Every event of a node",
    "",
    "Fields that every document from an event stream has beside those of its dataset:",
    "",
    ...columnTable(nodeEventColumns),
    ...groups.flatMap(([title, words, datasets]) => [
      `## ${title}`,
      "",
      words,
      "",
      ...datasets.flatMap(datasetSection),
    ]),
    ...(leftOut.length === 0 ? [] : ["## Topics without a dataset", "", ...leftOut, ""]),
  ]);
}

function retentionSection(): string[] {
  const { votes_hours, raw_days, disk_gb } = configSchema.parse({}).retention;
  return [
    "## How long documents are kept",
    "",
    "| kept | documents | for how long |",
    "|---|---|---|",
    `| as votes | votes and data columns: thousands a second | \`retention.votes_hours\`, ${votes_hours} |`,
    `| as raw events | the nodes' other events and answers, and quarantine | \`retention.raw_days\`, ${raw_days} |`,
    "| for ever | what was derived from them, gaps, the clock | |",
    "",
    "The embedded store keeps the documents of a stream by UTC day and drops days whole, once their last moment is that",
    "old: with 24 hours, the votes of a day go when the next day is over. It looks at its start and every minute.",
    "",
    `Database and journal may take \`retention.disk_gb\`, ${disk_gb} GB. Above that the oldest day of votes is dropped, then`,
    "the next, then those of the other events. When nothing but what is kept for ever is left, nothing more can be done:",
    "`/api/v1/health`, `/api/v1/store` and the log say so. The database's file fills the room of dropped days before it",
    "grows, and shrinks where its end becomes free: the free part does not count. Nor does what waits in the journal to be",
    "loaded, since loading frees it. `ethmon store stats` shows it all.",
    "",
  ];
}

const KEPT: Readonly<Record<Keep, string>> = {
  votes: "Kept as votes are",
  raw: "Kept as raw events are",
  ever: "Kept for ever",
};

function datasetSection(dataset: Dataset): string[] {
  const { name, title, words } = dataset;
  const kept = dataset.kind === "index" ? "" : ` ${KEPT[keepOf(dataset)]}.`;
  const own = dataset.columns.filter((column) => !isEventDataset(dataset) || !nodeEventColumns.includes(column));
  return [`### ${name}`, "", `${title}. ${words}${kept}`, "", ...(own.length === 0 ? [] : columnTable(own))];
}

function isEventDataset(dataset: Dataset): boolean {
  return dataset.kind === "stream" && dataset.source === "topic";
}

function columnTable(columns: readonly Column[]): string[] {
  return [
    "| field | type | meaning |",
    "|---|---|---|",
    ...columns.map(
      ({ name, type, list, words }) => `| \`${name}\` | ${type}${list ? ", list" : ""} | ${cell(words)} |`,
    ),
    "",
  ];
}

type Schema = {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: readonly unknown[];
  minimum?: number;
  maximum?: number;
  items?: Schema;
  properties?: Readonly<Record<string, Schema>>;
};

function configPage(): string {
  const { properties = {} } = z.toJSONSchema(configSchema, { io: "input" }) as Schema;
  return page([
    "# Configuration",
    "",
    "`ethmon run --config FILE` reads a JSON object with these keys; unknown keys are refused. The command line wins over",
    "the file.",
    "",
    "| key | type | default | meaning |",
    "|---|---|---|---|",
    ...Object.entries(properties).flatMap(([key, schema]) => configRows(key, schema)),
    "",
  ]);
}

function configRows(key: string, schema: Schema): string[] {
  const preset = schema.default === undefined ? "" : `\`${JSON.stringify(schema.default)}\``;
  const row = `| \`${key}\` | ${typeWords(schema)} | ${preset} | ${cell(schema.description ?? "")} |`;
  const inner = Object.entries(schema.items?.properties ?? schema.properties ?? {});
  const prefix = schema.items === undefined ? key : `${key}[]`;
  return [row, ...inner.flatMap(([name, field]) => configRows(`${prefix}.${name}`, field))];
}

function typeWords(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(", ");
  if (schema.type === "array") return `list of ${typeWords(schema.items ?? {})}s`;
  const { minimum, maximum } = schema;
  return `${schema.type ?? "any"}${minimum === undefined || maximum === undefined ? "" : ` ${minimum} to ${maximum}`}`;
}

function cell(words: string): string {
  return words.replaceAll("|", "\\|");
}

function page(lines: readonly string[]): string {
  return `${lines.join("\n").trimEnd()}\n`;
}
