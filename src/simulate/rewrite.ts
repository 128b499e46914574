import { isRoot } from "./loop.ts";

/** What changes between the recording and one loop of it. */
export type Shift = {
  slots: number;
  epochs: number;
  seconds: number;
  executionBlocks: number;
  root(root: string): string;
  /** The source that a vote for `targetEpoch` (as recorded) names where the recording has genesis, or undefined to keep it. */
  sourceOfVote(targetEpoch: number): { epoch: string; root: string } | undefined;
};

/** Values of 32 bytes that are no roots: text, and credentials that belong to a validator. */
const NO_ROOTS: ReadonlySet<string> = new Set(["graffiti", "extra_data", "withdrawal_credentials"]);

/** A copy of an event's data or a REST answer's body, moved to another place in time. */
export function rewrite(value: unknown, shift: Shift): unknown {
  return rewriteValue("", value, shift);
}

function rewriteValue(key: string, value: unknown, shift: Shift): unknown {
  if (Array.isArray(value)) return value.map((item) => rewriteValue(key, item, shift));
  if (typeof value === "object" && value !== null) return rewriteObject(value as Record<string, unknown>, shift);
  if (isRoot(value)) return NO_ROOTS.has(key) ? value : shift.root(value);
  return addTo(value, amountFor(key, shift));
}

function rewriteObject(object: Record<string, unknown>, shift: Shift): Record<string, unknown> {
  const copy = Object.fromEntries(Object.entries(object).map(([key, value]) => [key, rewriteValue(key, value, shift)]));
  const source = genesisSource(object) ? shift.sourceOfVote(Number(targetEpochOf(object))) : undefined;
  return source === undefined ? copy : { ...copy, source };
}

/** Until the first justification after genesis, votes name epoch 0 with a zero root as their source. */
function genesisSource(object: Record<string, unknown>): boolean {
  const source = object["source"] as { epoch?: unknown; root?: unknown } | null | undefined;
  if (typeof source !== "object" || source === null || targetEpochOf(object) === undefined) return false;
  return Number(source.epoch) === 0 && typeof source.root === "string" && /^0x0{64}$/.test(source.root);
}

function targetEpochOf(object: Record<string, unknown>): unknown {
  const target = object["target"] as { epoch?: unknown } | null | undefined;
  return typeof target === "object" && target !== null ? target.epoch : undefined;
}

function amountFor(key: string, shift: Shift): number {
  if (key === "slot" || key.endsWith("_slot")) return shift.slots;
  if (key === "epoch" || key.endsWith("_epoch")) return shift.epochs;
  if (key === "timestamp") return shift.seconds;
  if (key === "block_number" || key === "parent_block_number") return shift.executionBlocks;
  return 0;
}

/** FAR_FUTURE_EPOCH (2^64 - 1) and whatever else is no safe integer stays. */
function addTo(value: unknown, amount: number): unknown {
  if (amount === 0) return value;
  if (typeof value === "number") return Number.isSafeInteger(value) ? value + amount : value;
  if (typeof value !== "string" || !/^\d{1,16}$/.test(value) || !Number.isSafeInteger(Number(value))) return value;
  return String(Number(value) + amount);
}
