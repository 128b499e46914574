import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Hundreds of processes start from the sources: each would strip and compile them anew. */
process.env["NODE_COMPILE_CACHE"] ??= fileURLToPath(new URL("node_modules/.cache/compiled", import.meta.url));

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts", "devnet/*.test.ts", "devnet/fulu/*.test.ts", "web/**/*.test.ts"],
    exclude: ["test/web/**", "test/shippers/**", "node_modules/**"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
    env: { TZ: "America/St_Johns" },
  },
});
