import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Fault } from "../src/lib/fault.ts";

/**
 * Installs the packages of a directory unless those of its package-lock.json are installed; what is installed is known
 * by the `stamped` files. Throws `devnet_not_installed`, retryable: no registry was reached.
 */
export function installPackages(input: {
  directory: string;
  stamped: readonly string[];
  size: string;
  /** The one package whose install script is needed. */
  rebuilt?: string;
  say(sentence: string): void;
}): void {
  const { directory, stamped, size, rebuilt, say } = input;
  const stamp = join(directory, "node_modules", ".stamp");
  const wanted = hashOf(directory, stamped);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  say(`Installing the nodes' packages into ${join(directory, "node_modules")} (once; about a minute, ${size}) ...`);
  const isInstalled = npm(directory, ["ci", "--ignore-scripts", "--loglevel=error"]) === 0;
  if (!isInstalled || (rebuilt !== undefined && npm(directory, ["rebuild", rebuilt, "--loglevel=error"]) !== 0)) {
    const message =
      "The nodes' packages could not be installed: npm failed as shown above; an npm registry must be reachable.";
    throw new Fault("devnet_not_installed", message, { retry: "retryable" });
  }
  writeFileSync(stamp, wanted);
}

/** Throws `devnet_not_installed`, final: the npm package `node` did not bring the Node that it should. */
export function requireNode(command: string, major: number): void {
  const { stdout } = spawnSync(command, ["-v"], { encoding: "utf8" });
  if (stdout?.startsWith(`v${major}.`)) return;
  const found = stdout?.trim() || "none";
  throw new Fault(
    "devnet_not_installed",
    `Node ${major} should have come with the npm package "node" in devnet/, but there is ${found}: delete ` +
      "devnet/node_modules and run again with install scripts allowed (`npm config get ignore-scripts` must say false).",
  );
}

function hashOf(directory: string, files: readonly string[]): string {
  const digest = createHash("sha256");
  for (const file of files) digest.update(`${file}\0`).update(readFileSync(join(directory, file)));
  return digest.digest("hex");
}

/** Runs npm as the one that runs this script; its output goes to standard error. */
function npm(directory: string, args: readonly string[]): number {
  const cli = process.env["npm_execpath"];
  const [command, ...first] = cli?.endsWith(".js") ? [process.execPath, cli] : ["npm"];
  return spawnSync(command as string, [...first, ...args], { cwd: directory, stdio: ["ignore", 2, 2] }).status ?? 1;
}
