import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Clock } from "../../lib/clock.ts";
import { isFault } from "../../lib/fault.ts";
import { type Log, silentLog } from "../../lib/log.ts";
import { EVENTS, QUARANTINE, THINGS, thing } from "../contract-data.ts";
import { DAY_US } from "../retention.ts";
import type { DiskUse, Store, StoreUse } from "../store.ts";
import { createEmbeddedStore, type EmbeddedStoreOptions } from "./embedded-store.ts";
import { DEFAULT_LIMITS, HOUR_US, keptDatasets, MARKS, NOON_US, ofDay, upTo, VOTES } from "./retention-rig.ts";

/** What the database allots at a time. */
const BLOCK_BYTES = 65_536;
const within = { timeout: 15_000, interval: 20 };

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "ethmon-retain-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A clock that stands still until it is set. */
function handClock(nowUs = NOON_US): Clock & { set(nowUs: number): void } {
  let now = nowUs;
  return {
    nowUs: () => now,
    monoUs: () => Math.round(performance.now() * 1000),
    set(next) {
      now = next;
    },
  };
}

async function openStore(options: Partial<EmbeddedStoreOptions> = {}) {
  const store = await createEmbeddedStore({
    directory: options.directory ?? newDirectory(),
    network: "testnet",
    datasets: keptDatasets,
    clock: handClock(),
    log: silentLog,
    commitEveryMs: 1,
    ...options,
  });
  onTestFinished(() => store.close());
  return store;
}

async function countOf(store: Store, pattern: string): Promise<number> {
  const { hits } = await store.search(pattern, { size: 0, track_total_hits: true });
  return hits.total?.value ?? 0;
}

/** The days of an index pattern, from day 0, with the number of documents of each. */
async function daysOf(store: Store, pattern: string): Promise<Record<number, number>> {
  const days: Record<number, number> = {};
  const { hits } = await store.search(pattern, { size: 10_000, sort: ["@timestamp"] });
  for (const { _source } of hits.hits) {
    const day = Math.floor((Date.parse(String(_source["@timestamp"])) * 1000 - NOON_US + DAY_US / 2) / DAY_US);
    days[day] = (days[day] ?? 0) + 1;
  }
  return days;
}

const used = ({ database, free, wal, journal, pending }: DiskUse) => database - free + wal + journal - pending;

describe("by age", () => {
  test("votes of 24 hours, others of 30 days, gaps and derived documents for ever: at the start, whole days", async () => {
    const directory = newDirectory();
    const before = await openStore({ directory });
    const days = [-90, -32, -31, -30, -3, -2, -1, 0];
    for (const day of days) {
      await before.append([
        ...ofDay("test.event", day, upTo(3)),
        ...ofDay("test.vote", day, upTo(4)),
        ...ofDay("test.mark", day, upTo(2)),
        ...ofDay("test.unknown", day, [1]),
        { ...thing(`day ${day}`, { "test.number": day }), timestampUs: NOON_US + day * DAY_US },
      ]);
    }
    await before.settled();
    expect(await before.retain()).toMatchObject({ droppedDays: 0, droppedRows: 0 });
    await before.close();

    const store = await openStore({ directory, retention: DEFAULT_LIMITS });
    await expect.poll(() => store.state().retention?.last?.droppedDays, within).toBe(3 + 2 * 3 + 3);
    expect(await daysOf(store, VOTES)).toEqual({ [-1]: 4, 0: 4 });
    const rawDays = [-30, -3, -2, -1, 0];
    expect(await daysOf(store, EVENTS)).toEqual(Object.fromEntries(rawDays.map((day) => [day, 3])));
    expect(await daysOf(store, QUARANTINE)).toEqual(Object.fromEntries(rawDays.map((day) => [day, 1])));
    expect(await daysOf(store, MARKS)).toEqual(Object.fromEntries(days.map((day) => [day, 2])));
    expect(await countOf(store, THINGS)).toBe(days.length);
    expect(store.state().rows).toBe(2 * 4 + 5 * 3 + 5 + days.length * 2 + days.length);
  });

  test("a day of votes goes when its last moment is 24 hours old, and not before", async () => {
    const clock = handClock();
    const store = await openStore({ clock, retention: DEFAULT_LIMITS });
    await store.append([...ofDay("test.vote", 0, upTo(5)), ...ofDay("test.vote", 1, upTo(5))]);
    await store.settled();
    const endOfDayUs = NOON_US + 12 * HOUR_US;
    clock.set(endOfDayUs + 24 * HOUR_US - 1);
    expect(await store.retain()).toMatchObject({ droppedDays: 0 });
    expect(await countOf(store, VOTES)).toBe(10);
    clock.set(endOfDayUs + 24 * HOUR_US);
    expect(await store.retain()).toMatchObject({ droppedDays: 1, droppedRows: 5, ranAtUs: endOfDayUs + 24 * HOUR_US });
    expect(await daysOf(store, VOTES)).toEqual({ 1: 5 });
  });

  test("documents that come late for a dropped day are stored, and go with the next run", async () => {
    const store = await openStore({ retention: DEFAULT_LIMITS });
    for (let round = 0; round < 3; round++) {
      await store.append([...ofDay("test.vote", -5, upTo(2)), ...ofDay("test.vote", 0, [round])]);
      await store.settled();
      expect(await countOf(store, VOTES)).toBe(3 + round);
      expect(await store.retain()).toMatchObject({ droppedDays: 1, droppedRows: 2 });
      expect(await daysOf(store, VOTES)).toEqual({ 0: round + 1 });
    }
  });

  test("days of a network that was watched before go too, and are not counted among the rows of this one", async () => {
    const directory = newDirectory();
    const before = await openStore({ directory, network: "othernet" });
    await before.append([...ofDay("test.vote", -9, upTo(7)), ...ofDay("test.vote", 0, upTo(2))]);
    await before.close();
    const store = await openStore({ directory });
    await store.append(ofDay("test.vote", 0, upTo(3)));
    await store.settled();
    await store.close();
    const kept = await openStore({ directory, retention: DEFAULT_LIMITS });
    await expect.poll(() => kept.state().retention?.last, within).toMatchObject({ droppedDays: 1, droppedRows: 7 });
    expect(kept.state().rows).toBe(3);
    const { datasets } = await kept.use();
    expect(datasets.map(({ index, rows }) => [index, rows])).toEqual([
      ["logs-test.vote-othernet", 2],
      ["logs-test.vote-testnet", 3],
    ]);
  });

  test("a dropped day stays dropped and a kept one stays whole when the process ends right after", async () => {
    const clock = handClock();
    const store = await openStore({ clock, retention: DEFAULT_LIMITS });
    for (let day = 0; day < 4; day++) {
      await store.append(ofDay("test.vote", day, upTo(500)));
      await store.settled(AbortSignal.timeout(15_000));
      clock.set(NOON_US + day * DAY_US);
      const pid = store.databasePid() ?? 0;
      const outcome = store.retain().then(
        ({ droppedDays }) => droppedDays,
        (error: unknown) => error,
      );
      // Half of the rounds are cut while the run is under way, the others once it is done.
      if (day % 2 === 0) await outcome;
      process.kill(pid, "SIGKILL");
      const told = await outcome;
      if (typeof told !== "number") expect(isFault(told, "store_unavailable")).toBe(true);
      await expect.poll(() => store.databasePid() !== pid && store.state().state, within).toBe("ready");
      await store.retain();
      const days = Object.fromEntries([day - 1, day].filter((one) => one >= 0).map((one) => [one, 500]));
      expect(await daysOf(store, VOTES)).toEqual(days);
      expect(store.state().rows).toBe(Object.keys(days).length * 500);
    }
  });
});

describe("by the disk cap", () => {
  const text = () => randomBytes(600).toString("base64");
  const numbers = upTo(1000);

  const limits = { ...DEFAULT_LIMITS, votesMs: DEFAULT_LIMITS.rawMs };

  /** Four days of votes and of other events, one of what is kept for ever, all of it in the file and not in its log. */
  async function fill(directory: string): Promise<StoreUse> {
    const store = await openStore({ directory, segmentBytes: 256 * 1024, retention: limits });
    for (let day = -3; day <= 0; day++) {
      await store.append(ofDay("test.vote", day, numbers, text));
      await store.append(ofDay("test.event", day, numbers, text));
      await store.settled();
    }
    // A run that drops something writes the log into the file.
    await store.append([...ofDay("test.mark", 0, numbers, text), ...ofDay("test.event", -99, [1])]);
    await store.settled();
    expect(await store.retain()).toMatchObject({ droppedDays: 1, disk: { wal: 0 } });
    await expect.poll(async () => (await store.retain()).disk.journal, within).toBeLessThan(256 * 1024);
    const use = await store.use();
    await store.close();
    return use;
  }

  /** The days of votes and of other events that are left under a cap. */
  async function leftUnder(directory: string, diskBytes: number) {
    const store = await openStore({ directory, retention: { ...limits, diskBytes } });
    const { disk, overCap } = await store.retain();
    const days = [await daysOf(store, VOTES), await daysOf(store, EVENTS)].map((counts) =>
      Object.keys(counts)
        .map(Number)
        .toSorted((one, other) => one - other),
    );
    await store.close();
    return { days, bytes: used(disk), overCap };
  }

  test("votes go first, then others, each the oldest day first, and no more than needed", async () => {
    const directory = newDirectory();
    const { disk, datasets } = await fill(directory);
    const bytesOf = (name: string) => datasets.find(({ dataset }) => dataset === name)?.bytes ?? 0;
    const [votes, events] = [bytesOf("test.vote"), bytesOf("test.event")];
    expect(Math.min(votes, events)).toBeGreaterThan(4 * 7 * BLOCK_BYTES);

    const twoDays = await leftUnder(directory, used(disk) - votes / 2 + 3 * BLOCK_BYTES);
    expect(twoDays).toMatchObject({
      days: [
        [-1, 0],
        [-3, -2, -1, 0],
      ],
      overCap: undefined,
    });
    const cap = used(disk) - votes - events / 4 + 3 * BLOCK_BYTES;
    const noVotes = await leftUnder(directory, cap);
    expect(noVotes).toMatchObject({ days: [[], [-2, -1, 0]], overCap: undefined });
    expect(noVotes.bytes).toBeLessThanOrEqual(cap);
  });

  test("a cap that what is kept for ever exceeds is said once, in the log and in the state", async () => {
    const warnings: string[] = [];
    const log: Log = { ...silentLog, warn: (_, sentence) => warnings.push(sentence), child: () => log };
    const store = await openStore({ log, retention: { ...DEFAULT_LIMITS, diskBytes: 100_000 } });
    await store.append(ofDay("test.mark", -1, upTo(500), text));
    await store.settled();
    for (let round = 1; round <= 3; round++) {
      await store.append([...ofDay("test.mark", 0, [round]), ...ofDay("test.event", 0, upTo(5))]);
      await store.settled();
      const { droppedRows, overCap } = await store.retain();
      expect(droppedRows).toBe(5);
      expect(overCap).toMatch(/^The store takes \d\.\d\d GB, more than its cap of 0\.00 GB, and holds nothing but/);
      expect(store.state().retention?.last?.overCap).toBe(overCap);
      expect(await countOf(store, MARKS)).toBe(500 + round);
    }
    expect(warnings).toEqual(["The disk cap is exceeded and nothing is left to drop"]);
  });

  test("the room of dropped days is used again: the file stays as large as it was", async () => {
    const clock = handClock();
    const store = await openStore({ clock, segmentBytes: 256 * 1024, retention: DEFAULT_LIMITS });
    const sizes: number[] = [];
    for (let day = 0; day < 8; day++) {
      clock.set(NOON_US + day * DAY_US);
      await store.append(ofDay("test.vote", day, numbers, text));
      await store.settled();
      const { disk } = await store.retain();
      sizes.push(disk.database);
    }
    expect(await daysOf(store, VOTES)).toEqual({ 6: numbers.length, 7: numbers.length });
    // Two days are kept and a third is there until the run: from then on the file has the room it needs.
    expect(Math.max(...sizes.slice(4))).toBeLessThanOrEqual(Math.max(...sizes.slice(0, 4)) + 2 * BLOCK_BYTES);
  });
});

test("searches while days are dropped get their answer, with each day whole or not at all", async () => {
  const clock = handClock();
  const store = await openStore({ clock, retention: DEFAULT_LIMITS, queryConnections: 4 });
  const rows = 700;
  const last = 9;
  for (let day = 0; day <= last; day++) await store.append(ofDay("test.vote", day, upTo(rows)));
  await store.settled();

  let dropping = true;
  let answered = 0;
  const search = async () => {
    while (dropping) {
      const [counted, page] = await Promise.all([
        countOf(store, VOTES),
        store.search(VOTES, { size: 10_000, sort: ["@timestamp"], track_total_hits: true }),
      ]);
      expect(counted % rows).toBe(0);
      const { total, hits } = page.hits;
      expect(hits).toHaveLength(Math.min(10_000, total?.value ?? 0));
      const perDay = Map.groupBy(hits, ({ _source }) => String(_source["@timestamp"]).slice(0, 10));
      for (const day of [...perDay.values()].slice(0, -1)) expect(day).toHaveLength(rows);
      answered += 1;
    }
  };
  const searching = [search(), search(), search()];
  // Something is loaded at the same time, too.
  const loading = (async () => {
    for (let number = rows + 1; dropping; number++) {
      await store.append(ofDay("test.event", last, [number]));
      await store.settled();
    }
  })();
  for (let day = 2; day <= last; day++) {
    clock.set(NOON_US + day * DAY_US);
    await store.retain();
  }
  dropping = false;
  await Promise.all([...searching, loading]);
  expect(answered).toBeGreaterThan(3);
  expect(await daysOf(store, VOTES)).toEqual({ [last - 1]: rows, [last]: rows });
}, 60_000);
