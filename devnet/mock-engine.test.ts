import { afterEach, beforeEach, expect, test } from "vitest";
import { type MockEngine, type PayloadFault, startMockEngine } from "./mock-engine.ts";

let engine: MockEngine;
let faults: PayloadFault[];

beforeEach(async () => {
  faults = [];
  engine = await startMockEngine({ onFault: (fault) => faults.push(fault) });
});
afterEach(() => engine.close());

async function call(method: string, ...params: unknown[]) {
  const response = await fetch(engine.url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 7, method, params }),
  });
  return (await response.json()) as { id: number; result?: Record<string, unknown>; error?: { message: string } };
}

/** Prepares a payload on a parent, as a node does before its slot. */
async function prepare(headBlockHash: string, timestamp = "0x64"): Promise<string> {
  const attributes = { timestamp, prevRandao: "0x01", suggestedFeeRecipient: "0x02", withdrawals: [] };
  const { result } = await call("engine_forkchoiceUpdatedV2", { headBlockHash }, attributes);
  return String(result?.["payloadId"]);
}

test("a payload is built on its parent, one number higher, and every payload is valid", async () => {
  const verdict = await call("engine_newPayloadV2", { blockHash: "0xaa", blockNumber: "0x9" });
  expect(verdict.result).toMatchObject({ status: "VALID", latestValidHash: "0xaa" });
  const { result } = await call("engine_getPayloadV2", await prepare("0xaa"));
  expect(result?.["executionPayload"]).toMatchObject({
    parentHash: "0xaa",
    blockNumber: "0xa",
    timestamp: "0x64",
    withdrawals: [],
  });
  expect(faults).toEqual([]);
});

test("without attributes nothing is built", async () => {
  const { result } = await call("engine_forkchoiceUpdatedV1", { headBlockHash: "0xaa" }, null);
  expect(result).toMatchObject({ payloadId: null, payloadStatus: { status: "VALID" } });
});

test("a held back payload comes late, and is told with its slot's time", async () => {
  const payloadId = await prepare("0xaa", "0x64");
  engine.set({ getPayloadDelayMs: 80 });
  const startMs = performance.now();
  expect((await call("engine_getPayloadV2", payloadId)).result).toBeDefined();
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(79);
  expect(faults).toEqual([{ kind: "payload_delayed", timestampS: 100 }]);
});

test("a withheld payload is an error, until the fault is over", async () => {
  const payloadId = await prepare("0xaa", "0x64");
  engine.set({ failGetPayload: true });
  expect((await call("engine_getPayloadV2", payloadId)).error?.message).toBe("The payload is withheld");
  expect(faults).toEqual([{ kind: "payload_refused", timestampS: 100 }]);
  engine.set({ failGetPayload: false });
  expect((await call("engine_getPayloadV2", payloadId)).result).toBeDefined();
});

test("since Cancun a payload comes with the commitments of its blobs", async () => {
  const withdrawals: unknown[] = [];
  const attributes = { timestamp: "0x64", prevRandao: "0x01", suggestedFeeRecipient: "0x02", withdrawals };
  const counts = new Set<number>();
  for (let built = 0; built < 64; built += 1) {
    const { result } = await call(
      "engine_forkchoiceUpdatedV3",
      { headBlockHash: "0xaa" },
      { ...attributes, parentBeaconBlockRoot: "0x03" },
    );
    const payload = await call(built % 2 === 0 ? "engine_getPayloadV4" : "engine_getPayloadV5", result?.["payloadId"]);
    const { executionPayload, blobsBundle } = payload.result as {
      executionPayload: { blobGasUsed: string };
      blobsBundle: { commitments: string[] };
    };
    const { commitments } = blobsBundle;
    for (const commitment of commitments) expect(commitment).toMatch(/^0x[89][0-9a-f]{95}$/);
    expect(Number(executionPayload.blobGasUsed)).toBe(131_072 * commitments.length);
    counts.add(commitments.length);
  }
  expect(Math.max(...counts)).toBeLessThanOrEqual(3);
  expect(counts.size).toBeGreaterThan(1);
});

test("every engine has the same first block", async () => {
  const other = await startMockEngine();
  try {
    const { result } = await call("eth_getBlockByNumber", "0x0", false);
    const response = await fetch(other.url, {
      method: "POST",
      body: JSON.stringify({ id: 1, method: "eth_getBlockByNumber", params: ["0x0", false] }),
    });
    expect(await response.json()).toMatchObject({ result });
    expect(result).toMatchObject({ number: "0x0" });
  } finally {
    await other.close();
  }
});

test("several calls of one request are answered in order, and an unknown method is an error", async () => {
  const calls = ["engine_exchangeCapabilities", "eth_unheardOf"].map((method, id) => ({ id, method, params: [["a"]] }));
  const response = await fetch(engine.url, { method: "POST", body: JSON.stringify(calls) });
  expect(await response.json()).toEqual([
    { jsonrpc: "2.0", id: 0, result: ["a"] },
    { jsonrpc: "2.0", id: 1, error: { code: -32000, message: "eth_unheardOf is not supported" } },
  ]);
  expect((await fetch(engine.url, { method: "POST", body: "no JSON" })).status).toBe(400);
});
