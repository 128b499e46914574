import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { version as duckdbVersion } from "@duckdb/node-api";

/** Writes a bench's figures to `bench/results/<name>.json`, with the machine on which they were measured. */
export function keepResult(name: string, figures: object): void {
  const directory = fileURLToPath(new URL("./results", import.meta.url));
  mkdirSync(directory, { recursive: true });
  const machine = {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memory_megabytes: Math.round(totalmem() / 1e6),
    node: process.version,
    duckdb: duckdbVersion(),
    date: new Date().toISOString(),
  };
  writeFileSync(`${directory}/${name}.json`, `${JSON.stringify({ name, machine, figures }, null, 2)}\n`);
}
