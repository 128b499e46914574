import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const CLOCK_TICKS_A_SECOND = 100;

// What was started must not outlive a bench that is stopped.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

export type Program = { pid: number; out(): string; errors(): string; stop(): Promise<void> };

/** Starts a verb of `ethmon` in a process of its own, as the scripts of package.json do; `nodeArgs` are for node itself. */
export function startEthmon(args: readonly string[], nodeArgs: readonly string[] = []): Program {
  const child: ChildProcess = spawn(process.execPath, ["--max-semi-space-size=8", ...nodeArgs, MAIN, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let errors = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const ended = once(child, "exit");
  process.once("exit", () => child.kill());
  return {
    pid: child.pid ?? 0,
    out: () => out,
    errors: () => errors,
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** A process and those that it started, whose file they run is told by the names. */
export function processTree(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(/\s+/).filter(Boolean);
  return [pid, ...children.flatMap((child) => processTree(Number(child)))];
}

/** Resident megabytes, now and at most, and seconds of CPU (user and system) of a running process; Linux alone has them. */
export function usageOf(pid: number): { residentMegabytes: number; peakMegabytes: number; cpuSeconds: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return {
    residentMegabytes: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1000,
    peakMegabytes: Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1000,
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_A_SECOND,
  };
}
