import { SYNC_PARTICIPATION } from "./baselines.ts";
import { bitlistHex, bitvectorHex } from "./bits.ts";
import { attestationData, signatureOf } from "./event-texts.ts";
import { type SimulatedBlock, type SimulatedChain, SLOTS_PER_EPOCH } from "./simulated-chain.ts";
import { type SlotPlan, VOTE } from "./slot-plan.ts";

/** What a mainnet block of 2026 holds about. */
const TRANSACTIONS = 180;
const TRANSACTION_BYTES = 400;
const WITHDRAWALS = 16;
const BLOBS = 6;
const SYNC_COMMITTEE_SIZE = 512;
/** `MAX_ATTESTATIONS_ELECTRA`. */
const MAX_ATTESTATIONS = 8;

/** The `data` of `/eth/v2/beacon/blocks/{root}`: the votes of the slots since its parent, and a payload. */
export function signedBlock(input: {
  chain: SimulatedChain;
  block: SimulatedBlock;
  planOf(slot: number): SlotPlan;
}): object {
  const { chain, block, planOf } = input;
  const { slot, root } = block;
  const random = chain.randomOf(slot, "body");
  const parent = chain.lastBlock(slot - 1);
  const attestations: object[] = [];
  for (let voted = slot - 1; voted >= parent.slot && attestations.length < MAX_ATTESTATIONS; voted -= 1) {
    attestations.push(...attestationsOf(planOf(voted)));
  }
  const sync = Array.from({ length: SYNC_COMMITTEE_SIZE }, () => random.chance(SYNC_PARTICIPATION));
  return {
    message: {
      slot: String(slot),
      proposer_index: String(block.proposer),
      parent_root: block.parentRoot,
      state_root: block.stateRoot,
      body: {
        randao_reveal: signatureOf(slot),
        eth1_data: { deposit_root: chain.hash("deposits"), deposit_count: "0", block_hash: chain.hash("eth1") },
        graffiti: `0x${Buffer.from("ethmon simulate").toString("hex").padEnd(64, "0")}`,
        proposer_slashings: [],
        attester_slashings: [],
        attestations: attestations.slice(0, MAX_ATTESTATIONS),
        deposits: [],
        voluntary_exits: [],
        sync_aggregate: { sync_committee_bits: bitvectorHex(sync), sync_committee_signature: signatureOf(slot + 1) },
        execution_payload: payload(chain, block, parent),
        bls_to_execution_changes: [],
        blob_kzg_commitments: Array.from(
          { length: BLOBS },
          (_, blob) => `0x${chain.hash(`${root}/${blob}`).slice(2).repeat(2).slice(0, 96)}`,
        ),
        execution_requests: { deposits: [], withdrawals: [], consolidations: [] },
      },
    },
    signature: signatureOf(slot + 2),
  };
}

/** One aggregate over all committees for each head that was voted for (EIP-7549). */
function attestationsOf({ slot, committees, data }: SlotPlan): object[] {
  const said = [
    [VOTE.right, data.right],
    [VOTE.parent, data.parent],
  ] as const;
  return said.flatMap(([vote, words]) => {
    const bits = committees.flatMap(({ votes }) => Array.from(votes, (one) => one === vote));
    if (!bits.includes(true)) return [];
    return {
      aggregation_bits: bitlistHex(bits),
      data: attestationData(slot, words),
      signature: signatureOf(slot),
      committee_bits: bitvectorHex(Array.from({ length: 64 }, (_, committee) => committee < committees.length)),
    };
  });
}

function payload(chain: SimulatedChain, { slot, root }: SimulatedBlock, parent: SimulatedBlock): object {
  const address = "0x388c818ca8b9251b393131c08a736a67ccb19297";
  const filler = chain.hash(`${root}/transactions`).slice(2);
  return {
    parent_hash: chain.hash(`payload/${parent.slot}`),
    fee_recipient: address,
    state_root: chain.hash(`${root}/execution`),
    receipts_root: chain.hash(`${root}/receipts`),
    logs_bloom: `0x${"00".repeat(256)}`,
    prev_randao: chain.hash(`${root}/randao`),
    block_number: String(slot),
    gas_limit: "60000000",
    gas_used: "29500000",
    timestamp: String(Math.floor(chain.slotStartMs(slot) / 1000)),
    extra_data: "0x6574686d6f6e",
    base_fee_per_gas: "875000000",
    block_hash: chain.hash(`payload/${slot}`),
    transactions: Array.from(
      { length: TRANSACTIONS },
      (_, i) => `0x02${(i + 256).toString(16).padStart(4, "0")}${filler.repeat(TRANSACTION_BYTES / 32)}`,
    ),
    withdrawals: Array.from({ length: WITHDRAWALS }, (_, i) => ({
      index: String(slot * WITHDRAWALS + i),
      validator_index: String((slot * WITHDRAWALS + i) % chain.validators),
      address,
      amount: "19000000",
    })),
    blob_gas_used: String(BLOBS * 131_072),
    excess_blob_gas: "0",
  };
}

/** The `data` of a header answer. */
export function headerOf(block: SimulatedBlock): object {
  const { slot, proposer, parentRoot, stateRoot, root } = block;
  const message = {
    slot: String(slot),
    proposer_index: String(proposer),
    parent_root: parentRoot,
    state_root: stateRoot,
    body_root: root,
  };
  return { root, canonical: true, header: { message, signature: signatureOf(slot) } };
}

/** The epoch in which a slot lies. */
export function epochOf(slot: number): number {
  return Math.floor(slot / SLOTS_PER_EPOCH);
}
