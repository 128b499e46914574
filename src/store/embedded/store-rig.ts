import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { systemClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import { testDatasets } from "../contract-data.ts";
import { createEmbeddedStore, type EmbeddedStore, type EmbeddedStoreOptions } from "./embedded-store.ts";

/** An embedded store for the time of a test. */
export async function openStore(
  directory = newDirectory(),
  options: Partial<EmbeddedStoreOptions> = {},
): Promise<EmbeddedStore> {
  const store = await createEmbeddedStore({
    directory,
    network: "testnet",
    datasets: testDatasets,
    clock: systemClock(),
    log: silentLog,
    commitEveryMs: 1,
    ...options,
  });
  onTestFinished(() => store.close());
  return store;
}

/** A directory for the time of a test. */
export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "ethmon-store-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
