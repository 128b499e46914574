import type { BlockRecord } from "../../../src/events/block/block-record.ts";
import type { BlockRow } from "./block-rows.ts";
import { type BlockOperation, builderGwei, clientOfCode, operationsOf } from "./block-words.ts";
import { quantile } from "./statistics.ts";

/** The canonical blocks of some slots in figures; undefined where no block has it. */
export type BlockSums = {
  /** Slots that are judged; of them those with a canonical block, and those without. */
  slots: number;
  proposed: number;
  missed: number;
  orphaned: number;
  /** Blocks that a node answered whole. */
  blocks: number;
  fullness: number | undefined;
  full: number;
  medianBytes: number | undefined;
  largestBytes: number | undefined;
  baseFee: number | undefined;
  lowestFee: number | undefined;
  highestFee: number | undefined;
  blobs: number | undefined;
  /** Of the newest block. */
  maxBlobs: number | undefined;
  transactions: number | undefined;
  built: number;
  medianPayment: number | undefined;
};

/** A block whose gas leaves no room for most transactions. */
const FULL_SHARE = 0.98;

export function sumBlocks(rows: readonly BlockRow[]): BlockSums {
  const blocks = canonicalBlocks(rows);
  const values = (figureOf: (block: BlockRecord) => number | null) => blocks.flatMap((block) => figureOf(block) ?? []);
  const mean = (of: readonly number[]) => (of.length === 0 ? undefined : of.reduce((a, b) => a + b, 0) / of.length);
  const bytes = values(({ ssz_bytes }) => ssz_bytes);
  const fees = values(({ base_fee_gwei }) => base_fee_gwei);
  const fullness = values(({ gas_fullness }) => gas_fullness);
  const payments = values(builderGwei);
  const places = rows.filter((row, index) => row.slot !== rows[index - 1]?.slot);
  const count = (look: BlockRow["look"]) => places.filter((row) => row.look === look).length;
  const [proposed, missed, orphaned] = [count("proposed") + count("late"), count("missed"), count("orphaned")];
  return {
    slots: proposed + missed + orphaned,
    proposed,
    missed,
    orphaned,
    blocks: blocks.length,
    fullness: mean(fullness),
    full: fullness.filter((share) => share >= FULL_SHARE).length,
    medianBytes: quantile(bytes, 0.5),
    largestBytes: quantile(bytes, 1),
    baseFee: fees.at(-1),
    lowestFee: quantile(fees, 0),
    highestFee: quantile(fees, 1),
    blobs: mean(values(({ blobs }) => blobs)),
    maxBlobs: values(({ max_blobs }) => max_blobs).at(-1),
    transactions: mean(values(({ transactions }) => transactions)),
    built: payments.length,
    medianPayment: quantile(payments, 0.5),
  };
}

/** Blocks of the chain, and those that cannot be judged yet; ascending. */
function canonicalBlocks(rows: readonly BlockRow[]): BlockRecord[] {
  return rows.flatMap(({ block, look }) => (block === undefined || look === "orphaned" ? [] : [block]));
}

/** How many blocks name each client; null where the graffiti names none. The most first, those without a name last. */
export function clientShares(rows: readonly BlockRow[], layer: "consensus" | "execution") {
  const counts = new Map<string | null, number>();
  const blocks = canonicalBlocks(rows);
  for (const block of blocks) {
    const client = clientOfCode(layer === "consensus" ? block.consensus_client : block.execution_client);
    counts.set(client, (counts.get(client) ?? 0) + 1);
  }
  return [...counts]
    .map(([client, had]) => ({ client, had, of: blocks.length }))
    .sort((a, b) => Number(a.client === null) - Number(b.client === null) || b.had - a.had);
}

/** Blocks with operations that change validators, newest first. */
export function blocksWithOperations(
  rows: readonly BlockRow[],
): { row: BlockRow; block: BlockRecord; operations: BlockOperation[] }[] {
  return rows
    .flatMap((row) => {
      const operations = row.block === undefined ? [] : operationsOf(row.block);
      return row.block === undefined || operations.length === 0 ? [] : [{ row, block: row.block, operations }];
    })
    .reverse();
}
