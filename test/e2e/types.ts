import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Fault } from "../../src/lib/fault.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Checks the types of the Fulu nodes, which need packages that `npm run check` does not install. */
export function checkNodeTypes(): void {
  const tsc = fileURLToPath(new URL("../../node_modules/.bin/tsc", import.meta.url));
  const { status, stdout } = spawnSync(tsc, ["-p", "devnet/fulu/tsconfig.json"], { cwd: ROOT, encoding: "utf8" });
  if (status !== 0) throw new Fault("types_wrong", `The types of devnet/fulu are wrong:\n${stdout}`);
}
