import fc from "fast-check";
import { expect, test } from "vitest";
import { electraAttestation, phase0Attestation } from "./attestation.ts";

const checkpoint = { epoch: "1", root: `0x${"0b".repeat(32)}` };
const data = { slot: "8", index: "0", beacon_block_root: checkpoint.root, source: checkpoint, target: checkpoint };
const attestation = { data, signature: `0x${"0c".repeat(96)}` };

test("aggregation bits are a list only with the bit that marks its end", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.integer({ min: 1, max: 255 }), (bits, last) => {
      const hex = Buffer.from([...bits, last]).toString("hex");
      expect(phase0Attestation.safeParse({ ...attestation, aggregation_bits: `0x${hex}` }).success).toBe(true);
      expect(phase0Attestation.safeParse({ ...attestation, aggregation_bits: `0x${hex}00` }).success).toBe(false);
      expect(phase0Attestation.safeParse({ ...attestation, aggregation_bits: `0x${hex}1` }).success).toBe(false);
    }),
  );
  expect(phase0Attestation.safeParse({ ...attestation, aggregation_bits: "0x" }).success).toBe(false);
});

test("from Electra on an attestation says its committees", () => {
  const aggregate = { ...attestation, aggregation_bits: "0x01ff01" };
  expect(electraAttestation.safeParse({ ...aggregate, committee_bits: "0x02" }).success).toBe(true);
  expect(electraAttestation.safeParse(aggregate).success).toBe(false);
});
