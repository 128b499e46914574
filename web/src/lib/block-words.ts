import type { BlockRecord } from "../../../src/events/block/block-record.ts";
import type { ClientCode } from "../../../src/events/block/graffiti.ts";
import { formatCount } from "./format.ts";

const GWEI_PER_ETH = 1e9;

/** Families by the codes of graffiti; `NB` is Nimbus on either layer. */
const CLIENTS: Readonly<Record<ClientCode, string>> = {
  BU: "besu",
  EJ: "ethereumjs",
  EG: "erigon",
  GE: "geth",
  GR: "grandine",
  LH: "lighthouse",
  LS: "lodestar",
  NM: "nethermind",
  NB: "nimbus",
  TK: "teku",
  PM: "prysm",
  RH: "reth",
};

export function clientOfCode(code: ClientCode | null): string | null {
  return code === null ? null : CLIENTS[code];
}

/** `1.9 KiB`, `121 KiB`, `1.24 MiB`. */
export function formatBytes(bytes: number): string {
  const kibibytes = bytes / 1024;
  if (kibibytes >= 1000) return `${(kibibytes / 1024).toFixed(2)} MiB`;
  return `${kibibytes < 10 ? kibibytes.toFixed(1) : Math.round(kibibytes)} KiB`;
}

/** Three significant digits: `0.586 gwei`, `12.3 gwei`; `0 gwei` only when it is. */
export function formatGwei(gwei: number): string {
  return `${significant(gwei)} gwei`;
}

/** `0.0421 ETH`, from gwei. */
export function formatEth(gwei: number): string {
  return `${significant(gwei / GWEI_PER_ETH)} ETH`;
}

/** Millions of gas: `15.3 M`, `0.02 M`. */
export function formatGas(gas: number): string {
  return `${significant(gas / 1e6)} M`;
}

function significant(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

/** What the builder paid or bid for the block, gwei; null where there was none, or none is told. */
export function builderGwei({ mev_payment_gwei, bid_gwei }: BlockRecord): number | null {
  return mev_payment_gwei ?? bid_gwei;
}

const VALIDATOR_OPERATIONS = [
  ["proposers_slashed", "proposer slashed", "proposers slashed"],
  ["attesters_slashed", "attester slashed", "attesters slashed"],
  ["exits", "exit", "exits"],
  ["bls_changes", "withdrawal address", "withdrawal addresses"],
] as const;

const COUNTED_OPERATIONS = [
  ["deposits", "deposit", "deposits"],
  ["deposit_requests", "deposit request", "deposit requests"],
  ["withdrawal_requests", "withdrawal request", "withdrawal requests"],
  ["consolidation_requests", "consolidation request", "consolidation requests"],
] as const;

export type BlockOperation = { kind: string; words: string; count: number; validators: readonly number[] };

/** The operations of a block that change validators, slashings first; what there is none of is left out. */
export function operationsOf(block: BlockRecord): BlockOperation[] {
  const named = VALIDATOR_OPERATIONS.map(([kind, one, many]) => ({
    kind,
    words: formatCount(block[kind].length, one, many),
    count: block[kind].length,
    validators: block[kind],
  }));
  const counted = COUNTED_OPERATIONS.map(([kind, one, many]) => ({
    kind,
    words: formatCount(block[kind] ?? 0, one, many),
    count: block[kind] ?? 0,
    validators: [],
  }));
  return [...named, ...counted].filter(({ count }) => count > 0);
}
