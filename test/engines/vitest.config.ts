import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** The store on real engines; `run.ts` has seen to it that they can be started. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL("../..", import.meta.url)),
    include: ["test/engines/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 300_000,
    maxWorkers: 1,
    env: { TZ: "America/St_Johns" },
  },
});
