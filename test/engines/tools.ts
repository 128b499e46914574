import { execFile } from "node:child_process";
import { readdir, readFile, realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { Fault } from "../../src/lib/fault.ts";
import { exists } from "./cache.ts";

const run = promisify(execFile);
const FETCH_LIMIT_MS = 300_000;

/** Folders that hold one JDK each, on Debian, macOS, and of SDKMAN and others. */
const JDK_FOLDERS = ["/usr/lib/jvm", "/opt", "/usr/local", "/Library/Java/JavaVirtualMachines"];

export type Jdk = { home: string; major: number };

/** The oldest JDK within the bounds that JAVA_HOME, the PATH or the usual folders name. Throws `tool_missing`. */
export async function findJdk({ atLeast, atMost }: { atLeast: number; atMost: number }): Promise<Jdk> {
  const found = (await knownJdks()).filter(({ major }) => major >= atLeast && major <= atMost);
  const [first] = found.sort((a, b) => a.major - b.major);
  if (first !== undefined) return first;
  const bounds = atMost === Number.POSITIVE_INFINITY ? `${atLeast} or newer` : `between ${atLeast} and ${atMost}`;
  throw new Fault(
    "tool_missing",
    `There is no JDK ${bounds}. Install one (\`apt-get install openjdk-${atLeast}-jdk-headless\`, or an archive from https://adoptium.net unpacked below /usr/lib/jvm) or let JAVA_HOME name it.`,
  );
}

async function knownJdks(): Promise<Jdk[]> {
  const path = (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, "java"));
  const onPath = await Promise.all(
    path.map((java) =>
      realpath(java).then(
        (real) => dirname(dirname(real)),
        () => "",
      ),
    ),
  );
  const folders = [...JDK_FOLDERS, join(homedir(), ".sdkman", "candidates", "java"), join(homedir(), ".jdks")];
  const usual = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(folder).catch(() => []);
      return names.flatMap((name) => [join(folder, name), join(folder, name, "Contents", "Home")]);
    }),
  );
  const homes = new Set([process.env["JAVA_HOME"] ?? "", ...onPath, ...usual.flat()]);
  const jdks = await Promise.all([...homes].filter((home) => home !== "").map(jdkAt));
  return jdks.filter((jdk) => jdk !== undefined);
}

/** A JDK says its version in its file `release`; without `javac` it is none. */
async function jdkAt(home: string): Promise<Jdk | undefined> {
  if (!(await exists(join(home, "bin", "javac")))) return undefined;
  const release = await readFile(join(home, "release"), "utf8").catch(() => "");
  const major = Number(/^JAVA_VERSION="(\d+)/m.exec(release)?.[1]);
  return Number.isInteger(major) ? { home, major } : undefined;
}

/** Runs Maven in a directory, where its plugins may leave what they like. Throws `tool_missing` where there is none, and `fetch_failed`, which may be tried again. */
export async function maven(input: { args: readonly string[]; directory: string; signal: AbortSignal }): Promise<void> {
  const { args, directory, signal } = input;
  try {
    await run("mvn", ["-B", "-q", "-ntp", ...args], {
      cwd: directory,
      signal,
      timeout: FETCH_LIMIT_MS,
      maxBuffer: 16_000_000,
    });
  } catch (cause) {
    signal.throwIfAborted();
    const { code, stdout = "", stderr = "" } = cause as { code?: unknown; stdout?: string; stderr?: string };
    if (code === "ENOENT") {
      throw new Fault(
        "tool_missing",
        "There is no Maven. Install it (`apt-get install maven`) so that `mvn` is on the PATH.",
      );
    }
    const said = `${stdout}${stderr}`.trim().split("\n").slice(0, 5).join("\n");
    throw new Fault("fetch_failed", `Maven could not fetch an engine:\n${said}`, { retry: "retryable", cause });
  }
}
