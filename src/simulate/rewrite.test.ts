import fc from "fast-check";
import { expect, test } from "vitest";
import { rewrite, type Shift } from "./rewrite.ts";

const ZERO_ROOT = `0x${"0".repeat(64)}`;
const A_ROOT = `0x${"ab".repeat(32)}`;
const SIGNATURE = `0x${"cd".repeat(96)}`;

const shift: Shift = {
  slots: 56,
  epochs: 7,
  seconds: 1000,
  executionBlocks: 52,
  root: (root) => `moved ${root}`,
  sourceOfVote: (targetEpoch) => ({ epoch: String(targetEpoch + 6), root: "source" }),
};
const still: Shift = {
  slots: 0,
  epochs: 0,
  seconds: 0,
  executionBlocks: 0,
  root: (root) => root,
  sourceOfVote: () => undefined,
};

test("slots, epochs, timestamps and roots move, and keep their types", () => {
  const moved = rewrite(
    {
      slot: "10",
      proposal_slot: 11,
      epoch: "1",
      data: [{ slot: "12", beacon_block_root: A_ROOT }],
      payload_attributes: { timestamp: "1795371215", prev_randao: A_ROOT, withdrawals: [{ index: "3" }] },
      parent_block_number: "9",
      signature: SIGNATURE,
      execution_optimistic: false,
      nothing: null,
    },
    shift,
  );
  expect(moved).toEqual({
    slot: "66",
    proposal_slot: 67,
    epoch: "8",
    data: [{ slot: "68", beacon_block_root: `moved ${A_ROOT}` }],
    payload_attributes: { timestamp: "1795372215", prev_randao: `moved ${A_ROOT}`, withdrawals: [{ index: "3" }] },
    parent_block_number: "61",
    signature: SIGNATURE,
    execution_optimistic: false,
    nothing: null,
  });
});

test("a zero root, text of 32 bytes and FAR_FUTURE_EPOCH stay", () => {
  const value = { parent_root: ZERO_ROOT, graffiti: A_ROOT, extra_data: A_ROOT, exit_epoch: "18446744073709551615" };
  expect(rewrite(value, shift)).toEqual(value);
});

test("a vote whose source is genesis gets the source of its place, another keeps its own", () => {
  const vote = (source: { epoch: string; root: string }) => ({
    data: { source, target: { epoch: "2", root: A_ROOT } },
  });
  const moved = rewrite(vote({ epoch: "0", root: ZERO_ROOT }), shift) as ReturnType<typeof vote>;
  expect(moved.data.source).toEqual({ epoch: "8", root: "source" });
  const other = rewrite(vote({ epoch: "1", root: A_ROOT }), shift) as ReturnType<typeof vote>;
  expect(other.data.source).toEqual({ epoch: "8", root: `moved ${A_ROOT}` });
});

test("without a shift any JSON comes back as it was", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(rewrite(value, still)).toEqual(value);
    }),
  );
});
