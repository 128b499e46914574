import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";

const prepare = fileURLToPath(new URL("../../scripts/prepare.js", import.meta.url));
const directories: string[] = [];

afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

/** A project whose one package is installed, with a `node` that says this version and a build that counts itself. */
function project(options: { nodeVersion?: string; build?: string; installedVersion?: string } = {}): string {
  const { nodeVersion = "v24.1.0", build = "echo built >> builds.txt", installedVersion = "1.0.0" } = options;
  const root = mkdtempSync(join(tmpdir(), "ethmon-prepare-"));
  directories.push(root);
  for (const folder of ["scripts", "src", "node_modules/.bin"]) mkdirSync(join(root, folder), { recursive: true });
  copyFileSync(prepare, join(root, "scripts/prepare.js"));
  const lock = (version: string) =>
    JSON.stringify({
      lockfileVersion: 3,
      packages: { "": {}, "node_modules/a": { version }, "node_modules/b": { version: "1.0.0", optional: true } },
    });
  writeFileSync(join(root, "package.json"), JSON.stringify({ name: "p", type: "module", scripts: { build } }));
  writeFileSync(join(root, "package-lock.json"), lock("1.0.0"));
  writeFileSync(join(root, "node_modules/.package-lock.json"), lock(installedVersion));
  writeFileSync(join(root, "node_modules/.bin/node"), `#!/bin/sh\necho ${nodeVersion}\n`);
  chmodSync(join(root, "node_modules/.bin/node"), 0o755);
  writeFileSync(join(root, "src/main.ts"), "");
  return root;
}

function run(root: string, ...args: string[]): { code: number | null; error: string } {
  const env = { ...process.env, npm_execpath: "" };
  const { status, stderr } = spawnSync(process.execPath, ["scripts/prepare.js", ...args], { cwd: root, env });
  return { code: status, error: stderr.toString() };
}

const builds = (root: string) => readFileSync(join(root, "builds.txt"), "utf8").trim().split("\n").length;

test("it builds once, and again only when a source that is no test changed", () => {
  const root = project();
  expect(run(root)).toMatchObject({ code: 0 });
  expect(run(root)).toEqual({ code: 0, error: "" });
  writeFileSync(join(root, "src/main.test.ts"), "a test");
  expect(run(root)).toEqual({ code: 0, error: "" });
  expect(builds(root)).toBe(1);
  writeFileSync(join(root, "src/main.ts"), "changed");
  expect(run(root)).toMatchObject({ code: 0 });
  expect(builds(root)).toBe(2);
});

test("with --install-only nothing is built", () => {
  const root = project();
  expect(run(root, "--install-only")).toEqual({ code: 0, error: "" });
  expect(existsSync(join(root, "builds.txt"))).toBe(false);
});

test("a build that fails is said in one sentence and tried again the next time", () => {
  const root = project({ build: "exit 3" });
  for (let time = 0; time < 2; time += 1) {
    const { code, error } = run(root);
    expect(code).toBe(1);
    expect(error).toContain("The build failed as shown above.");
  }
});

test("a Node of another version is named, with what to do", () => {
  const { code, error } = run(project({ nodeVersion: "v20.9.0" }));
  expect(code).toBe(1);
  expect(error).toContain("Node 24 should have come");
  expect(error).toContain("v20.9.0");
});

test("packages that are missing or of another version are installed from the lock file", () => {
  // The lock file is out of step with package.json, so `npm ci` refuses before it asks any registry.
  const root = project({ installedVersion: "0.9.0" });
  writeFileSync(
    join(root, "package.json"),
    JSON.stringify({ name: "p", type: "module", dependencies: { "./not a name": "1.0.0" } }),
  );
  const { code, error } = run(root);
  expect(code).toBe(1);
  expect(error).toContain("Installing packages");
  expect(error).toContain("The packages could not be installed: `npm ci` failed as shown above");
});
