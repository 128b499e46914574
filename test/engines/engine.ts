import { spawn } from "node:child_process";
import { mkdir, mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Fault } from "../../src/lib/fault.ts";

export type EngineName = "opensearch" | "elasticsearch";

/** A real engine under way. */
export type Engine = {
  name: EngineName;
  url: string;
  pid: number;
  stop(): Promise<void>;
  /** Sends a signal to its processes: SIGKILL, SIGSTOP, SIGCONT. */
  signal(how: NodeJS.Signals): void;
};

const START_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 15_000;
const ASK_EVERY_MS = 200;

/** A new directory for what an engine writes; it goes when the engine is stopped. */
export async function engineDirectory(name: EngineName): Promise<string> {
  return await mkdtemp(join(tmpdir(), `ethmon-${name}-`));
}

/**
 * Starts an engine and waits until it can take documents. It is a process group of its own, so that a launcher goes
 * together with what it launched. Throws `engine_failed` with the end of its log.
 */
export async function startEngine(input: {
  name: EngineName;
  url: string;
  directory: string;
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Numeric user and group to run as. */
  userId?: number;
  signal: AbortSignal;
}): Promise<Engine> {
  const { name, url, directory, command, args, env = {}, userId, signal } = input;
  await mkdir(directory, { recursive: true });
  const logFile = join(directory, "engine.log");
  const log = await open(logFile, "w");
  const child = spawn(command, args, {
    cwd: directory,
    detached: true,
    env: { ...process.env, ...env },
    stdio: ["ignore", log.fd, log.fd],
    ...(userId === undefined ? {} : { uid: userId, gid: userId }),
  });
  await log.close();
  let isRunning = true;
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      isRunning = false;
      resolve();
    };
    child.once("error", end);
    child.once("exit", end);
  });
  const kill = (how: NodeJS.Signals) => {
    if (isRunning && child.pid !== undefined) process.kill(-child.pid, how);
  };
  const killNow = () => kill("SIGKILL");
  process.once("exit", killNow);
  const stop = async () => {
    kill("SIGTERM");
    // One that was stopped hears nothing until it goes on.
    kill("SIGCONT");
    await Promise.race([ended, wait(STOP_LIMIT_MS, undefined, { ref: false })]);
    killNow();
    await ended;
    process.off("exit", killNow);
    await rm(directory, { recursive: true, force: true });
  };
  const lastMs = performance.now() + START_LIMIT_MS;
  try {
    while (!(await isReady(url))) {
      signal.throwIfAborted();
      if (isRunning && performance.now() < lastMs) await wait(ASK_EVERY_MS, undefined, { signal });
      else
        throw new Fault("engine_failed", `${name} did not start:\n${(await readFile(logFile, "utf8")).slice(-2000)}`);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { name, url, pid: child.pid ?? 0, stop, signal: kill };
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/_cluster/health?wait_for_status=yellow&timeout=1s`);
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
