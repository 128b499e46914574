import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
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
import type { SearchRequest } from "../../search/request.ts";
import { EVENTS, QUARANTINE, THINGS, testDatasets } from "../contract-data.ts";
import type { Store } from "../store.ts";
import { createEmbeddedStore } from "./embedded-store.ts";

const KILLS = killsOf({ usual: 8, long: 50 });
const NUMBERS_A_LIFE = 1_000_000;
const seed = Number(process.env["ETHMON_TEST_SEED"] ?? 7);

type Life = { child: ChildProcess; databasePid: Promise<number>; firstAck: Promise<void>; ended: Promise<void> };

function startLife(directory: string, first: number, acknowledged: Set<number>): Life {
  const child = spawn(
    process.execPath,
    [fileURLToPath(siblingModule(import.meta.url, "kill-rig")), directory, String(first)],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const pid = Promise.withResolvers<number>();
  const ack = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const [kind, a, b] = line.split(" ");
      if (kind === "p") pid.resolve(Number(a));
      if (kind !== "a") continue;
      for (let number = Number(a); number <= Number(b); number++) acknowledged.add(number);
      ack.resolve();
    }
  });
  child.on("close", () => {
    pid.resolve(0);
    ack.resolve();
    end.resolve();
  });
  return { child, databasePid: pid.promise, firstAck: ack.promise, ended: end.promise };
}

async function allHits(store: Store, pattern: string): Promise<{ number: number; seq: string }[]> {
  const found: { number: number; seq: string }[] = [];
  let after: SearchRequest["search_after"];
  while (true) {
    const { hits } = await store.search(pattern, {
      size: 10_000,
      sort: ["_seq"],
      ...(after === undefined ? {} : { search_after: after }),
    });
    for (const { _source, sort } of hits.hits) {
      found.push({ number: (_source["test"] as { number: number }).number, seq: String(sort?.[0]) });
    }
    if (hits.hits.length < 10_000) return found;
    after = hits.hits.at(-1)?.sort;
  }
}

test(
  `after ${KILLS} kills of the store or its database each acknowledged document stands once`,
  async () => {
    const directory = mkdtempSync(join(tmpdir(), "ethmon-kill-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const { next: random } = createRandom(seed);
    const acknowledged = new Set<number>();
    for (let round = 0; round < KILLS; round++) {
      const life = startLife(directory, round * NUMBERS_A_LIFE + 1, acknowledged);
      // Most lives are cut while documents flow, some while the store still opens.
      if (random() < 0.8) await life.firstAck;
      await sleep(30 + random() * 150);
      if (random() < 0.3) {
        const databasePid = await life.databasePid;
        if (databasePid > 0) tryKill(databasePid);
        await sleep(random() * 200);
      }
      life.child.kill("SIGKILL");
      await life.ended;
    }

    const store = await createEmbeddedStore({
      directory,
      network: "testnet",
      datasets: testDatasets,
      clock: systemClock(),
      log: silentLog,
    });
    onTestFinished(() => store.close());
    expect(store.lastMarkUs()).toBeGreaterThan(0);
    await store.settled(AbortSignal.timeout(20_000));
    const hits = await allHits(store, EVENTS);
    const stored = new Set(hits.map(({ number }) => number));
    expect(hits.length, `seed ${seed}: no number twice`).toBe(stored.size);
    expect(new Set(hits.map(({ seq }) => seq)).size).toBe(hits.length);
    expect(
      [...acknowledged].filter((number) => !stored.has(number)),
      `seed ${seed}: lost`,
    ).toEqual([]);
    expect(acknowledged.size).toBeGreaterThan(KILLS * 10);

    const things = await allHits(store, THINGS);
    expect(things.length).toBeLessThanOrEqual(10);
    for (const { number } of things) {
      const newest = Math.max(...hits.map((hit) => hit.number).filter((other) => sameKey(other, number)));
      expect(newest - number, `seed ${seed}: the last one of a key stays`).toBeLessThan(10);
    }
    expect(store.state().rows).toBe(hits.length + things.length);
    expect((await store.search(QUARANTINE, {})).hits.hits).toEqual([]);
    await store.close();
    expect(readdirSync(join(directory, "journal")).filter((name) => name.endsWith(".log"))).toHaveLength(1);
  },
  60_000 + KILLS * 5_000,
);

function tryKill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Documents of one batch share the tens digit of its first number. */
function sameKey(a: number, b: number): boolean {
  return Math.floor((a - 1) / 10) % 10 === Math.floor((b - 1) / 10) % 10;
}
