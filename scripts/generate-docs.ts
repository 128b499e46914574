import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { generatedPages } from "./docs-pages.ts";

/** Writes the generated pages of docs/; with `--check` only says which are not fresh, and fails when one is not. */
const docs = fileURLToPath(new URL("../docs", import.meta.url));
const stale = Object.entries(generatedPages()).filter(([name, text]) => {
  const path = join(docs, name);
  return !existsSync(path) || readFileSync(path, "utf8") !== text;
});
if (process.argv.includes("--check")) {
  for (const [name] of stale) process.stdout.write(`docs/${name} is not fresh: run npm run docs\n`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const [name, text] of stale) writeFileSync(join(docs, name), text);
  process.stdout.write(`${stale.length} pages of docs/ written\n`);
}
