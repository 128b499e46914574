import { expect, test } from "vitest";
import type { StoreView } from "../serve/views.ts";
import { storeTable } from "./store-table.ts";

const view: StoreView = {
  state: "ready",
  reason: null,
  datasets: [
    {
      index: "logs-ethereum.single_attestation-mainnet",
      dataset: "ethereum.single_attestation",
      network: "mainnet",
      keep: "votes",
      rows: 1_234_567,
      bytes: 6_172_835,
      days: 2,
      oldest_ms: Date.UTC(2026, 10, 21),
      newest_ms: Date.UTC(2026, 10, 22, 10, 11, 12, 345),
    },
    {
      index: "ethmon-slot-mainnet",
      dataset: "slot",
      network: "mainnet",
      keep: "ever",
      rows: 0,
      bytes: 0,
      days: null,
      oldest_ms: null,
      newest_ms: null,
    },
  ],
  rows: 1_234_567,
  disk: {
    total_bytes: 12_500_000,
    database_bytes: 8_388_608,
    free_bytes: 524_288,
    wal_bytes: 999,
    journal_bytes: 4_110_393,
    pending_bytes: 2_400,
  },
  journal: { journaled: 50, loaded: 47 },
  retention: { votes_hours: 24, raw_days: 30, disk_gb: 20, ran_ms: Date.UTC(2026, 10, 22, 10, 12), over_cap: null },
};

test("a store's datasets stand in columns, and below them what the files take", () => {
  expect(storeTable(view)).toBe(`\
index                                     kept      rows  days  oldest                newest                  size
logs-ethereum.single_attestation-mainnet  votes  1234567     2  2026-11-21T00:00:00Z  2026-11-22T10:11:12Z  6.2 MB
ethmon-slot-mainnet                       ever         0                                                       0 B

rows     1234567, in 6.2 MB of tables
disk     12.5 MB: database 8.4 MB (524.3 kB of it free), write-ahead log 999 B, journal 4.1 MB
journal  3 documents are not loaded yet, 2.4 kB
kept     votes 24 h, raw 30 days, at most 20 GB; last seen to at 2026-11-22T10:12:00Z
`);
});

test("what is wrong stands at the end", () => {
  const ill: StoreView = {
    ...view,
    state: "unavailable",
    reason: "Locked.",
    datasets: [],
    journal: { journaled: 50, loaded: 50 },
    retention: view.retention && { ...view.retention, ran_ms: null, over_cap: "Too much is kept for ever" },
  };
  const text = storeTable(ill);
  expect(text).toMatch(/^Nothing is stored yet\.\n/);
  expect(text).toContain("journal  all of it is loaded, up to position 50\n");
  expect(text).toContain("kept     votes 24 h, raw 30 days, at most 20 GB\n");
  expect(text).toMatch(/warning {2}Too much is kept for ever\nstate {4}unavailable: Locked\.\n$/);
});
