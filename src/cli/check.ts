import { type Command, InvalidArgumentError } from "commander";
import { loadConfig } from "../config/load.ts";
import { systemClock } from "../lib/clock.ts";
import { EXIT_FAULT, EXIT_INTERRUPTED, EXIT_TEMPORARY } from "./exit-codes.ts";
import { stopSignal } from "./stop-signal.ts";

type Options = { node?: string[]; config?: string; listen?: number; json?: true };

export function addCheck(program: Command): void {
  program
    .command("check")
    .description("Reach every node once, and say what will be missing when they are watched, and why.")
    .option("--node <url>", "Beacon API of a node, or name=URL; may be repeated", (url, urls: string[] = []) => [
      ...urls,
      url,
    ])
    .option("--config <file>", "configuration file (JSON); docs/config.md lists its keys")
    .option("--listen <seconds>", "listen to every node for so long, not just until its first event", secondsOf)
    .option("--json", "print the report as one JSON object")
    .addHelpText(
      "after",
      "\nExit code: 0 ready, with less or not; 1 not ready; 75 not ready, but that may pass by itself.",
    )
    .action(async (options: Options) => {
      const config = await loadConfig({
        file: options.config,
        overrides: { nodes: options.node },
        env: process.env,
      });
      const { check } = await import("../check/check.ts");
      const { renderReport } = await import("../check/render.ts");
      const { signal, close } = stopSignal();
      try {
        const report = await check({
          nodes: config.nodes,
          ntpServers: config.clock.ntp_servers,
          listenMs: options.listen === undefined ? undefined : options.listen * 1000,
          clock: systemClock(),
          signal,
        });
        process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : renderReport(report));
        if (report.verdict === "not_ready") process.exitCode = report.temporary ? EXIT_TEMPORARY : EXIT_FAULT;
      } catch (error) {
        if (!signal.aborted) throw error;
        // An answer that was not waited for must not look like "ready".
        process.exitCode = EXIT_INTERRUPTED;
      } finally {
        close();
      }
    });
}

const MAX_LISTEN_S = 3_600;

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds > 0 && seconds <= MAX_LISTEN_S) return seconds;
  throw new InvalidArgumentError(`It must be a number of seconds above 0, at most ${MAX_LISTEN_S}.`);
}
