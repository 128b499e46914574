import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/**
 * Every bench by its name, each in a process of its own; `npm run bench -- live` runs one, `--options` are for the one
 * that is named. Ends with the code of the first that failed.
 */
const BENCHES = [
  "live",
  "collect",
  "store",
  "block",
  "mainnet",
  "alerts",
  "pipelines",
  "foreign",
  "hosts",
  "search",
  "panels",
  "cluster",
] as const;
/** They need a JDK, Maven and up to half an hour: they run when they are named. */
const ONLY_NAMED: readonly string[] = ["search", "panels", "cluster"];
const WITH_OPTIONS: readonly string[] = ["mainnet", "alerts", "hosts", "search", "panels", "cluster"];

const args = process.argv.slice(2);
const firstOption = args.findIndex((arg) => arg.startsWith("--"));
const asked = firstOption < 0 ? args : args.slice(0, firstOption);
const options = firstOption < 0 ? [] : args.slice(firstOption);
const unknown = asked.filter((name) => !(BENCHES as readonly string[]).includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no bench ${unknown.join(", ")}; there are ${BENCHES.join(", ")}.\n`);
  process.exit(1);
}
if (options.length > 0 && (asked.length !== 1 || !WITH_OPTIONS.includes(asked[0] ?? ""))) {
  process.stderr.write(`Options are for one bench alone, ${WITH_OPTIONS.join(" or ")}: name it before them.\n`);
  process.exit(1);
}
for (const name of BENCHES) {
  if (asked.length > 0 ? !asked.includes(name) : ONLY_NAMED.includes(name)) continue;
  const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, [file, ...options], { stdio: "inherit" });
  const [code] = await once(child, "exit");
  if (code !== 0) process.exitCode ??= code ?? 1;
}
