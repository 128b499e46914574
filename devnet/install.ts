import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Fault } from "../src/lib/fault.ts";

const DIRECTORY = fileURLToPath(new URL(".", import.meta.url));
const STAMP = join(DIRECTORY, "node_modules", ".stamp");
const STAMPED = ["package.json", "package-lock.json", "shim-snappy/index.js", "shim-snappy/package.json"];
/** Lodestar 1.5.1 runs on Node 20 and 22: its signature library has no binary for 24. */
const NODE_MAJOR = 22;

/**
 * Installs the nodes' packages, with a Node of their own, unless those of package-lock.json are installed.
 * Throws `devnet_not_installed`: retryable when no registry was reached, final when the Node is not the right one.
 */
export function installNodes(say: (sentence: string) => void): void {
  const wanted = hashOfStamped();
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted) return;
  say("Installing the nodes' packages into devnet/node_modules (once; about a minute, 460 MB) ...");
  // None of the packages' install scripts is needed, but that of `node`, which fetches the binary.
  const isInstalled = npm(["ci", "--ignore-scripts", "--loglevel=error"]) === 0;
  if (!isInstalled || npm(["rebuild", "node", "--loglevel=error"]) !== 0) {
    const message =
      "The nodes' packages could not be installed: npm failed as shown above; an npm registry must be reachable.";
    throw new Fault("devnet_not_installed", message, { retry: "retryable" });
  }
  requireNode();
  writeFileSync(STAMP, wanted);
}

function requireNode(): void {
  const { stdout } = spawnSync(join(DIRECTORY, "node_modules", "node", "bin", "node"), ["-v"], { encoding: "utf8" });
  if (stdout?.startsWith(`v${NODE_MAJOR}.`)) return;
  const found = stdout?.trim() || "none";
  throw new Fault(
    "devnet_not_installed",
    `Node ${NODE_MAJOR} should have come with the npm package "node" in devnet/, but there is ${found}: delete ` +
      "devnet/node_modules and run again with install scripts allowed (`npm config get ignore-scripts` must say false).",
  );
}

function hashOfStamped(): string {
  const digest = createHash("sha256");
  for (const file of STAMPED) digest.update(`${file}\0`).update(readFileSync(join(DIRECTORY, file)));
  return digest.digest("hex");
}

/** Runs npm in devnet/, as the one that runs this script; its output goes to standard error. */
function npm(args: readonly string[]): number {
  const cli = process.env["npm_execpath"];
  const [command, ...first] = cli?.endsWith(".js") ? [process.execPath, cli] : ["npm"];
  return spawnSync(command as string, [...first, ...args], { cwd: DIRECTORY, stdio: ["ignore", 2, 2] }).status ?? 1;
}
