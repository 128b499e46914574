import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { sleep } from "../src/lib/sleep.ts";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));

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

/** The first lines that a program prints, when it printed so many. */
export async function linesOf(program: Program, count: number): Promise<string[]> {
  while (program.out().split("\n").length <= count) await sleep(20);
  return program.out().split("\n").slice(0, count);
}

/** Where `ethmon run` serves its pages and its API. */
export async function addressOf(program: Program): Promise<string> {
  for (;;) {
    const found = /Open (http:\/\/\S+)/.exec(program.out())?.[1];
    if (found !== undefined) return found;
    await sleep(20);
  }
}
