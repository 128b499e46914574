import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { killsOf } from "../../../test/rigs/repetitions.ts";
import type { Json } from "../../events/document.ts";
import { systemClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import { siblingModule } from "../../lib/sibling.ts";
import { sleep } from "../../lib/sleep.ts";
import { createEmbeddedStore } from "./embedded-store.ts";
import { dayOfNumber, keptDatasets, VOTES } from "./retention-rig.ts";

const KILLS = killsOf({ usual: 4, long: 12 });
/** What a life may have appended beyond its last acknowledged number. */
const IN_FLIGHT = 10;

type Life = {
  child: ChildProcess;
  databasePid: number;
  lastAcknowledged(): number;
  droppedDays(): number;
  /** Settles once it has dropped a day. */
  hasDropped: Promise<void>;
};

/** Runs the rig until it has acknowledged something; notes every acknowledged number. */
async function startLife(directory: string, first: number, acknowledged: Set<number>): Promise<Life> {
  const rig = fileURLToPath(siblingModule(import.meta.url, "retain-kill-rig"));
  const child = spawn(process.execPath, [rig, directory, String(first)], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const begun = Promise.withResolvers<void>();
  const drop = Promise.withResolvers<void>();
  drop.promise.catch(() => undefined);
  let databasePid = 0;
  let last = 0;
  let dropped = 0;
  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const [kind, a, b] = line.split(" ");
      if (kind === "p") databasePid = Number(a);
      if (kind === "d") dropped += Number(a);
      if (dropped > 0) drop.resolve();
      if (kind !== "a") continue;
      for (last = Number(a); last < Number(b); last++) acknowledged.add(last);
      acknowledged.add(last);
      begun.resolve();
    }
  });
  child.once("exit", () => {
    const error = new Error("The rig ended by itself");
    begun.reject(error);
    drop.reject(error);
  });
  await begun.promise;
  return { child, databasePid, lastAcknowledged: () => last, droppedDays: () => dropped, hasDropped: drop.promise };
}

async function storedNumbers(directory: string): Promise<number[]> {
  const store = await createEmbeddedStore({
    directory,
    network: "testnet",
    datasets: keptDatasets,
    clock: systemClock(),
    log: silentLog,
  });
  try {
    await store.settled(AbortSignal.timeout(20_000));
    const numbers: number[] = [];
    let after: readonly Json[] | undefined;
    // A fast machine writes more in two days than one page holds.
    do {
      const next = after === undefined ? {} : { search_after: after };
      const { hits } = await store.search(VOTES, { size: 10_000, sort: ["_seq"], ...next });
      numbers.push(...hits.hits.map(({ _source }) => (_source["test"] as { number: number }).number));
      after = hits.hits.at(-1)?.sort;
    } while (after !== undefined);
    return numbers;
  } finally {
    await store.close();
  }
}

test(
  `after each of ${KILLS} kills while days are dropped, the days that are kept are whole`,
  async () => {
    const directory = mkdtempSync(join(tmpdir(), "ethmon-retain-kill-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const acknowledged = new Set<number>();
    let first = 1;
    let droppedDays = 0;
    for (let round = 0; round < KILLS; round++) {
      const life = await startLife(directory, first, acknowledged);
      if (round % 2 === 0) await life.hasDropped;
      await sleep(100 + (round % 4) * 150);
      if (round % 3 === 1) {
        process.kill(life.databasePid, "SIGKILL");
        await sleep(100 * (round % 4));
      }
      const ended = once(life.child, "exit");
      life.child.kill("SIGKILL");
      await ended;
      droppedDays += life.droppedDays();
      first = life.lastAcknowledged() + IN_FLIGHT + 1;

      const stored = await storedNumbers(directory);
      expect(stored.length, "no number twice").toBe(new Set(stored).size);
      // At noon the day before is kept, and the one before that is not.
      const keptFrom = dayOfNumber(first) - 1;
      const present = new Set(stored);
      const lost = [...acknowledged].filter((number) => dayOfNumber(number) >= keptFrom && !present.has(number));
      expect(lost, `lost in round ${round}`).toEqual([]);
    }
    expect(droppedDays).toBeGreaterThanOrEqual(KILLS / 2);
    expect(acknowledged.size).toBeGreaterThan(KILLS * 100);
  },
  60_000 + KILLS * 10_000,
);
