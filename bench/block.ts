import { createHash } from "node:crypto";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { blockBody } from "../src/events/answers/block-answers.ts";
import { parseJsonExact } from "../src/lib/json.ts";

/**
 * What a block costs the thread that stamps arrivals: one answer to `/eth/v2/beacon/blocks/{root}`, from text to facts.
 * Of a usual block of mainnet and of one several times as large; its numbers are made up.
 */
const ROUNDS = 50;
const SIZES = [
  { transactions: 200, bytesOfTransaction: 500 },
  { transactions: 600, bytesOfTransaction: 1_500 },
] as const;

const hex = (seed: string, bytes: number) => {
  const word = createHash("sha256").update(seed).digest("hex");
  return `0x${word.repeat(Math.ceil(bytes / 32)).slice(0, bytes * 2)}`;
};
const root = hex("root", 32);
const checkpoint = { epoch: "411500", root };
const attestation = {
  aggregation_bits: hex("bits", 3_900),
  data: { slot: "13168000", index: "0", beacon_block_root: root, source: checkpoint, target: checkpoint },
  signature: hex("signature", 96),
  committee_bits: hex("committees", 8),
};

/** A transfer that anyone may have signed: the sender of a block's last one is recovered. */
function lastTransaction(): string {
  const fields = `0180808504a817c80082520894${"be".repeat(20)}880de0b6b3a764000080c0`;
  const signature = secp256k1.sign(createHash("sha256").update(fields).digest(), new Uint8Array(32).fill(7), {
    prehash: false,
  });
  const part = (from: number) => `a0${Buffer.from(signature.subarray(from, from + 32)).toString("hex")}`;
  const list = `${fields}80${part(0)}${part(32)}`;
  return `0x02f8${(list.length / 2).toString(16).padStart(2, "0")}${list}`;
}

function answerOf(size: (typeof SIZES)[number]): string {
  const transactions = Array.from({ length: size.transactions }, (_, index) =>
    hex(`transaction ${index}`, size.bytesOfTransaction),
  );
  const withdrawal = { index: "1", validator_index: "2", address: hex("address", 20), amount: "18000000" };
  const body = {
    randao_reveal: hex("randao", 96),
    eth1_data: { deposit_root: root, deposit_count: "2000000", block_hash: root },
    graffiti: `0x${Buffer.from("GE168dLH63af bench").toString("hex").padEnd(64, "0")}`,
    proposer_slashings: [],
    attester_slashings: [],
    attestations: Array.from({ length: 8 }, () => attestation),
    deposits: [],
    voluntary_exits: [],
    sync_aggregate: { sync_committee_bits: hex("sync", 64), sync_committee_signature: hex("sync signature", 96) },
    execution_payload: {
      parent_hash: root,
      fee_recipient: hex("builder", 20),
      state_root: root,
      receipts_root: root,
      logs_bloom: hex("bloom", 256),
      prev_randao: root,
      block_number: "24000000",
      gas_limit: "60000000",
      gas_used: "30000000",
      timestamp: "1764800000",
      extra_data: "0x",
      base_fee_per_gas: "123456789",
      block_hash: root,
      transactions: [...transactions, lastTransaction()],
      withdrawals: Array.from({ length: 16 }, () => withdrawal),
      blob_gas_used: "786432",
      excess_blob_gas: "0",
    },
    bls_to_execution_changes: [],
    blob_kzg_commitments: Array.from({ length: 6 }, () => hex("commitment", 48)),
    execution_requests: { deposits: [], withdrawals: [], consolidations: [] },
  };
  const message = { slot: "13168001", proposer_index: "7", parent_root: root, state_root: root, body };
  return JSON.stringify({ version: "fulu", data: { message, signature: hex("signed", 96) } });
}

/** What a call takes of the processor, collecting garbage included, and what it gives. */
function cpuMs<T>(call: () => T): [number, T] {
  const before = process.cpuUsage();
  const given = call();
  const { user, system } = process.cpuUsage(before);
  return [(user + system) / 1000, given];
}

const round = (ms: number) => Math.round(ms * 100) / 100;

function measure(size: (typeof SIZES)[number]): void {
  const text = answerOf(size);
  const match = blockBody.pattern.exec(`/eth/v2/beacon/blocks/${root}`);
  if (match === null) throw new Error("the path is no block's");
  const used = { parse: 0, read: 0, firstRead: 0 };
  for (let i = 0; i < ROUNDS; i += 1) {
    const [parsed, body] = cpuMs(() => parseJsonExact(text));
    const [taken, read] = cpuMs(() => blockBody.parse(body, match));
    if (read.data?.answer.kind !== "block") throw new Error("the block was not read");
    used.parse += parsed;
    if (i === 0) used.firstRead = taken;
    else used.read += taken;
  }
  const figures = {
    what: "a block from JSON to facts",
    kilobytes_of_json: Math.round(text.length / 1000),
    parse_cpu_ms: round(used.parse / ROUNDS),
    read_cpu_ms: round(used.read / (ROUNDS - 1)),
    first_read_cpu_ms: round(used.firstRead),
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

for (const size of SIZES) measure(size);
