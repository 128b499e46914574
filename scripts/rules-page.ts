import { fileURLToPath } from "node:url";
import { readWatchFiles } from "../src/alert/shipped.ts";
import type { Watch } from "../src/alert/watch.ts";
import { ALERT_SCOPES, type AlertScope } from "../src/events/alert-records.ts";

const SCOPE_TITLES: Readonly<Record<AlertScope, string>> = {
  network: "The network",
  node: "Nodes",
  validators: "Own validators",
  host: "The nodes' servers",
  monitor: "The monitor itself",
};

/** The page docs/rules.md: the shipped watches with their thresholds, as the files have them. */
export function rulesPage(): string {
  const watches = readWatchFiles(fileURLToPath(new URL("../watches", import.meta.url)));
  return [
    ...HEAD,
    ...ALERT_SCOPES.flatMap((scope) => [
      `## ${SCOPE_TITLES[scope]}`,
      "",
      "| rule | alerts when | thresholds | reads | from |",
      "|---|---|---|---|---|",
      ...watches.filter(({ alert }) => alert?.scope === scope).map(row),
      "",
    ]),
    ...TAIL,
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
}

function row(watch: Watch): string {
  const of = (key: string) => String(watch.metadata[key]);
  return `| \`${watch.id}\` | ${of("description")} | ${of("thresholds")} | ${readsOf(watch)} | ${of("source")} |`;
}

/** The datasets or indices, and what must be right before it judges. */
function readsOf({ trigger, source, alert }: Watch): string {
  const { input } = source as { input?: { search?: { request?: { indices?: readonly string[] } } } };
  const indices = input?.search?.request?.indices ?? [];
  const read = trigger.kind === "stream" ? [trigger.dataset] : indices;
  const nodes = alert?.needsNodes ?? 0;
  const needs = [
    ...(nodes === "majority" ? ["most nodes"] : nodes > 0 ? [`${nodes} node${nodes === 1 ? "" : "s"}`] : []),
    ...(alert?.needsClock === true ? ["the clock"] : []),
  ];
  return [
    read.map((name) => `\`${name}\``).join(" "),
    ...(needs.length === 0 ? [] : [`needs ${needs.join(", ")}`]),
  ].join("; ");
}

const HEAD: readonly string[] = [
  "# Shipped rules",
  "",
  "These watches come with the program, in `watches/`, and run from its start. Each is a file in Elasticsearch Watcher's JSON",
  "(docs/watches.md) that can be changed, switched off or copied (page Rules, or `PUT /_watcher/watch/<id>`); a changed one",
  "that is deleted is again as it was shipped. `ethmon replay DIR --watches watches` tells what they would have said of a",
  "recording.",
  "",
  "- Rules that read our datasets are checked with each new or changed document, so that they tell within the slot; those",
  "  that read the indices of Metricbeat, Telegraf, Packetbeat and Filebeat search once a minute.",
  "- `info` is logged and shown; from `warning` on a mail goes to the account's default address. Further channels are the",
  "  configuration's `alerts.routes`.",
  "- An alert tells once for all that it is about: one reorg whoever sees it, one group of validators with their indices in",
  "  the text, one node. It is told again when it is worse and, where it lasts, when it is over.",
  "- Rules of the network do not judge while too few nodes stream and are in sync, or while the clock is off: the rules of",
  "  nodes and of the clock do then. No rule knows how long a slot or an epoch is; deadlines are those of the fork.",
  "- Numbers of mainnet in their texts are baselines measured by others, each named in the project's sources; thresholds marked",
  "  *practice* are none of these.",
  "",
];

const TAIL: readonly string[] = [
  "## What they do not tell",
  "",
  "- A single missed slot, a single missed vote, one block before its time: they are usual, and stand on the pages.",
  "- With one node alone nothing is said of heads that differ, and that the node is behind shows only by its sync status.",
  "- Own validators need a label file (docs/duties.md); servers need one of deploy/'s shippers, and the node's name on their",
  "  documents. Pools of transactions show where a shipper sends the execution client's Prometheus metrics.",
  "- Rows of missed votes begin anew when the monitor is started again.",
];
