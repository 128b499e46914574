import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Other people's senders, each as it is shipped; `run.ts` has installed them before. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL("../..", import.meta.url)),
    include: ["test/shippers/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
    env: { TZ: "America/St_Johns" },
  },
});
