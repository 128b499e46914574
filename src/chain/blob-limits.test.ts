import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createChain } from "./chain.ts";

const FORKS = { ALTAIR_FORK_EPOCH: "1", BELLATRIX_FORK_EPOCH: "2", CAPELLA_FORK_EPOCH: "3", DENEB_FORK_EPOCH: "4" };
const limitsOf = (spec: Record<string, unknown>) =>
  createChain({
    spec: { SECONDS_PER_SLOT: "12", SLOTS_PER_EPOCH: "32", ...FORKS, ...spec },
    genesis: { genesis_time: 0 },
  }).blobLimits;

/** Mainnet's, as nodes tell them. */
const mainnet = {
  DENEB_FORK_EPOCH: "269568",
  ELECTRA_FORK_EPOCH: "364032",
  FULU_FORK_EPOCH: "411392",
  MAX_BLOBS_PER_BLOCK: "6",
  MAX_BLOBS_PER_BLOCK_ELECTRA: "9",
  BLOB_SCHEDULE: [
    { EPOCH: "412672", MAX_BLOBS_PER_BLOCK: "15" },
    { EPOCH: "419072", MAX_BLOBS_PER_BLOCK: "21" },
  ],
  NUMBER_OF_COLUMNS: "128",
  NUMBER_OF_CUSTODY_GROUPS: "128",
};

describe("the most blobs of a block", () => {
  test.each([
    [269_567, undefined],
    [269_568, 6],
    [364_031, 6],
    [364_032, 9],
    [411_392, 9],
    [412_671, 9],
    [412_672, 15],
    [419_071, 15],
    [419_072, 21],
    [1_000_000, 21],
  ])("in mainnet's epoch %i is %s", (epoch, maxBlobs) => {
    expect(limitsOf(mainnet).maxBlobs(epoch)).toBe(maxBlobs);
  });

  test("a node that knows one limit alone has it in Electra, too", () => {
    const { maxBlobs } = limitsOf({ ELECTRA_FORK_EPOCH: "6", MAX_BLOBS_PER_BLOCK: "6" });
    expect(maxBlobs(6)).toBe(6);
  });

  test("the schedule holds from Fulu on, whatever its epochs", () => {
    const BLOB_SCHEDULE = [{ EPOCH: "0", MAX_BLOBS_PER_BLOCK: "12" }];
    const { maxBlobs } = limitsOf({ ...mainnet, BLOB_SCHEDULE });
    expect([maxBlobs(411_391), maxBlobs(411_392)]).toEqual([9, 12]);
  });

  test.each([undefined, null, "", {}, [null], [{}], [{ EPOCH: "x", MAX_BLOBS_PER_BLOCK: "1" }]])(
    "a schedule that says %j is as if it were empty",
    (BLOB_SCHEDULE) => {
      expect(limitsOf({ ...mainnet, BLOB_SCHEDULE }).maxBlobs(500_000)).toBe(9);
    },
  );

  test("is not known where the node does not say", () => {
    expect(limitsOf({}).maxBlobs(4)).toBeUndefined();
    expect(limitsOf({}).columns(100)).toBeUndefined();
    expect(limitsOf({ FULU_FORK_EPOCH: "5" }).sampledColumns(5, 4)).toBeUndefined();
  });

  test("never falls where no entry of the schedule lowers it, in whatever order they stand", () => {
    const steps = fc.uniqueArray(fc.tuple(fc.integer({ min: 5, max: 60 }), fc.integer({ min: 0, max: 9 })), {
      maxLength: 8,
      selector: ([epoch]) => epoch,
    });
    fc.assert(
      fc.property(steps, fc.boolean(), (unsorted, backwards) => {
        let most = 9;
        const rising = unsorted
          .toSorted(([a], [b]) => a - b)
          .map(([epoch, more]) => {
            most += more;
            return { epoch, most };
          });
        const given = backwards
          ? rising.toReversed()
          : unsorted.flatMap(([at]) => rising.filter(({ epoch }) => epoch === at));
        const { maxBlobs } = limitsOf({
          ELECTRA_FORK_EPOCH: "5",
          FULU_FORK_EPOCH: "5",
          MAX_BLOBS_PER_BLOCK: "6",
          MAX_BLOBS_PER_BLOCK_ELECTRA: "9",
          BLOB_SCHEDULE: given.map((entry) => ({ EPOCH: entry.epoch, MAX_BLOBS_PER_BLOCK: String(entry.most) })),
        });
        for (let epoch = 5; epoch <= 60; epoch += 1) {
          expect(maxBlobs(epoch)).toBeGreaterThanOrEqual(maxBlobs(epoch - 1) ?? 0);
          expect(maxBlobs(epoch)).toBe(rising.findLast((entry) => entry.epoch <= epoch)?.most ?? 9);
        }
      }),
    );
  });
});

test("data come in columns from Fulu on", () => {
  const { columns } = limitsOf(mainnet);
  expect([columns(411_391), columns(411_392)]).toEqual([undefined, 128]);
});

test.each([
  ["a node of the least custody samples eight groups", 411_392, 4, 128, 8],
  ["a supernode has all", 411_392, 128, 128, 128],
  ["a node that claims more has no more than all", 411_392, 1_000, 128, 128],
  ["a group may hold more than a column", 411_392, 10, 64, 20],
  ["before Fulu there are none", 411_391, 4, 128, undefined],
  ["a node that does not tell its custody", 411_392, undefined, 128, undefined],
])("%s", (_what, epoch, custodyGroups, groups, sampled) => {
  const { sampledColumns } = limitsOf({ ...mainnet, SAMPLES_PER_SLOT: "8", NUMBER_OF_CUSTODY_GROUPS: String(groups) });
  expect(sampledColumns(epoch, custodyGroups)).toBe(sampled);
});
