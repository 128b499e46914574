import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Document } from "../events/document.ts";
import { systemClock } from "../lib/clock.ts";
import { isFault } from "../lib/fault.ts";
import { silentLog } from "../lib/log.ts";
import { sleep } from "../lib/sleep.ts";
import { type JournalOptions, openJournal } from "./journal.ts";
import type { Loss } from "./journal-queue.ts";
import { createJournalReader } from "./journal-reader.ts";
import type { JournalPoint } from "./journal-segments.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ethmon-journal-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const document = (number: number, filler = ""): Document => ({
  dataset: "test.event",
  timestampUs: 1_700_000_000_000_000 + number,
  fields: { "test.number": number, "observer.name": `node-${number % 3}`, ...(filler === "" ? {} : { filler }) },
});
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const openHere = (options: Partial<JournalOptions> = {}) =>
  openJournal({ directory, clock: systemClock(), log: silentLog, ...options });

async function readAll(until: JournalPoint, position = 0, limit = 100) {
  const reader = createJournalReader({ directory, position, log: silentLog });
  const numbers: number[] = [];
  const positions: number[] = [];
  try {
    while (true) {
      const { documents } = await reader.read({ until, limit });
      if (documents.length === 0) return { numbers, positions };
      numbers.push(...documents.map((entry) => entry.document.fields["test.number"] as number));
      positions.push(...documents.map((entry) => entry.position));
    }
  } finally {
    await reader.close();
  }
}

const segments = () =>
  readdirSync(directory)
    .filter((name) => name.endsWith(".log"))
    .sort();

describe("the journal", () => {
  test("what is appended together is whole after a crash, or not there at all", async () => {
    const journal = await openHere();
    await journal.append([document(1)]);
    const before = journal.durable().offset;
    const together = range(2, 1_500).map((number) => document(number, "x".repeat(60)));
    await Promise.all([journal.append(together, { together: true }), journal.append([document(1_501)])]);
    const { segment, offset } = journal.durable();
    await journal.close();
    const path = join(directory, segments()[0] ?? "");
    const whole = readFileSync(path);
    const counts = new Set<number>();
    const step = Math.ceil((offset - before) / 20);
    const cuts = range(0, 18).map((i) => before + i * step);
    for (const cut of [...cuts, offset - 10]) {
      writeFileSync(path, whole.subarray(0, cut));
      const again = await openHere();
      counts.add((await readAll(again.durable())).numbers.length);
      await again.close();
    }
    expect(segment).toBe(1);
    expect([...counts].sort((a, b) => a - b)).toEqual([1, 1_500]);
  });

  test("gives back in order what was appended, over rotations and reopenings", async () => {
    for (let life = 0; life < 3; life++) {
      const journal = await openHere({ segmentBytes: 4000 });
      for (const number of range(life * 50 + 1, life * 50 + 50)) await journal.append([document(number)]);
      await journal.close();
    }
    const journal = await openHere();
    expect(segments().length).toBeGreaterThan(3);
    expect(await readAll(journal.durable())).toEqual({ numbers: range(1, 150), positions: range(1, 150) });
    expect((await readAll(journal.durable(), 70)).numbers).toEqual(range(71, 150));
    await journal.close();
  });

  test("gives back documents larger than a read of the file, before and after a reopening", async () => {
    const journal = await openHere();
    for (const number of range(1, 6)) await journal.append([document(number, "ä".repeat(number * 300_000))]);
    expect((await readAll(journal.durable(), 0, 1)).numbers).toEqual(range(1, 6));
    await journal.close();
    const reopened = await openHere();
    await reopened.append([document(7)]);
    expect((await readAll(reopened.durable())).numbers).toEqual(range(1, 7));
    await reopened.close();
    expect(readdirSync(directory).filter((name) => name.endsWith(".corrupt"))).toEqual([]);
  });

  test("makes offered documents durable without being asked", async () => {
    const points: JournalPoint[] = [];
    const journal = await openHere({ onDurable: (point) => points.push(point) });
    expect(journal.offer(range(1, 5).map((number) => document(number)))).toBe(true);
    await expect.poll(() => journal.durable().position).toBe(5);
    expect((await readAll(journal.durable())).numbers).toEqual(range(1, 5));
    await journal.close();
    expect(points.at(0)?.position).toBe(5);
  });

  test("cuts off a torn tail at every possible byte and goes on after the last whole frame", async () => {
    const journal = await openHere();
    await journal.append([document(1)]);
    const whole = journal.durable().offset;
    await journal.append([document(2)]);
    const torn = journal.durable().offset;
    await journal.close();
    const path = join(directory, segments()[0] as string);
    const bytes = readFileSync(path);
    for (let size = whole; size < torn; size += 7) {
      writeFileSync(path, bytes);
      truncateSync(path, size);
      const again = await openHere();
      expect(again.durable()).toMatchObject({ position: 1, offset: whole });
      await again.append([document(99)]);
      expect((await readAll(again.durable())).numbers).toEqual([1, 99]);
      await again.close();
    }
  });

  test("puts a corrupt record in the middle aside and keeps every other one", async () => {
    const journal = await openHere();
    const offsets: number[] = [];
    for (const number of range(1, 5)) {
      offsets.push(journal.durable().offset);
      await journal.append([document(number)]);
    }
    await journal.close();
    const path = join(directory, segments()[0] as string);
    const bytes = readFileSync(path);
    bytes.fill(0xff, (offsets[2] as number) + 3, (offsets[2] as number) + 60);
    writeFileSync(path, bytes);

    const again = await openHere();
    expect((await readAll(again.durable())).numbers).toEqual([1, 2, 4, 5]);
    await again.append([document(6)]);
    expect((await readAll(again.durable(), 2)).numbers).toEqual([4, 5, 6]);
    await again.close();
    const copies = readdirSync(directory).filter((name) => name.endsWith(".corrupt"));
    expect(copies).toHaveLength(1);
    expect(readFileSync(join(directory, copies[0] as string)).length).toBe(
      (offsets[3] as number) - (offsets[2] as number),
    );
  });

  test("loses nothing but the changed records, wherever bytes are changed", async () => {
    const journal = await openHere();
    for (const number of range(1, 20)) await journal.append([document(number)]);
    const until = journal.durable();
    await journal.close();
    const path = join(directory, segments()[0] as string);
    const bytes = readFileSync(path);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 8, max: until.offset - 1 }), fc.nat(255)), { maxLength: 6 }),
        async (changes) => {
          const broken = Buffer.from(bytes);
          for (const [at, value] of changes) broken[at] = value;
          writeFileSync(path, broken);
          const { numbers } = await readAll(until);
          expect(numbers.length).toBeGreaterThanOrEqual(20 - changes.length);
          expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
        },
      ),
      { numRuns: 50 },
    );
  });

  test("notes the time up to which it is durable, also when nothing comes", async () => {
    let nowUs = 5_000_000;
    const clock = { nowUs: () => nowUs, monoUs: systemClock().monoUs };
    const journal = await openHere({ clock });
    expect(journal.lastMarkUs()).toBeUndefined();
    await journal.append([document(1)]);
    nowUs = 9_000_000;
    const before = journal.durable().offset;
    await expect.poll(() => journal.durable().offset, { timeout: 5000 }).toBeGreaterThan(before);
    // A crash: nothing more is written by the first journal that the second could see.
    const again = await openHere({ clock });
    expect(again.lastMarkUs()).toBe(9_000_000);
    expect(again.durable().position).toBe(1);
    await again.close();
    await journal.close();
  });

  test("keeps the last mark and position when all loaded segments are gone", async () => {
    const journal = await openHere({ segmentBytes: 500 });
    for (const number of range(1, 20)) await journal.append([document(number)]);
    await journal.release(20);
    expect(segments().length).toBeLessThanOrEqual(2);
    await journal.close();
    const again = await openHere();
    expect(again.durable().position).toBe(20);
    expect(again.lastMarkUs()).toBeGreaterThan(0);
    await again.close();
  });

  test("reads a journal of the first version, and writes on behind it", async () => {
    const first = await openHere();
    await first.append([document(1)]);
    await first.close();
    const path = join(directory, "0000000000000001.log");
    const bytes = readFileSync(path);
    bytes.write("ETHMONJ1", 0, "latin1");
    writeFileSync(path, bytes);
    const again = await openHere();
    expect(again.durable().position).toBe(1);
    await again.append([document(2), document(3)]);
    const reader = createJournalReader({ directory, position: 0, log: silentLog });
    const { documents } = await reader.read({ until: again.durable(), limit: 10 });
    expect(documents.map(({ document: read }) => read)).toEqual([document(1), document(2), document(3)]);
    await reader.close();
    await again.close();
    expect(readFileSync(path).toString("latin1", 0, 8)).toBe("ETHMONJ3");
  });

  test("refuses a journal of a newer version in one sentence", async () => {
    writeFileSync(join(directory, "0000000000000001.log"), "ETHMONJ4 something new");
    const error = await openHere().catch((caught: unknown) => caught);
    expect(isFault(error, "store_newer")).toBe(true);
  });

  test("refuses a sender and counts what it drops once its queue is full, and tells the loss when it is over", async () => {
    const losses: Loss[] = [];
    const journal = await openHere({ queueLimit: 3, onLoss: (loss) => losses.push(loss) });
    expect(journal.offer(range(1, 3).map((number) => document(number)))).toBe(true);
    expect(journal.offer([document(4), document(5)])).toBe(false);
    await expect(journal.append([document(6)])).rejects.toMatchObject({ code: "store_queue_full", retry: "retryable" });
    expect(journal.state().dropped).toBe(2);
    await expect.poll(() => losses, { timeout: 5000 }).toMatchObject([{ dropped: 2, nodes: ["node-1", "node-2"] }]);
    await journal.close();
    expect((await readAll(journal.durable())).numbers).toEqual([1, 2, 3]);
  });

  test("puts a document that is too large in quarantine, and keeps all others of its batch", async () => {
    const losses: Loss[] = [];
    const journal = await openHere({ onLoss: (loss) => losses.push(loss) });
    // Below the limit in UTF-16 units, above it in bytes; and the worst case of escaping twice.
    const large = document(2, "ä".repeat(5_000_000));
    const escaped = document(5, '"'.repeat(9_000_000));
    expect(journal.offer([document(1), large, document(3)])).toBe(true);
    await journal.append([document(4), escaped]);
    const reader = createJournalReader({ directory, position: 0, log: silentLog });
    const entries = [];
    while (entries.length < 5) {
      const { documents } = await reader.read({ until: journal.durable(), limit: 100 });
      entries.push(...documents);
    }
    await reader.close();
    expect(entries.map((entry) => entry.position)).toEqual(range(1, 5));
    const stored = entries.map((entry) => entry.document);
    expect([stored[0], stored[2], stored[3]]).toEqual([document(1), document(3), document(4)]);
    for (const [place, whole] of [
      [1, large],
      [4, escaped],
    ] as const) {
      const text = JSON.stringify(whole);
      const put = stored[place];
      expect(put).toMatchObject({ dataset: "ethereum.quarantine", timestampUs: whole.timestampUs });
      expect(put?.fields["observer.name"]).toBe(whole.fields["observer.name"]);
      expect(put?.fields["ethereum.quarantine.dataset"]).toBe("test.event");
      expect(put?.fields["ethereum.quarantine.reason"]).toBe(
        `the document has ${Buffer.byteLength(text)} bytes, above 8388608 (${text.length} characters, cut)`,
      );
      expect(text.startsWith(put?.fields["ethereum.quarantine.original"] as string)).toBe(true);
    }
    await journal.close();
    expect(journal.state().dropped).toBe(0);
    expect(losses).toEqual([]);
  });

  test("a loss begins with the first document that was dropped, and is never empty", async () => {
    const lostAt = async (nowUs: number, dropped: Document[]) => {
      const losses: Loss[] = [];
      const clock = { nowUs: () => nowUs, monoUs: systemClock().monoUs };
      const journal = await openHere({ clock, queueLimit: 1, onLoss: (loss) => losses.push(loss) });
      expect(journal.offer(dropped)).toBe(false);
      nowUs += 2_000_000;
      await expect.poll(() => losses.length, { timeout: 5000 }).toBe(1);
      await journal.close();
      return losses[0];
    };
    const atUs = document(0).timestampUs;
    const derived = { ...document(3), id: "slot-3", timestampUs: atUs - 60_000_000 };
    expect(await lostAt(atUs + 900, [document(7), document(5), derived])).toMatchObject({
      fromUs: atUs + 5,
      toUs: atUs + 900,
    });
    expect(await lostAt(atUs + 1, [document(1), document(2)])).toMatchObject({
      fromUs: atUs + 1,
      toUs: atUs + 2_000_001,
    });
  });

  test("tells of missing positions only where the journal itself lacks them", async () => {
    const missing: object[] = [];
    const log = { ...silentLog, error: (fields: object) => missing.push(fields) };
    const read = async (until: JournalPoint) => {
      const reader = createJournalReader({ directory, position: 40, log });
      let count = 0;
      for (let more = -1; more !== 0; count += more) more = (await reader.read({ until, limit: 5 })).documents.length;
      await reader.close();
      return count;
    };
    const journal = await openHere({ firstPosition: 1_000_000, segmentBytes: 500 });
    for (const number of range(1, 20)) await journal.append([document(number)]);
    await journal.close();
    expect(await read(journal.durable())).toBe(20);
    expect(missing).toEqual([]);

    const [, second, third] = segments().map((name) => Number.parseInt(name, 10)) as [number, number, number];
    rmSync(join(directory, segments()[1] as string));
    expect(await read(journal.durable())).toBe(20 - (third - second));
    expect(missing).toEqual([{ from: second, to: third - 1 }]);
  });

  test("no mark passes over a loss that nobody was told of", async () => {
    let nowUs = 5_000_000;
    const clock = { nowUs: () => nowUs, monoUs: systemClock().monoUs };
    const journal = await openHere({ clock, queueLimit: 1 });
    expect(journal.offer([document(1), document(2)])).toBe(false);
    nowUs = 5_500_000;
    await journal.append([document(3)]);
    // As after a crash: the first journal has written, and not closed.
    const again = await openHere({ clock });
    expect(again.lastMarkUs()).toBe(5_000_000);
    await again.close();
    await journal.close();
  });

  test("closed, it refuses documents and has written all it took", async () => {
    const journal = await openHere();
    journal.offer(range(1, 10).map((number) => document(number)));
    await journal.close();
    await expect(journal.append([document(11)])).rejects.toMatchObject({ code: "store_closed" });
    expect(journal.offer([document(12)])).toBe(false);
    expect((await readAll(journal.durable())).numbers).toEqual(range(1, 10));
  });
});

describe("on a full disk", () => {
  let mounted = false;
  beforeEach(() => {
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", directory], { stdio: "ignore" });
      mounted = true;
    } catch {
      mounted = false;
    }
  });
  afterEach(() => {
    if (mounted) execFileSync("umount", [directory]);
  });

  test("the journal waits, says so, and loses nothing that its queue can hold", async (context) => {
    if (!mounted) context.skip("a file system of limited size needs the right to mount");
    const losses: Loss[] = [];
    const journal = await openHere({ queueLimit: 200, onLoss: (loss) => losses.push(loss) });
    const ballast = join(directory, "ballast");
    appendFileSync(ballast, Buffer.alloc(200 * 1024));
    // Each its own: what documents have in common is written once.
    const filler = (number: number) => String(number).padEnd(1000, "x");
    const waiting = range(1, 100).map((number) => journal.append([document(number, filler(number))]));
    await expect.poll(() => journal.state().failure, { timeout: 5000 }).toMatch(/ENOSPC/);
    expect(journal.offer(range(101, 300).map((number) => document(number, filler(number))))).toBe(true);
    expect(journal.offer([document(301)])).toBe(false);
    expect(journal.state().queued).toBe(300);
    await sleep(300);

    execFileSync("mount", ["-o", "remount,size=16m", directory]);
    await Promise.all(waiting);
    await expect.poll(() => journal.durable().position, { timeout: 5000 }).toBe(300);
    expect(journal.state().failure).toBeUndefined();
    await expect.poll(() => losses, { timeout: 5000 }).toMatchObject([{ dropped: 1, nodes: ["node-1"] }]);
    expect((await readAll(journal.durable())).numbers).toEqual(range(1, 300));
    await journal.close();
  });
});
