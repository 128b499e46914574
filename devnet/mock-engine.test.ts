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

test("several calls of one request are answered in order, and an unknown method is an error", async () => {
  const calls = ["engine_exchangeCapabilities", "eth_unheardOf"].map((method, id) => ({ id, method, params: [["a"]] }));
  const response = await fetch(engine.url, { method: "POST", body: JSON.stringify(calls) });
  expect(await response.json()).toEqual([
    { jsonrpc: "2.0", id: 0, result: ["a"] },
    { jsonrpc: "2.0", id: 1, error: { code: -32000, message: "eth_unheardOf is not supported" } },
  ]);
  expect((await fetch(engine.url, { method: "POST", body: "no JSON" })).status).toBe(400);
});
