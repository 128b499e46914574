import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { Fault, messageOf } from "../../src/lib/fault.ts";
import type { PayloadJson, WithdrawalJson } from "./payload-json.ts";

/** A block as `eth_getBlockByNumber` gives it. */
export type ExecutionBlock = Readonly<
  Record<
    | "hash"
    | "parentHash"
    | "miner"
    | "stateRoot"
    | "receiptsRoot"
    | "logsBloom"
    | "mixHash"
    | "gasLimit"
    | "timestamp"
    | "extraData"
    | "baseFeePerGas",
    string
  >
>;

export type ForkchoiceState = { headBlockHash: string; safeBlockHash: string; finalizedBlockHash: string };

export type PayloadAttributes = {
  timestamp: string;
  prevRandao: string;
  suggestedFeeRecipient: string;
  withdrawals: readonly WithdrawalJson[];
  parentBeaconBlockRoot: string;
};

export type BuiltPayload = { executionPayload: PayloadJson; blobsBundle: { commitments: readonly string[] } };

/** The Engine API of the execution specs, from Prague on. Every call throws `engine_failed`. */
export type Engine = {
  genesisBlock(): Promise<ExecutionBlock>;
  forkchoiceUpdated(state: ForkchoiceState, attributes?: PayloadAttributes): Promise<string | null>;
  newPayload(input: { payload: PayloadJson; versionedHashes: readonly string[]; parentRoot: string }): Promise<string>;
  getPayload(id: string, method: "engine_getPayloadV4" | "engine_getPayloadV5"): Promise<BuiltPayload>;
};

const TIMEOUT_MS = 8_000;

/** `jwtFile` holds the shared secret in hex. */
export function createEngine(options: { url: string; jwtFile: string; nowMs(): number }): Engine {
  const { url, jwtFile, nowMs } = options;
  const secret = Buffer.from(readFileSync(jwtFile, "utf8").trim().replace(/^0x/, ""), "hex");
  let lastId = 0;

  const call = async (method: string, ...params: unknown[]): Promise<unknown> => {
    lastId += 1;
    const fail = (reason: string, cause?: unknown) =>
      new Fault("engine_failed", `${method} failed: ${reason}`, { retry: "retryable", cause });
    let answer: { result?: unknown; error?: { message: string } };
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${tokenOf(secret, nowMs())}` },
        body: JSON.stringify({ jsonrpc: "2.0", id: lastId, method, params }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      answer = (await response.json()) as typeof answer;
    } catch (cause) {
      throw fail(messageOf(cause), cause);
    }
    if (answer.error !== undefined) throw fail(answer.error.message);
    return answer.result;
  };

  return {
    genesisBlock: async () => (await call("eth_getBlockByNumber", "0x0", false)) as ExecutionBlock,
    async forkchoiceUpdated(state, attributes) {
      const result = await call("engine_forkchoiceUpdatedV3", state, attributes ?? null);
      return (result as { payloadId: string | null }).payloadId;
    },
    async newPayload({ payload, versionedHashes, parentRoot }) {
      const result = await call("engine_newPayloadV4", payload, versionedHashes, parentRoot, []);
      return (result as { status: string }).status;
    },
    getPayload: async (id, method) => (await call(method, id)) as BuiltPayload,
  };
}

/** HS256 with the time of issue, as execution-apis/src/engine/authentication.md asks for. */
function tokenOf(secret: Buffer, nowMs: number): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const unsigned = `${encode({ alg: "HS256", typ: "JWT" })}.${encode({ iat: Math.floor(nowMs / 1000) })}`;
  return `${unsigned}.${createHmac("sha256", secret).update(unsigned).digest("base64url")}`;
}
