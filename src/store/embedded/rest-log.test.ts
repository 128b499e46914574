import { expect, test } from "vitest";
import { newDirectory, openStore } from "./store-rig.ts";
import { put, streamOf } from "./wide-rig.ts";

test("a write-ahead log that came to rest is put into the tables, though a few rows come all the time", async () => {
  const store = await openStore(newDirectory());
  const stream = streamOf({ line: "keyword", number: "long" });
  const lines = (count: number) =>
    Array.from({ length: count }, (_, number) => ({ line: `${number} ${Math.sin(number)}`.repeat(8), number }));
  await put(store, stream, lines(12_000));
  const grown = (await store.retain()).disk.wal;
  expect(grown).toBeGreaterThan(1_000_000);
  await put(store, stream, lines(20));
  expect((await store.retain()).disk.wal).toBeLessThan(grown / 10);
  const { hits } = await store.search(stream.name, { size: 0, track_total_hits: true });
  expect(hits.total?.value).toBe(12_020);
});
