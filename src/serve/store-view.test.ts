import { afterEach, expect, test } from "vitest";
import { eventDocument, slotDocument, slotRecord, slotStartMs } from "../../test/rigs/serve-fixtures.ts";
import { type ServeRig, type ServeRigOptions, startServeRig } from "../../test/rigs/serve-rig.ts";
import { schemas } from "./api/schemas.ts";

let rig: ServeRig | undefined;

afterEach(async () => {
  await rig?.close();
  rig = undefined;
});

async function serve(options: ServeRigOptions): Promise<void> {
  rig = await startServeRig(options);
}

/** The answer, which must be 200 and fit its schema. */
async function stored() {
  const { status, body } = (await rig?.get("/api/v1/store")) ?? {};
  expect({ status, body }).toMatchObject({ status: 200 });
  return schemas.Store.parse(body);
}

test("the API answers what is stored, the largest dataset first, and what is kept how long", async () => {
  const event = { topic: "block", node: "n1", slot: 1, delayMs: 0, fields: {} };
  await serve({
    documents: [slotDocument(slotRecord(1)), eventDocument(event), eventDocument({ ...event, slot: 7300 })],
  });
  const store = await stored();
  expect(store).toMatchObject({
    state: "ready",
    reason: null,
    rows: 3,
    journal: { journaled: 3, loaded: 3 },
    retention: null,
  });
  const found = Object.fromEntries(store.datasets.map((dataset) => [dataset.index, dataset]));
  expect(found).toMatchObject({
    "logs-ethereum.block-testnet": {
      dataset: "ethereum.block",
      network: "testnet",
      keep: "raw",
      rows: 2,
      days: 2,
      oldest_ms: slotStartMs(1),
      newest_ms: slotStartMs(7300),
    },
    "ethmon-slot-testnet": {
      keep: "ever",
      rows: 1,
      days: null,
      oldest_ms: slotStartMs(1),
      newest_ms: slotStartMs(1),
    },
  });
  expect(store.datasets.map(({ bytes }) => bytes)).toEqual(
    store.datasets.map(({ bytes }) => bytes).toSorted((a, b) => b - a),
  );
  const { total_bytes, database_bytes, wal_bytes, journal_bytes } = store.disk;
  expect(total_bytes).toBe(database_bytes + wal_bytes + journal_bytes);
  expect(journal_bytes).toBeGreaterThan(0);
});

test("the API says what a store's limits are and why they cannot be kept", async () => {
  const disk = { database: 900, free: 100, wal: 20, journal: 3, pending: 1 };
  const limits = { votesMs: 3_600_000, rawMs: 86_400_000, diskBytes: 2.5e9 };
  const last = { ranAtUs: slotStartMs(1) * 1000, droppedDays: 0, droppedRows: 0, disk, overCap: "Too much" };
  await serve({
    store: {
      search: () => Promise.reject(new Error("not asked")),
      use: async () => ({ datasets: [], disk, journaled: 9, loaded: 5 }),
      state: () => ({
        state: "ready",
        journaled: 9,
        loaded: 5,
        queued: 0,
        dropped: 0,
        rows: 0,
        retention: { limits, last },
      }),
    },
  });
  expect(await stored()).toEqual({
    state: "ready",
    reason: null,
    datasets: [],
    rows: 0,
    disk: {
      total_bytes: 923,
      database_bytes: 900,
      free_bytes: 100,
      wal_bytes: 20,
      journal_bytes: 3,
      pending_bytes: 1,
    },
    journal: { journaled: 9, loaded: 5 },
    retention: { votes_hours: 1, raw_days: 1, disk_gb: 2.5, ran_ms: slotStartMs(1), over_cap: "Too much" },
  });
});

test("the API says that the store cannot count now", async () => {
  await serve({});
  expect(await rig?.get("/api/v1/store")).toMatchObject({
    status: 503,
    body: { error: { code: "store_unavailable", message: "The database is locked.", retry: true } },
  });
});
