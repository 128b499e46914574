/**
 * Other people's senders against the program: installs what PyPI and Go's module proxy have of them into a cache, says
 * in one sentence what the machine lacks, and runs the tests beside this file. `--devnet` adds the one on real nodes.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isFault, messageOf } from "../../src/lib/fault.ts";
import { installTools } from "./tools.ts";

const EXIT_TEMPORARY = 75;
const VITEST = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));
const CONFIG = fileURLToPath(new URL("vitest.config.ts", import.meta.url));
const WITHOUT_NODES = ["--exclude", "test/shippers/devnet/**"];

try {
  const { values, positionals } = parseArgs({ options: { devnet: { type: "boolean" } }, allowPositionals: true });
  installTools((sentence) => process.stderr.write(`${sentence}\n`));
  const args = ["run", "--config", CONFIG, ...(values.devnet ? [] : WITHOUT_NODES), ...positionals];
  process.exitCode = spawnSync(process.execPath, [VITEST, ...args], { stdio: "inherit" }).status ?? 1;
} catch (error) {
  process.stderr.write(`test:shippers: ${messageOf(error)}\n`);
  process.exitCode = isFault(error) && error.retry === "retryable" ? EXIT_TEMPORARY : 1;
}
