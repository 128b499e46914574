import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts", "devnet/*.test.ts", "devnet/fulu/*.test.ts", "web/**/*.test.ts"],
    exclude: ["test/web/**", "test/shippers/**", "test/engines/**", "node_modules/**"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
    env: { TZ: "America/St_Johns" },
  },
});
