import { expect, test } from "vitest";
import { blockRecord } from "./block-record-rig.ts";
import {
  builderGwei,
  clientOfCode,
  formatBytes,
  formatEth,
  formatGas,
  formatGwei,
  operationsOf,
} from "./block-words.ts";

test("quantities of blocks have a unit and no false digits", () => {
  expect([900, 1980, 124_000, 1_300_000].map(formatBytes)).toEqual(["0.9 KiB", "1.9 KiB", "121 KiB", "1.24 MiB"]);
  expect([0, 0.586_279_052, 12.345, 1234.5].map(formatGwei)).toEqual([
    "0 gwei",
    "0.586 gwei",
    "12.3 gwei",
    "1235 gwei",
  ]);
  expect(formatEth(42_100_000)).toBe("0.0421 ETH");
  expect(formatGas(15_312_000)).toBe("15.3 M");
});

test("a builder's payment is the transfer, or from Gloas on the bid", () => {
  expect(builderGwei(blockRecord({ slot: 1 }))).toBeNull();
  expect(builderGwei(blockRecord({ slot: 1, mev_payment_gwei: 7 }))).toBe(7);
  expect(builderGwei(blockRecord({ slot: 1, bid_gwei: 9 }))).toBe(9);
});

test("operations are told in words, slashings first, with their validators", () => {
  const block = blockRecord({ slot: 1, exits: [5, 6], attesters_slashed: [7], deposit_requests: 1, deposits: 0 });
  expect(operationsOf(block)).toEqual([
    { kind: "attesters_slashed", words: "1 attester slashed", count: 1, validators: [7] },
    { kind: "exits", words: "2 exits", count: 2, validators: [5, 6] },
    { kind: "deposit_requests", words: "1 deposit request", count: 1, validators: [] },
  ]);
  expect(operationsOf(blockRecord({ slot: 1, deposit_requests: null }))).toEqual([]);
});

test("a graffiti's code names a client family, and none where it names none", () => {
  expect([clientOfCode("LH"), clientOfCode("PM"), clientOfCode(null)]).toEqual(["lighthouse", "prysm", null]);
});
