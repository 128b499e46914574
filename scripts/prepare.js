/**
 * Runs before other npm scripts, with whatever Node there is (20 or newer) and no package: installs what
 * package-lock.json names if it is not installed, and builds dist/ if it is missing or older than its sources (not with
 * `--install-only`).
 * Installing, building and starting are each their own npm script: a shell that npm opened before the installation
 * would go on with the machine's Node instead of node_modules/.bin/node.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const NODE_MAJOR = 24;
const root = fileURLToPath(new URL("..", import.meta.url));
const BUILD_STAMP = join(root, "dist", ".stamp");
const SOURCES = ["src", "web", "tsconfig.json", "tsconfig.build.json", "package.json", "package-lock.json"];

if (!isInstalled()) install();
requireNode();
if (!process.argv.includes("--install-only")) {
  const hash = hashOfSources();
  if (!existsSync(BUILD_STAMP) || readFileSync(BUILD_STAMP, "utf8") !== hash) build(hash);
}

/** npm writes node_modules/.package-lock.json last: what it holds is installed. Packages of other platforms are not. */
function isInstalled() {
  const installed = packagesOf(join(root, "node_modules", ".package-lock.json"));
  const wanted = packagesOf(join(root, "package-lock.json"));
  if (installed === undefined || wanted === undefined) return false;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === "" || optional || installed[path]?.version === version,
  );
}

/** @returns {Record<string, {version: string, optional?: boolean}> | undefined} */
function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, "utf8")).packages;
  } catch {
    return undefined;
  }
}

function install() {
  say("Installing packages (once; about a minute) ...");
  const code = npm(["ci", "--include=dev", "--loglevel=error"]);
  if (code !== 0) {
    fail("The packages could not be installed: `npm ci` failed as shown above; an npm registry must be reachable.");
  }
}

/** The npm package `node` brings the Node that the scripts run with. */
function requireNode() {
  const { stdout } = spawnSync(join(root, "node_modules", ".bin", "node"), ["-v"], { encoding: "utf8" });
  if (stdout?.startsWith(`v${NODE_MAJOR}.`)) return;
  const found = stdout?.trim() || "none";
  fail(
    `Node ${NODE_MAJOR} should have come with the npm package "node", but there is ${found}: ` +
      "delete node_modules and run again with install scripts allowed (`npm config get ignore-scripts` must say false).",
  );
}

function build(sources) {
  say("Building ...");
  rmSync(join(root, "dist"), { recursive: true, force: true });
  if (npm(["run", "--silent", "build"]) !== 0) fail("The build failed as shown above.");
  mkdirSync(join(root, "dist"), { recursive: true });
  writeFileSync(BUILD_STAMP, sources);
}

function hashOfSources() {
  const digest = createHash("sha256");
  for (const source of SOURCES) {
    for (const file of filesBelow(source))
      digest
        .update(file)
        .update("\0")
        .update(readFileSync(join(root, file)));
  }
  return digest.digest("hex");
}

function filesBelow(path) {
  const absolute = join(root, path);
  if (!existsSync(absolute)) return [];
  if (!statSync(absolute).isDirectory()) return [path];
  return readdirSync(absolute)
    .sort()
    .flatMap((name) => filesBelow(`${path}/${name}`))
    .filter((file) => !/\.test\.tsx?$/.test(file));
}

/** Runs npm as the one that runs this script; its output goes to standard error, which is not for results. */
function npm(args) {
  const cli = process.env["npm_execpath"];
  const [command, ...first] = cli?.endsWith(".js") ? [process.execPath, cli] : ["npm"];
  return spawnSync(command, [...first, ...args], { cwd: root, stdio: ["ignore", 2, 2] }).status ?? 1;
}

function say(sentence) {
  process.stderr.write(`${sentence}\n`);
}

function fail(sentence) {
  say(sentence);
  process.exit(1);
}
