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

/**
 * An execution engine that finds everything valid and builds payloads out of random bytes, with the commitments of a few
 * blobs since Cancun. There are no blobs behind them, and no key of the engine API is checked.
 */
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
  parentBeaconBlockRoot?: string;
};
type Payload = { timestamp: string; body: Readonly<Record<string, unknown>>; commitments: readonly string[] };

/** Lodestar prepares a payload for each slot before it knows whether it is asked for it. */
const PAYLOADS_KEPT = 64;
const MAX_BLOBS = 3;
const GAS_PER_BLOB = 131_072;
const MAX_REQUEST_BYTES = 32 * 1024 * 1024;

/** Starts the engine API (up to Osaka) on a free loopback port. */
export async function startMockEngine(options: { onFault?(fault: PayloadFault): void } = {}): Promise<MockEngine> {
  const { onFault = () => undefined } = options;
  const faults: EngineFaults = { getPayloadDelayMs: 0, newPayloadDelayMs: 0, failGetPayload: false };
  const payloads = new Map<string, Payload>();
  const blockNumbers = new Map<string, number>();
  const closed = new AbortController();
  let lastPayloadId = 0;

  const build = (parentHash: string, attributes: PayloadAttributes): string => {
    lastPayloadId += 1;
    const id = `0x${lastPayloadId.toString(16).padStart(16, "0")}`;
    const blockNumber = (blockNumbers.get(parentHash) ?? 0) + 1;
    const blobCount = attributes.parentBeaconBlockRoot === undefined ? 0 : Math.floor((1 + MAX_BLOBS) * Math.random());
    payloads.set(id, {
      timestamp: attributes.timestamp,
      body: payloadBody({ parentHash, attributes, blockNumber, blobCount }),
      commitments: Array.from({ length: blobCount }, randomCommitment),
    });
    for (const oldest of payloads.keys().take(Math.max(0, payloads.size - PAYLOADS_KEPT))) payloads.delete(oldest);
    return id;
  };

  const getPayload = async (id: string): Promise<Payload> => {
    const payload = payloads.get(id);
    if (payload === undefined) throw new Error("Unknown payload");
    const timestampS = Number(payload.timestamp);
    if (faults.failGetPayload) {
      onFault({ kind: "payload_refused", timestampS });
      throw new Error("The payload is withheld");
    }
    if (faults.getPayloadDelayMs > 0) {
      await sleep(faults.getPayloadDelayMs, closed.signal);
      onFault({ kind: "payload_delayed", timestampS });
    }
    return payload;
  };

  const answer = async ({ method, params }: Call): Promise<unknown> => {
    switch (method) {
      case "engine_exchangeCapabilities":
      case "engine_exchangeTransitionConfigurationV1":
        return params[0];
      case "engine_newPayloadV1":
      case "engine_newPayloadV2":
      case "engine_newPayloadV3":
      case "engine_newPayloadV4": {
        await sleep(faults.newPayloadDelayMs, closed.signal);
        const { blockHash, blockNumber } = params[0] as { blockHash: string; blockNumber: string };
        blockNumbers.set(blockHash, Number(blockNumber));
        return { status: "VALID", latestValidHash: blockHash, validationError: null };
      }
      case "engine_forkchoiceUpdatedV1":
      case "engine_forkchoiceUpdatedV2":
      case "engine_forkchoiceUpdatedV3": {
        const [{ headBlockHash }, attributes] = params as [{ headBlockHash: string }, PayloadAttributes | null];
        const payloadId = attributes ? build(headBlockHash, attributes) : null;
        return {
          payloadStatus: { status: "VALID", latestValidHash: headBlockHash, validationError: null },
          payloadId,
        };
      }
      case "engine_getPayloadV1":
        return (await getPayload(String(params[0]))).body;
      case "engine_getPayloadV2":
        return { executionPayload: (await getPayload(String(params[0]))).body, blockValue: "0x1" };
      case "engine_getPayloadV3":
      case "engine_getPayloadV4":
      case "engine_getPayloadV5": {
        const { body, commitments } = await getPayload(String(params[0]));
        return {
          executionPayload: body,
          blockValue: "0x1",
          blobsBundle: { commitments, proofs: [], blobs: [] },
          shouldOverrideBuilder: false,
          executionRequests: [],
        };
      }
      case "eth_getBlockByNumber":
        return params[0] === "0x0" ? GENESIS_BLOCK : null;
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

/** The same on every engine, so that their nodes begin with the same state. */
const GENESIS_BLOCK = {
  number: "0x0",
  hash: `0x${"e1".repeat(32)}`,
  parentHash: `0x${"00".repeat(32)}`,
  miner: `0x${"00".repeat(20)}`,
  stateRoot: `0x${"e2".repeat(32)}`,
  receiptsRoot: `0x${"e3".repeat(32)}`,
  logsBloom: `0x${"00".repeat(256)}`,
  mixHash: `0x${"00".repeat(32)}`,
  gasLimit: `0x${(30_000_000).toString(16)}`,
  timestamp: "0x0",
  extraData: "0x",
  baseFeePerGas: "0x7",
};

function payloadBody(input: {
  parentHash: string;
  attributes: PayloadAttributes;
  blockNumber: number;
  blobCount: number;
}): Record<string, unknown> {
  const { parentHash, attributes, blockNumber, blobCount } = input;
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
    ...(attributes.parentBeaconBlockRoot === undefined
      ? {}
      : { blobGasUsed: `0x${(blobCount * GAS_PER_BLOB).toString(16)}`, excessBlobGas: "0x0" }),
  };
}

/** Of the form of a compressed point of BLS12-381's G1; the state transition checks only how many there are. */
const randomCommitment = () => `0x${(0x80 | ((randomBytes(1)[0] ?? 0) & 0x1f)).toString(16)}${randomHex(47)}`;

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
