import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { killsOf } from "../../../test/rigs/repetitions.ts";
import { createRandom } from "../../lib/random.ts";
import { siblingModule } from "../../lib/sibling.ts";
import { sleep } from "../../lib/sleep.ts";
import { allOf, gatheredTables, ofKinds } from "./gather-rig.ts";
import { newDirectory, openStore } from "./store-rig.ts";

const KILLS = killsOf({ usual: 3, long: 16 });
/** What a life may have stored beyond its last acknowledged number. */
const IN_FLIGHT = 16_000;
const LONGEST_MS = 800;
/** Of all rounds, until a kill came while a piece was being written. */
const MOST_ROUNDS = 5 * KILLS;

type Life = { databasePid: number; acknowledged: number; kill(): Promise<void> };

/** Runs the rig until it has documents written anew, for the second time where `isSecond`. */
async function startLife(directory: string, first: number, isSecond: boolean): Promise<Life> {
  const rig = fileURLToPath(siblingModule(import.meta.url, "gather-kill-rig"));
  const child = spawn(process.execPath, [rig, directory, String(first)], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const begun = Promise.withResolvers<void>();
  const life = {
    databasePid: 0,
    acknowledged: first,
    async kill() {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
  let left = isSecond ? 2 : 1;
  createInterface({ input: child.stdout }).on("line", (line) => {
    const [kind, value] = line.split(" ");
    if (kind === "p") life.databasePid = Number(value);
    if (kind === "a") life.acknowledged = Number(value);
    if (kind !== "g") return;
    left -= 1;
    if (left === 0) begun.resolve();
  });
  child.once("exit", () => begun.reject(new Error("The rig ended by itself")));
  begun.promise.catch(() => undefined);
  await begun.promise;
  return life;
}

test(
  `after each of ${KILLS} kills while documents are written anew, each of them is there once`,
  async () => {
    const directory = newDirectory();
    const random = createRandom(Number(process.env["ETHMON_TEST_SEED"] ?? 7));
    const acknowledged = new Set<number>();
    let first = 0;
    let gathered = 0;
    let interrupted = 0;
    for (let round = 0; round < KILLS || (interrupted === 0 && round < MOST_ROUNDS); round++) {
      const life = await startLife(directory, first, round % 2 === 1);
      await sleep(random.integer(0, LONGEST_MS));
      if (round % 3 === 1) {
        process.kill(life.databasePid, "SIGKILL");
        await sleep(random.integer(0, LONGEST_MS));
      }
      await life.kill();
      for (let number = first; number < life.acknowledged; number++) acknowledged.add(number);
      first = life.acknowledged + IN_FLIGHT;

      const store = await openStore(directory);
      await store.settled(AbortSignal.timeout(20_000));
      const stored = await allOf(store);
      await store.close();
      const numbers = stored.map((source) => Number(source["number"]));
      const present = new Set(numbers);
      expect(numbers.length, "no number twice").toBe(present.size);
      expect([...acknowledged].filter((number) => !present.has(number))).toEqual([]);
      expect(stored, "in the order in which they came").toEqual(ofKinds(numbers.toSorted((a, b) => a - b)));
      const [table] = await gatheredTables(directory);
      if (table !== undefined && table.tries > 0) interrupted += 1;
      gathered = table?.gathered ?? 0;
    }
    expect(gathered, "rows that were written anew").toBeGreaterThan(0);
    expect(interrupted, "kills while a piece was being written").toBeGreaterThan(0);
  },
  90_000 + KILLS * 40_000,
);
