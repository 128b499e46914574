import type { BlockRecord } from "../../../src/events/block/block-record.ts";
import type { SlotRecord } from "../../../src/events/derived.ts";
import { builderGwei } from "./block-words.ts";
import { lookOf, type SlotLook } from "./slot-look.ts";
import type { Column } from "./vote-series.ts";

/** One slot and its block; a second block of a slot has a row of its own, of which `canonical` is false. */
export type BlockRow = { slot: number; look: SlotLook; block: BlockRecord | undefined; canonical: boolean };

/**
 * A row a slot from `first` to `last`, ascending: the canonical block, else the one that the slot's record names.
 * Missed slots have a row without a block, and blocks left by the chain one that says so.
 */
export function blockRows(input: {
  slots: readonly SlotRecord[];
  blocks: readonly BlockRecord[];
  first: number;
  last: number;
}): BlockRow[] {
  const { slots, blocks, first, last } = input;
  const records = new Map(slots.map((record) => [record.slot, record]));
  const bySlot = Map.groupBy(blocks, ({ slot }) => slot);
  const rows: BlockRow[] = [];
  for (let slot = first; slot <= last; slot += 1) {
    const record = records.get(slot);
    const own = bySlot.get(slot) ?? [];
    const block = own.find(({ root }) => root === record?.block_root) ?? (record?.block_root ? undefined : own[0]);
    const look = lookOf(record);
    rows.push({ slot, look, block, canonical: look === "proposed" || look === "late" });
    for (const other of own) {
      if (other !== block) rows.push({ slot, look: "orphaned", block: other, canonical: false });
    }
  }
  return rows;
}

export type BlockSeries = { xs: readonly number[] } & Readonly<
  Record<"fullness" | "baseFee" | "kibibytes" | "transactions" | "blobs" | "maxBlobs" | "paymentEth", Column>
> & { marks: readonly { x: number; look: SlotLook }[] };

/** The rows' figures slot by slot: a slot without a canonical block is a gap, marked by what became of it. */
export function blockSeries(rows: readonly BlockRow[]): BlockSeries {
  const places = rows.filter((row, index) => row.slot !== rows[index - 1]?.slot);
  const column = (figureOf: (block: BlockRecord) => number | null) =>
    places.map(({ block, look }) => (block === undefined || look === "orphaned" ? null : figureOf(block)));
  return {
    xs: places.map(({ slot }) => slot),
    fullness: column(({ gas_fullness }) => gas_fullness),
    baseFee: column(({ base_fee_gwei }) => base_fee_gwei),
    kibibytes: column(({ ssz_bytes }) => (ssz_bytes === null ? null : ssz_bytes / 1024)),
    transactions: column(({ transactions }) => transactions),
    blobs: column(({ blobs }) => blobs),
    maxBlobs: column(({ max_blobs }) => max_blobs),
    paymentEth: column((block) => {
      const gwei = builderGwei(block);
      return gwei === null ? null : gwei / 1e9;
    }),
    marks: places.flatMap(({ slot, look }) => (look === "missed" || look === "orphaned" ? [{ x: slot, look }] : [])),
  };
}

/** What the table can be sorted by, largest first; part of the address. */
export const BLOCK_SORTS = ["slot", "fullness", "size", "fee", "blobs", "transactions", "payment"] as const;
export type BlockSort = (typeof BLOCK_SORTS)[number];

export function blockSortOf(query: URLSearchParams): BlockSort {
  const asked = query.get("sort");
  return BLOCK_SORTS.find((sort) => sort === asked) ?? "slot";
}

const RANKS: Readonly<Record<BlockSort, (block: BlockRecord) => number | null>> = {
  slot: ({ slot }) => slot,
  fullness: ({ gas_fullness }) => gas_fullness,
  size: ({ ssz_bytes }) => ssz_bytes,
  fee: ({ base_fee_gwei }) => base_fee_gwei,
  blobs: ({ blobs }) => blobs,
  transactions: ({ transactions }) => transactions,
  payment: builderGwei,
};

/** Largest first, the newer one of equals; by slot every row, else those alone whose block has the figure. */
export function sortedRows(rows: readonly BlockRow[], sort: BlockSort): BlockRow[] {
  if (sort === "slot") return [...rows].sort((a, b) => b.slot - a.slot || Number(b.canonical) - Number(a.canonical));
  const rank = RANKS[sort];
  return rows
    .flatMap((row) => {
      const value = row.block === undefined ? null : rank(row.block);
      return value === null ? [] : [{ row, value }];
    })
    .sort((a, b) => b.value - a.value || b.row.slot - a.row.slot)
    .map(({ row }) => row);
}
