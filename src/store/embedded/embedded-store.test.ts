import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { systemClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import { describeStore } from "../contract.ts";
import { testDatasets } from "../contract-data.ts";
import { createEmbeddedStore } from "./embedded-store.ts";

const root = mkdtempSync(join(tmpdir(), "ethmon-store-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describeStore("the embedded store", () =>
  createEmbeddedStore({
    directory: mkdtempSync(join(root, "data-")),
    network: "testnet",
    datasets: testDatasets,
    clock: systemClock(),
    log: silentLog,
  }),
);
