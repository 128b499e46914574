import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { sleep } from "../src/lib/sleep.ts";
import { listenOnLoopback } from "./ports.ts";

export type EngineFaults = {
  /** The payload for an own proposal comes this late. */
  getPayloadDelayMs: number;
  /** The verdict on each block's payload comes this late. */
  newPayloadDelayMs: number;
  /** No payload for own proposals at all. */
  failGetPayload: boolean;
};

/** What a fault did to one proposal; `timestampS` is the payload's, the start of its slot. */
export type PayloadFault = { kind: "payload_delayed" | "payload_refused"; timestampS: number };

/** An execution engine that finds everything valid and builds payloads out of random bytes. */
export type MockEngine = {
  url: string;
  set(faults: Partial<EngineFaults>): void;
  close(): Promise<void>;
};

type Call = { id: unknown; method: string; params: readonly unknown[] };
type PayloadAttributes = {
  timestamp: string;
  prevRandao: string;
  suggestedFeeRecipient: string;
  withdrawals?: unknown;
};
type Payload = { timestamp: string; body: Readonly<Record<string, unknown>> };

/** Lodestar prepares a payload for each slot before it knows whether it is asked for it. */
const PAYLOADS_KEPT = 64;
const MAX_REQUEST_BYTES = 32 * 1024 * 1024;

/** Starts the engine API (up to Capella) on a free loopback port. */
export async function startMockEngine(options: { onFault(fault: PayloadFault): void }): Promise<MockEngine> {
  const faults: EngineFaults = { getPayloadDelayMs: 0, newPayloadDelayMs: 0, failGetPayload: false };
  const payloads = new Map<string, Payload>();
  const blockNumbers = new Map<string, number>();
  const closed = new AbortController();
  let lastPayloadId = 0;

  const build = (parentHash: string, attributes: PayloadAttributes): string => {
    lastPayloadId += 1;
    const id = `0x${lastPayloadId.toString(16).padStart(16, "0")}`;
    const blockNumber = (blockNumbers.get(parentHash) ?? 0) + 1;
    payloads.set(id, { timestamp: attributes.timestamp, body: payloadBody({ parentHash, attributes, blockNumber }) });
    for (const oldest of payloads.keys().take(Math.max(0, payloads.size - PAYLOADS_KEPT))) payloads.delete(oldest);
    return id;
  };

  const getPayload = async (id: string) => {
    const payload = payloads.get(id);
    if (payload === undefined) throw new Error("Unknown payload");
    const timestampS = Number(payload.timestamp);
    if (faults.failGetPayload) {
      options.onFault({ kind: "payload_refused", timestampS });
      throw new Error("The payload is withheld");
    }
    if (faults.getPayloadDelayMs > 0) {
      await sleep(faults.getPayloadDelayMs, closed.signal);
      options.onFault({ kind: "payload_delayed", timestampS });
    }
    return payload.body;
  };

  const answer = async ({ method, params }: Call): Promise<unknown> => {
    switch (method) {
      case "engine_exchangeCapabilities":
      case "engine_exchangeTransitionConfigurationV1":
        return params[0];
      case "engine_newPayloadV1":
      case "engine_newPayloadV2": {
        await sleep(faults.newPayloadDelayMs, closed.signal);
        const { blockHash, blockNumber } = params[0] as { blockHash: string; blockNumber: string };
        blockNumbers.set(blockHash, Number(blockNumber));
        return { status: "VALID", latestValidHash: blockHash, validationError: null };
      }
      case "engine_forkchoiceUpdatedV1":
      case "engine_forkchoiceUpdatedV2": {
        const [{ headBlockHash }, attributes] = params as [{ headBlockHash: string }, PayloadAttributes | null];
        const payloadId = attributes ? build(headBlockHash, attributes) : null;
        return {
          payloadStatus: { status: "VALID", latestValidHash: headBlockHash, validationError: null },
          payloadId,
        };
      }
      case "engine_getPayloadV1":
        return getPayload(String(params[0]));
      case "engine_getPayloadV2":
        return { executionPayload: await getPayload(String(params[0])), blockValue: "0x1" };
      default:
        throw new Error(`${method} is not supported`);
    }
  };

  const respond = async (call: Call) => {
    try {
      return { jsonrpc: "2.0", id: call.id, result: await answer(call) };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { jsonrpc: "2.0", id: call.id, error: { code: -32000, message } };
    }
  };

  const server = createServer(async (request, response) => {
    try {
      const calls = JSON.parse(await readBody(request)) as Call | Call[];
      const answers = Array.isArray(calls) ? await Promise.all(calls.map(respond)) : await respond(calls);
      response.setHeader("content-type", "application/json").end(JSON.stringify(answers));
    } catch {
      response.writeHead(400).end();
    }
  });
  return {
    url: `http://127.0.0.1:${await listenOnLoopback(server)}`,
    set(changes) {
      Object.assign(faults, changes);
    },
    async close() {
      closed.abort();
      const ended = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await ended;
    },
  };
}

function payloadBody(input: {
  parentHash: string;
  attributes: PayloadAttributes;
  blockNumber: number;
}): Record<string, unknown> {
  const { parentHash, attributes, blockNumber } = input;
  const transactions = Array.from({ length: 1 + Math.floor(3 * Math.random()) }, () => `0x02${randomHex(120)}`);
  return {
    parentHash,
    feeRecipient: attributes.suggestedFeeRecipient,
    stateRoot: `0x${randomHex(32)}`,
    receiptsRoot: `0x${randomHex(32)}`,
    logsBloom: `0x${"00".repeat(256)}`,
    prevRandao: attributes.prevRandao,
    blockNumber: `0x${blockNumber.toString(16)}`,
    gasLimit: `0x${(30_000_000).toString(16)}`,
    gasUsed: `0x${Math.floor(30_000_000 * Math.random()).toString(16)}`,
    timestamp: attributes.timestamp,
    extraData: "0x",
    baseFeePerGas: "0x7",
    blockHash: `0x${randomHex(32)}`,
    transactions,
    ...(attributes.withdrawals === undefined ? {} : { withdrawals: attributes.withdrawals }),
  };
}

const randomHex = (bytes: number) => randomBytes(bytes).toString("hex");

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_REQUEST_BYTES) throw new Error("The request is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
