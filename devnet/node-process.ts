import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";

export type NodeProcess = {
  pid: number;
  logFile: string;
  /** Stops the node together with its validators, as it stands. */
  freeze(): void;
  thaw(): void;
  /** To a process that was started with `onMessage`. */
  send(message: object): void;
  /** Settles when the process has ended, whoever ended it. */
  ended: Promise<void>;
  kill(): Promise<void>;
};

/** Starts a program in a directory of its own, with its log there; `data` below it is deleted when it is ended. */
export async function startProcess(input: {
  directory: string;
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  onMessage?(message: unknown): void;
}): Promise<NodeProcess> {
  const { directory, command, args, env = {}, onMessage } = input;
  await mkdir(directory, { recursive: true });
  const logFile = join(directory, "log.txt");
  const log = await open(logFile, "w");
  const child = spawn(command, args, {
    // Ctrl-C is for the one who started the nodes: it ends them in order.
    detached: true,
    cwd: directory,
    env: { ...process.env, ...env },
    stdio: ["ignore", log.fd, log.fd, ...(onMessage === undefined ? [] : ["ipc" as const])],
  });
  await log.close();
  if (onMessage !== undefined) child.on("message", onMessage);
  return nodeProcess({ child, logFile, dataDirectory: join(directory, "data") });
}

function nodeProcess(input: { child: ChildProcess; logFile: string; dataDirectory: string }): NodeProcess {
  const { child, logFile, dataDirectory } = input;
  // Lodestar 1.5.1 never ends after SIGTERM. A stopped process is ended by SIGKILL as well.
  const killNow = () => child.kill("SIGKILL");
  process.once("exit", killNow);
  const ended = new Promise<void>((resolve) => {
    child.once("error", () => resolve());
    child.once("exit", () => resolve());
  });
  return {
    pid: child.pid ?? -1,
    logFile,
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    send(message) {
      if (child.connected) child.send(message);
    },
    ended,
    async kill() {
      killNow();
      await ended;
      process.off("exit", killNow);
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}
