import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Every bench by its name, each in a process of its own; `npm run bench -- live` runs one, `--options` are for it. */
const BENCHES = ["live", "collect", "store", "block", "mainnet", "pipelines", "foreign", "hosts"] as const;

const args = process.argv.slice(2);
const firstOption = args.findIndex((arg) => arg.startsWith("--"));
const asked = firstOption < 0 ? args : args.slice(0, firstOption);
const options = firstOption < 0 ? [] : args.slice(firstOption);
const unknown = asked.filter((name) => !(BENCHES as readonly string[]).includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no bench ${unknown.join(", ")}; there are ${BENCHES.join(", ")}.\n`);
  process.exit(1);
}
for (const name of BENCHES) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, [file, ...(name === "mainnet" || name === "hosts" ? options : [])], {
    stdio: "inherit",
  });
  const [code] = await once(child, "exit");
  if (code !== 0) process.exitCode = 1;
}
