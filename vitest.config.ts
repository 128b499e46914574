import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";

/** Hundreds of processes start from the sources: each would strip and compile them anew. */
process.env["NODE_COMPILE_CACHE"] ??= fileURLToPath(new URL("node_modules/.cache/compiled", import.meta.url));

/** These test functions and leave their process as they found it, so that many files share one. */
const FUNCTIONS = [
  ...[
    "alert/alerts",
    "alert/desk",
    "alert/engine",
    "alert/schedule",
    "alert/script",
    "alert/send",
    "alert/template",
    "alert/watch",
    "chain",
    "enrich",
    "events",
    "ingest",
    "lib",
    "measure",
    "search",
  ].map((room) => `src/${room}/**/*.test.ts`),
  "web/**/*.test.ts",
];

/**
 * What takes long by its nature is for the long step: queries that would scan for ever, every drawing of an export, kills
 * in the middle of large tables, and whole recordings past every rule.
 */
const LONG = [
  "src/cli/kibana.test.ts",
  "src/cli/store-copy.test.ts",
  "src/store/embedded/gather-kill.test.ts",
  "src/store/embedded/gather-tables.test.ts",
  "src/store/copy/copy.test.ts",
  "src/store/embedded/retain-kill.test.ts",
  "src/store/embedded/retain.test.ts",
  "src/store/embedded/source-texts.test.ts",
  "test/chaos/http-chaos.test.ts",
  "test/panels/shipped-panels.test.ts",
  "test/watches/recordings.test.ts",
  "src/store/embedded/greedy.test.ts",
  "src/serve/elastic/greedy-search.test.ts",
  "src/store/elastic/refused-index.test.ts",
  "src/store/embedded/wide-words.test.ts",
  "src/measure/measures.test.ts",
  "test/export/**",
];
const left = process.env["ETHMON_TEST_LONG"] === undefined ? LONG : [];

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // More than the cores of CI: tests of parts wait for each other's processes.
    maxWorkers: 4,
    env: { TZ: "America/St_Johns" },
    // The first one's longer files begin first, by name: the short files of the second fill the end.
    projects: [
      {
        extends: true,
        test: {
          name: "apart",
          include: ["src/**/*.test.ts", "test/**/*.test.ts", "devnet/*.test.ts", "devnet/fulu/*.test.ts"],
          exclude: [
            ...configDefaults.exclude,
            "test/web/**",
            "test/shippers/**",
            "test/engines/**",
            ...FUNCTIONS,
            ...left,
          ],
        },
      },
      {
        extends: true,
        test: {
          name: "together",
          include: FUNCTIONS,
          exclude: [...configDefaults.exclude, ...left],
          isolate: false,
        },
      },
    ],
  },
});
