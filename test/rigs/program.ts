import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
/** Names no time server. */
const OFFLINE = fileURLToPath(new URL("offline.json", import.meta.url));

/** The program as a user starts it, in a process of its own. */
export type RunningProgram = {
  process: ChildProcess;
  /** Where it serves; settles once it says so, rejects when it ends before. */
  url: Promise<string>;
  /** What it wrote to standard output so far. */
  out(): string;
  /** What it wrote to standard error. */
  errors(): string;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
};

/** Tests ask nobody's time servers, unless they bring a configuration of their own. */
function offline(args: readonly string[]): readonly string[] {
  return args[0] === "run" && !args.includes("--config") ? [...args, "--config", OFFLINE] : args;
}

/** Starts `ethmon` with arguments. */
export function startProgram(args: readonly string[]): RunningProgram {
  const child = spawn(process.execPath, [MAIN, ...offline(args)], { stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let errors = "";
  const url = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
      const found = /Open (http:\/\/\S+)/.exec(out)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once("exit", () => reject(new Error(`It ended before it served: ${errors}`)));
  });
  url.catch(() => undefined);
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const ended = once(child, "exit").then(([code, signal]) => ({ code, signal }));
  return { process: child, url, out: () => out, errors: () => errors, ended };
}

/** Runs `ethmon` with arguments to its end. */
export async function runProgram(
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ code: number | null; out: string; errors: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"], env });
  let out = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const [code] = await once(child, "close");
  return { code, out, errors };
}
