import { link, mkdir, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "../../lib/fault.ts";

/** Who uses a data directory. */
export type LockHolder = {
  pid: number;
  /** What tells this process from an earlier one of the same id: the boot and the start time, where known. */
  started?: string;
  /** Where its API listens, for other commands. */
  url?: string;
};

export type DirectoryLock = {
  /** Notes where the API listens. */
  setUrl(url: string): Promise<void>;
  release(): Promise<void>;
};

const heldHere = new Set<string>();

/** Takes the directory for this process. Throws `store_in_use` while another one runs; a dead one's lock is taken over. */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, "lock");
  const started = await startOf("self");
  const mine: LockHolder = { pid: process.pid, ...(started === undefined ? {} : { started }) };
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, JSON.stringify(mine));
  try {
    await takeOver({ directory, path, draft });
  } finally {
    await unlink(draft);
  }
  heldHere.add(path);
  return {
    async setUrl(url) {
      await writeFile(draft, JSON.stringify({ ...mine, url }));
      await rename(draft, path);
    },
    async release() {
      heldHere.delete(path);
      await unlink(path).catch(() => undefined);
    },
  };
}

/** The running process that uses a data directory, if any. */
export async function findHolder(directory: string): Promise<LockHolder | undefined> {
  const path = join(directory, "lock");
  const text = await readFile(path, "utf8").catch(() => undefined);
  const holder = text === undefined ? undefined : parseHolder(text);
  return holder !== undefined && (await isRunning(holder, path)) ? holder : undefined;
}

/** `link` fails where the lock exists, so only one of several processes gets it. */
async function takeOver(options: { directory: string; path: string; draft: string }): Promise<void> {
  const { directory, path, draft } = options;
  while (true) {
    try {
      await link(draft, path);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const found = await readFile(path, "utf8").catch(() => undefined);
    if (found === undefined) continue;
    const holder = parseHolder(found);
    if (holder !== undefined && (await isRunning(holder, path))) throw inUse(directory, holder);
    // Another process may be taking over the same lock: what was moved away must be what was found stale.
    const aside = `${draft}.stale`;
    await rename(path, aside).catch(() => undefined);
    const moved = await readFile(aside, "utf8").catch(() => undefined);
    if (moved !== undefined && moved !== found) await link(aside, path).catch(() => undefined);
    await unlink(aside).catch(() => undefined);
  }
}

function inUse(directory: string, { pid, url }: LockHolder): Fault {
  const where = url === undefined ? "" : ` and listens on ${url}`;
  return new Fault("store_in_use", `The data directory ${directory} is used by the ethmon of process ${pid}${where}.`, {
    retry: "retryable",
    details: { pid, ...(url === undefined ? {} : { url }) },
  });
}

function parseHolder(text: string): LockHolder | undefined {
  try {
    const holder = JSON.parse(text) as Partial<LockHolder> | null;
    return typeof holder?.pid === "number" ? { ...holder, pid: holder.pid } : undefined;
  } catch {
    return undefined;
  }
}

async function isRunning({ pid, started }: LockHolder, path: string): Promise<boolean> {
  // In a container every run may have the same process id.
  if (pid === process.pid) return heldHere.has(path);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const now = await startOf(String(pid));
  return started === undefined || now === undefined || now === started;
}

/** Linux tells when a process began, in ticks since the boot that has this id; elsewhere undefined. */
async function startOf(pid: string): Promise<string | undefined> {
  try {
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    // The second field is the command in parentheses and may hold spaces; the start time is the 22nd.
    const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    return `${boot.trim()}/${ticks}`;
  } catch {
    return undefined;
  }
}
