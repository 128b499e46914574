import { type Command, InvalidArgumentError, Option } from "commander";

/** Rules: what runs each verb is loaded when it runs. */
export function addWatch(program: Command): void {
  const watch = program
    .command("watch")
    .description("Rules: watches in Elasticsearch Watcher's JSON; docs/watches.md.");
  addManaging(watch);
  addTest(watch);
  addBacktest(watch);
  addPush(watch);
}

function withRunning(command: Command): Command {
  return command
    .addOption(new Option("--url <url>", "the address of a running ethmon").conflicts("data"))
    .option("--data <directory>", "the data directory of a running ethmon")
    .option("--json", "print one JSON object");
}

/** Of verbs that do without a running ethmon. */
function withStore(command: Command): Command {
  return withRunning(command)
    .option("--store <url>", "a cluster that holds the documents, where no ethmon runs")
    .option("--config <file>", "configuration file whose store.elasticsearch says how a cluster is reached")
    .option("--network <name>", "the network, where a store has several");
}

function addManaging(watch: Command): void {
  const managing = () => import("./watch-manage.ts");
  withRunning(watch.command("list"))
    .description("The rules that are checked, and how each fares.")
    .action(async (options) => (await managing()).list(options));
  withRunning(watch.command("show"))
    .argument("<id>")
    .description("A rule's watch as it was put, with passwords hidden.")
    .action(async (id, options) => (await managing()).show(id, options));
  withRunning(watch.command("put"))
    .argument("<file>", "the watch, JSON")
    .option("--id <id>", "its id; default: the file's name without .json")
    .option("--inactive", "it is not checked until it is activated")
    .description("Save a watch, in place of one of the same id.")
    .action(async (file, options) => (await managing()).put(file, options));
  withRunning(watch.command("delete"))
    .argument("<id>")
    .description("Delete a rule; one that comes with the program is as it was shipped again.")
    .action(async (id, options) => (await managing()).remove(id, options));
  withRunning(watch.command("activate"))
    .argument("<id>")
    .description("Check a rule from now on.")
    .action(async (id, options) => (await managing()).change(id, "activate", options));
  withRunning(watch.command("deactivate"))
    .argument("<id>")
    .description("Check a rule no longer.")
    .action(async (id, options) => (await managing()).change(id, "deactivate", options));
  withRunning(watch.command("ack"))
    .argument("<id>", "a rule, or one alert of it as `GET /api/v1/alerts` names it")
    .description("Acknowledge the open alerts of a rule, or one alert: nobody is told of it until it is worse or over.")
    .action(async (id, options) => (await managing()).acknowledge(id, options));
}

function addTest(watch: Command): void {
  withStore(watch.command("test"))
    .argument("<file>", "the watch, JSON")
    .description("Read a watch and check it once, now: what would be told is printed, and nothing is sent.")
    .option("--input <file>", "a payload in place of what the watch's input would bring; of a stream, the document")
    .option("--ignore-condition", "as if the condition were met")
    .addHelpText(
      "after",
      "\nExit code: 0 it could be checked, met or not; 1 it is refused, or its check failed; 75 that may pass by itself.",
    )
    .action(async (file, options) => (await import("./watch-test.ts")).testWatch(file, options));
}

function addBacktest(watch: Command): void {
  withStore(watch.command("backtest"))
    .argument("<file>", "the watch, JSON")
    .description("Tell when a watch would have fired, and how often, by what is stored; nothing is sent.")
    .addOption(
      new Option("--last <time>", "the span that ends now: 12h, 30d, 4w (default: 7d)")
        .argParser(spanMs)
        .conflicts(["from", "until"]),
    )
    .option("--from <time>", "where the span begins, ISO 8601", momentMs)
    .option("--until <time>", "where it ends; default: now", momentMs)
    .option("--svg <file>", "write a picture of the metric with the firings")
    .addHelpText(
      "after",
      "\ndocs/watch-api.md says what limits a back-test." +
        "\nExit code: 0 it was made; 1 the watch is refused, or the command is wrong; 75 that may pass by itself.",
    )
    .action(async (file, options) => (await import("./watch-backtest.ts")).backtestWatch(file, options));
}

function addPush(watch: Command): void {
  watch
    .command("push")
    .argument("<files...>", "watches, JSON, or directories of them")
    .description("Put watches into the Watcher of a real Elasticsearch, completed with what ethmon adds by itself.")
    .requiredOption("--to <url>", "the Elasticsearch")
    .option("--config <file>", "configuration file: routes and recipients of alerts, and how the cluster is reached")
    .option("--inactive", "they are not checked until they are activated there")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      "\nCredentials stand in the URL, in the configuration (store.elasticsearch) or in ETHMON_ELASTIC_API_KEY." +
        "\nExit code: 0 all that can be pushed is there; 1 something was refused; 75 that may pass by itself.",
    )
    .action(async (files, options) => (await import("./watch-push.ts")).pushFiles(files, options));
}

const UNIT_MS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

function spanMs(text: string): number {
  const [, count = "", unit = ""] = /^(\d{1,5})([mhdw])$/.exec(text) ?? [];
  const ms = Number(count) * (UNIT_MS[unit] ?? 0);
  if (ms > 0) return ms;
  throw new InvalidArgumentError("It must be a time such as 90m, 12h, 30d or 4w.");
}

function momentMs(text: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}(?:T.*(?:Z|[+-]\d{2}:\d{2}))?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(ms) && ms >= 0) return ms;
  throw new InvalidArgumentError("It must be a moment such as 2026-11-22 or 2026-11-22T10:00:00Z.");
}
