import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAnswers } from "../../../test/vectors/rest-answers.ts";
import { readVectors, type Vector } from "../../../test/vectors/vectors.ts";
import { parseJsonExact } from "../../lib/json.ts";
import { type BlockBody, readBlockBody } from "./block-body.ts";

const vectors = readVectors().filter(({ object }) => object.endsWith(" SignedBeaconBlock"));
const forkOf = ({ object }: Vector) => object.split(" ")[0] ?? "";

/** The vectors fill their payloads with bytes that count up: numbers that no chain has come to. */
const cutNumbers = (input: string) => input.replace(/"\d{17,20}"/g, '"12345"');

const vector = (fork: string, name = "Good"): unknown => {
  const found = vectors.find((one) => one.name === `${fork} SignedBeaconBlock ${name}`);
  return JSON.parse(cutNumbers(found?.text ?? ""));
};

const recorded = (fork: string): unknown => {
  const found = readAnswers().find(({ node, path }) => node.endsWith(fork) && path === "/eth/v2/beacon/blocks/head");
  return (JSON.parse(found?.body ?? "") as { data: unknown }).data;
};

function bodyOf(data: unknown): BlockBody {
  const read = readBlockBody(data);
  if ("misfit" in read) throw new Error(read.misfit);
  return read.body;
}

/** A copy of a block in which fields of its body are others; undefined leaves a field out. */
function withBody(data: unknown, changes: Record<string, unknown>): unknown {
  const { message, ...rest } = data as { message: { body: Record<string, unknown> } };
  return JSON.parse(JSON.stringify({ ...rest, message: { ...message, body: { ...message.body, ...changes } } }));
}

describe("blocks of every fork", () => {
  // The sizes are those that @lodestar/types 1.46.0 gives when it serializes these blocks.
  test.each([
    ["phase0", "Good", 2923],
    ["altair", "Good", 3083],
    ["bellatrix", "Good", 8047],
    ["capella", "Good", 8271],
    ["deneb", "Good", 8387],
    ["electra", "Good", 14442],
    ["electra", "AttesterSlashing", 50425],
  ])("%s (%s) has %i bytes in SSZ", (fork, name, bytes) => {
    expect(bodyOf(vector(fork, name)).sszBytes).toBe(bytes);
  });

  test.each([
    ["capella", 1615, { sync: 32, withdrawals: 0, blobs: null, requests: null }],
    ["deneb", 1760, { sync: 32, withdrawals: 0, blobs: 0, requests: null }],
    [
      "electra",
      2139,
      { sync: 32, withdrawals: 0, blobs: 0, requests: { deposits: 0, withdrawals: 0, consolidations: 0 } },
    ],
  ])("a real node's block of %s", (fork, bytes, { sync, withdrawals, blobs, requests }) => {
    const body = bodyOf(recorded(fork));
    expect(body.sszBytes).toBe(bytes);
    expect(body.syncAggregate).toEqual({ bits: "0xffffffff", participants: sync, size: 32 });
    expect(body.payload).toMatchObject({ gasLimit: 30_000_000, baseFeeWei: "7", withdrawals: { count: withdrawals } });
    expect([body.blobs, body.requests]).toEqual([blobs, requests]);
    expect(body.attestations.length).toBeGreaterThan(1);
    expect(body.attestations.every(({ committeeBits }) => (committeeBits !== undefined) === (fork === "electra"))).toBe(
      true,
    );
  });

  test("what a fork does not have is null, not zero", () => {
    expect(bodyOf(vector("phase0"))).toMatchObject({ syncAggregate: null, payload: null, blobs: null, requests: null });
    expect(bodyOf(vector("altair")).payload).toBeNull();
    expect(bodyOf(vector("bellatrix")).payload).toMatchObject({ withdrawals: null, blobGasUsed: null });
    expect(bodyOf(vector("deneb"))).toMatchObject({ bid: null, payloadAttestations: null });
  });

  test("a block of an Electra network tells its payload, votes and clients", () => {
    const { attestations, ...body } = bodyOf(vector("electra"));
    expect(body).toMatchObject({
      graffiti: { text: "teku-nethermind-2 TK8180NMa733", executionClient: "NM", consensusClient: "TK" },
      syncAggregate: { participants: 476, size: 512 },
      payload: {
        number: 91063,
        feeRecipient: "0xf97e180c050e5ab072211ad2c213eb5aee4df134",
        gasUsed: 2018119,
        gasLimit: 30029295,
        transactions: 92,
        transactionBytes: 11029,
        withdrawals: { count: 14, gwei: 444408 },
        excessBlobGas: 10092544,
      },
      blobs: 0,
      mevPayment: null,
    });
    expect(attestations).toHaveLength(3);
    expect(attestations[0]).toMatchObject({
      data: { slot: 99328, index: 0, sourceEpoch: 3103, targetEpoch: 3104 },
      committeeBits: "0xfeff000000000000",
    });
  });

  test("its operations name the validators", () => {
    expect(bodyOf(vector("phase0"))).toMatchObject({ proposersSlashed: [2], exits: [2], deposits: 1 });
    const change = {
      message: {
        validator_index: "7",
        from_bls_pubkey: `0x${"11".repeat(48)}`,
        to_execution_address: `0x${"22".repeat(20)}`,
      },
    };
    const signature = `0x${"ab".repeat(96)}`;
    const data = withBody(recorded("capella"), { bls_to_execution_changes: [{ ...change, signature }] });
    expect(bodyOf(data).blsChanges).toEqual([7]);
  });

  test("of a real attester slashing the one validator in both votes is slashed, of hundreds in either", () => {
    expect(bodyOf(vector("electra", "AttesterSlashing")).attestersSlashed).toEqual([71545]);
  });
});

describe("attester slashings", () => {
  const slashing = (first: readonly number[], second: readonly number[]) => {
    const data = {
      slot: "1",
      index: "0",
      beacon_block_root: `0x${"11".repeat(32)}`,
      source: { epoch: "0", root: `0x${"11".repeat(32)}` },
      target: { epoch: "1", root: `0x${"11".repeat(32)}` },
    };
    const vote = (indices: readonly number[]) => ({
      attesting_indices: indices.map(String),
      data,
      signature: `0x${"ab".repeat(96)}`,
    });
    return { attestation_1: vote(first), attestation_2: vote(second) };
  };

  test("slash those in both votes of one slashing, each once, in whatever order", () => {
    const electra = recorded("electra");
    const indices = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(fc.tuple(indices, indices), { maxLength: 3 }), (pairs) => {
        const data = withBody(electra, { attester_slashings: pairs.map(([a, b]) => slashing(a, b)) });
        const both = Array.from({ length: 31 }, (_, index) => index).filter((index) =>
          pairs.some(([a, b]) => a.includes(index) && b.includes(index)),
        );
        expect(bodyOf(data).attestersSlashed).toEqual(both);
      }),
      { numRuns: 50 },
    );
  });
});

describe("Gloas", () => {
  const bid = {
    message: {
      parent_block_hash: `0x${"22".repeat(32)}`,
      block_hash: `0x${"33".repeat(32)}`,
      builder_index: "18446744073709551615",
      value: "1234567",
      slot: "9",
      a_field_of_a_later_draft: [],
    },
    signature: `0x${"ab".repeat(96)}`,
  };

  test("a block without a payload, with a bid and payload attestations, is read", () => {
    const data = withBody(vector("electra"), {
      execution_payload: undefined,
      blob_kzg_commitments: undefined,
      execution_requests: undefined,
      signed_execution_payload_bid: bid,
      payload_attestations: [{ aggregation_bits: "0x01" }, {}],
    });
    expect(bodyOf(data)).toMatchObject({
      sszBytes: null,
      payload: null,
      blobs: null,
      requests: null,
      mevPayment: null,
      bid: { builderIndex: "18446744073709551615", valueGwei: "1234567", blockHash: `0x${"33".repeat(32)}` },
      payloadAttestations: 2,
      syncAggregate: { participants: 476 },
    });
  });
});

describe("what is no block", () => {
  test.each(vectors.filter(({ mustBeRead }) => !mustBeRead).map((one) => [one.name, forkOf(one), one.text] as const))(
    "%s is refused, in words",
    (_name, fork, text) => {
      const read = readBlockBody(JSON.parse(text), fork);
      expect("misfit" in read && read.misfit).toMatch(/^(the data|message|signature)\b/);
    },
  );

  test.each(["randao_reveal", "eth1_data", "graffiti", "attestations", "deposits", "attester_slashings"])(
    "a body without %s is refused by its name",
    (key) => {
      const read = readBlockBody(withBody(vector("electra"), { [key]: undefined }));
      expect("misfit" in read && read.misfit).toMatch(
        new RegExp(`^message\\.body\\.${key} is (missing|not a [a-z]+)$`),
      );
    },
  );

  test("a transaction that is no hex, and numbers beyond 2^53, are refused by their place", () => {
    const payload = (vector("electra") as { message: { body: { execution_payload: object } } }).message.body
      .execution_payload;
    const read = (changes: object) =>
      readBlockBody(withBody(vector("electra"), { execution_payload: { ...payload, ...changes } }));
    expect(read({ transactions: ["0x02", "02"] })).toEqual({
      misfit: "message.body.execution_payload.transactions.1 is not hex",
    });
    expect(read({ gas_used: "18446744073709551615" })).toEqual({
      misfit: "message.body.execution_payload.gas_used is beyond 2^53",
    });
  });

  test("whatever JSON it is given, it answers with a body or with words", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const read = readBlockBody(parseJsonExact(text));
        expect("misfit" in read ? read.misfit.length : 1).toBeGreaterThan(0);
      }),
    );
  });
});
