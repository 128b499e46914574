import { expect, test } from "vitest";
import { blocksWithOperations, clientShares, sumBlocks } from "./block-figures.ts";
import { blockRecord } from "./block-record-rig.ts";
import type { BlockRow } from "./block-rows.ts";

const row = (slot: number, change: Partial<BlockRow> = {}): BlockRow => ({
  slot,
  look: "proposed",
  block: blockRecord({ slot }),
  canonical: true,
  ...change,
});

test("figures are of the chain's blocks alone, and gaps are counted beside them", () => {
  const sums = sumBlocks([
    row(1, { block: blockRecord({ slot: 1, gas_fullness: 1, base_fee_gwei: 1, mev_payment_gwei: 5 }) }),
    row(2, { look: "missed", block: undefined, canonical: false }),
    row(3, { look: "orphaned", block: blockRecord({ slot: 3, gas_fullness: 0, base_fee_gwei: 99 }), canonical: false }),
    row(4, { block: blockRecord({ slot: 4, gas_fullness: 0.5, base_fee_gwei: 2, max_blobs: 15 }) }),
  ]);
  expect(sums).toMatchObject({ slots: 4, proposed: 2, missed: 1, orphaned: 1, blocks: 2, fullness: 0.75, full: 1 });
  expect(sums).toMatchObject({ baseFee: 2, lowestFee: 1, highestFee: 2, maxBlobs: 15, built: 1, medianPayment: 5 });
});

test("a range without blocks has no figures rather than zeros", () => {
  expect(sumBlocks([row(1, { look: "missed", block: undefined })])).toMatchObject({
    fullness: undefined,
    medianBytes: undefined,
    baseFee: undefined,
    blobs: undefined,
  });
});

test("clients are counted by graffiti, blocks without a name last", () => {
  const named = (slot: number, code: "LH" | "TK" | null) =>
    row(slot, { block: blockRecord({ slot, consensus_client: code, execution_client: "GE" }) });
  const rows = [named(1, null), named(2, null), named(3, "TK"), named(4, "LH"), named(5, "LH")];
  expect(clientShares(rows, "consensus")).toEqual([
    { client: "lighthouse", had: 2, of: 5 },
    { client: "teku", had: 1, of: 5 },
    { client: null, had: 2, of: 5 },
  ]);
  expect(clientShares(rows, "execution")).toEqual([{ client: "geth", had: 5, of: 5 }]);
});

test("blocks with operations are listed newest first, those without are not", () => {
  const rows = [
    row(1, { block: blockRecord({ slot: 1, exits: [3] }) }),
    row(2),
    row(3, { block: blockRecord({ slot: 3, proposers_slashed: [8] }) }),
  ];
  expect(blocksWithOperations(rows).map(({ block }) => block.slot)).toEqual([3, 1]);
});
