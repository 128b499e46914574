import { type Command, InvalidArgumentError } from "commander";
import { loadConfig } from "../config/load.ts";
import { systemClock } from "../lib/clock.ts";
import { createLog } from "../lib/log.ts";
import { PACKAGE_DIRECTORY } from "./package-directory.ts";
import { stopSignal } from "./stop-signal.ts";

type Options = {
  node?: string[];
  config?: string;
  data?: string;
  record?: string;
  host?: string;
  port?: number;
  logLevel?: string;
  labels?: string;
  elastic?: true | number;
  beats?: true | number;
  store?: string[];
};

export function addRun(program: Command): void {
  program
    .command("run", { isDefault: true })
    .description("Watch beacon nodes, and serve web pages, API and metrics. Without a node: the bundled recording.")
    .option("--node <url>", "Beacon API of a node, or name=URL; may be repeated", (url, urls: string[] = []) => [
      ...urls,
      url,
    ])
    .option("--config <file>", "configuration file (JSON); docs/config.md lists its keys")
    .option("--labels <file>", "file that says which validators are yours; docs/duties.md")
    .option("--record <directory>", "record what the nodes say, for `ethmon replay`; a new or empty directory")
    .option("--data <directory>", "where journal and database live")
    .option(
      "--store <url>",
      "an Elasticsearch or OpenSearch that holds the documents, instead of the embedded database; may be repeated",
      (url, urls: string[] = []) => [...urls, url],
    )
    .option("--host <address>", "address to listen on (loopback only, until there are keys)")
    .option("--port <port>", "port of web pages, API and /metrics", portOf)
    .option("--elastic [port]", "open Elasticsearch's API for Beats and other clients (9200)", portOf)
    .option("--beats [port]", "open Lumberjack, for Beats' output.logstash (5044)", portOf)
    .option("--log-level <level>", "debug, info, warn, error or silent")
    .action(async (options: Options) => {
      const config = await loadConfig({
        file: options.config,
        overrides: { ...options, nodes: options.node },
        env: process.env,
      });
      const { startApp } = await import("../app.ts");
      const { signal, close } = stopSignal();
      const log = createLog({ level: config.log_level });
      try {
        const app = await startApp({
          config,
          recordingDirectory: options.record,
          env: process.env,
          packageDirectory: PACKAGE_DIRECTORY,
          clock: systemClock(),
          log,
          signal,
        });
        process.stdout.write(`${app.greeting}\n`);
        await app.stopped;
      } finally {
        close();
      }
    });
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError("It must be a port, 0 to 65535.");
}
