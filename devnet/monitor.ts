import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Fault } from "../src/lib/fault.ts";
import { sleep } from "../src/lib/sleep.ts";

export type Monitor = {
  url: string;
  logFile: string;
  /** Rejects when it ends by itself. */
  failed: Promise<never>;
  close(): Promise<void>;
};

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));
/** An orderly stop brings the journal into the store. */
const STOP_WITHIN_MS = 30_000;

/**
 * Starts `ethmon run` on nodes, as a user does; its data and its log are in `directory`.
 * Throws `devnet_monitor_failed` with what it said when it ends before it serves.
 */
export async function startMonitor(input: {
  directory: string;
  nodes: readonly { name: string; monitorUrl: string }[];
  port: number;
  args: readonly string[];
}): Promise<Monitor> {
  const { directory, nodes, port, args } = input;
  const logFile = join(directory, "monitor.log");
  const named = nodes.flatMap(({ name, monitorUrl }) => ["--node", `${name}=${monitorUrl}`]);
  const child = spawn(
    process.execPath,
    [MAIN, "run", ...named, "--port", String(port), "--data", join(directory, "monitor"), ...args],
    // Ctrl-C is for the one who started it, which then ends it in order.
    { detached: true, stdio: ["ignore", "pipe", "pipe"] },
  );
  const killNow = () => child.kill("SIGKILL");
  process.once("exit", killNow);
  const ended = once(child, "exit").then(() => process.off("exit", killNow));

  let errors = "";
  child.stderr.pipe(createWriteStream(logFile));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-2_000);
  });
  const failed = ended.then(() => {
    const said = errors.split("\n").findLast((line) => line.startsWith("ethmon: ")) ?? `${logFile} says why`;
    throw new Fault("devnet_monitor_failed", `The monitor ended by itself; ${said}`);
  });
  failed.catch(() => undefined);

  const listening = Promise.withResolvers<string>();
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
    const url = /Open (http:\/\/\S+)/.exec(out)?.[1];
    if (url !== undefined) listening.resolve(url);
  });
  const url = await Promise.race([listening.promise, failed]);

  return {
    url,
    logFile,
    failed,
    async close() {
      child.kill("SIGTERM");
      const inTime = new AbortController();
      const tooLong = sleep(STOP_WITHIN_MS, inTime.signal).then(() => inTime.signal.aborted || killNow());
      await ended;
      inTime.abort();
      await tooLong;
    },
  };
}
