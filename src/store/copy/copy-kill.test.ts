import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { killsOf } from "../../../test/rigs/repetitions.ts";
import { systemClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import { createRandom } from "../../lib/random.ts";
import { siblingModule } from "../../lib/sibling.ts";
import { sleep } from "../../lib/sleep.ts";
import { EVENTS, event, testDatasets, thing } from "../contract-data.ts";
import { createEmbeddedStore } from "../embedded/embedded-store.ts";
import type { Comparison } from "./compare.ts";
import { withCopyProgress } from "./progress.ts";

const DOCUMENTS = 15_000;
const KILLS = killsOf({ usual: 2, long: 8 });
const seed = Number(process.env["ETHMON_TEST_SEED"] ?? 7);

/** One run of the copy, killed `afterMs` after it began; what it said at its end, if it came to it. */
async function runCopy(from: string, to: string, afterMs?: number): Promise<Comparison[] | undefined> {
  const rig = fileURLToPath(siblingModule(import.meta.url, "copy-kill-rig"));
  const child = spawn(process.execPath, [rig, from, to], { stdio: ["ignore", "pipe", "inherit"] });
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
    begun.resolve();
  });
  child.on("close", () => {
    begun.resolve();
    ended.resolve();
  });
  await begun.promise;
  if (afterMs !== undefined) {
    await sleep(afterMs);
    child.kill("SIGKILL");
  }
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  await ended.promise;
  const last = out.trim().split("\n").at(-1) ?? "";
  return last.startsWith("[") ? (JSON.parse(last) as Comparison[]) : undefined;
}

test(`after ${KILLS} kills each document stands once, as at the source`, async () => {
  const directory = mkdtempSync(join(tmpdir(), "ethmon-copy-kill-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const [from, to] = [join(directory, "from"), join(directory, "to")];
  const opening = { network: "testnet", clock: systemClock(), log: silentLog, datasets: testDatasets };
  const store = await createEmbeddedStore({ ...opening, directory: from });
  for (let first = 0; first < DOCUMENTS; first += 5_000) {
    const numbers = Array.from({ length: 5_000 }, (_, i) => first + i);
    await store.append(numbers.map((number) => event(number, { "test.remark": "x".repeat(number % 300) })));
  }
  await store.append(Array.from({ length: 500 }, (_, i) => thing(String(i), { "test.number": i })));
  await store.settled();
  await store.close();

  const { next: random } = createRandom(seed);
  let ended = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    if ((await runCopy(from, to, random() * 400)) !== undefined) ended += 1;
  }
  expect(ended, "kills come before the end").toBeLessThan(KILLS);
  const comparisons = await runCopy(from, to);
  expect(comparisons?.map(({ same, target }) => [same, target.documents])).toEqual([
    [true, 500],
    [true, DOCUMENTS],
  ]);

  const copied = await createEmbeddedStore({ ...opening, datasets: withCopyProgress(testDatasets), directory: to });
  onTestFinished(() => copied.close());
  const { hits } = await copied.search(EVENTS, {
    size: 0,
    track_total_hits: true,
    aggs: { numbers: { cardinality: { field: "test.number" } } },
  });
  expect(hits.total?.value, "none lost, none twice, also beside the ranges that are noted").toBe(DOCUMENTS);
}, 300_000);
