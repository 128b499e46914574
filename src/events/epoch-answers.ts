import { type CommitteeEntry, type Committees, createCommittees } from "../chain/committees.ts";
import type { ValidatorSet } from "../chain/validator-set.ts";
import type { Column, StreamDataset } from "./dataset.ts";
import type { Document } from "./document.ts";
import { root as rootSchema, uint } from "./primitives.ts";

const nodeColumn: Column = { name: "observer.name", type: "keyword", words: "Name of the node." };
const activeColumn: Column = {
  name: "ethereum.validators.active",
  type: "long",
  words: "Active validators.",
};

export const committeesDataset: StreamDataset = {
  kind: "stream",
  source: "rest",
  keep: "raw",
  name: "ethereum.committees",
  title: "Committees",
  words: "That a node told an epoch's committees, and of how many validators; who sits in which is not stored.",
  columns: [
    nodeColumn,
    { name: "ethereum.epoch", type: "long", words: "Epoch of the committees." },
    { name: "ethereum.duty.dependent_root", type: "keyword", words: "Block on which they depend, where it is known." },
    activeColumn,
    { name: "ethereum.committees.per_slot", type: "long", words: "Committees of each slot." },
  ],
};

export const validatorSetDataset: StreamDataset = {
  kind: "stream",
  source: "rest",
  keep: "raw",
  name: "ethereum.validator_set",
  title: "Validator sets",
  words: "That a node told the validators: how many are active, and their effective balance in all.",
  columns: [
    nodeColumn,
    activeColumn,
    { name: "ethereum.validators.effective_balance", type: "long", words: "Of all active validators, ETH." },
  ],
};

type Told = { node: string; receivedAtUs: number };

export function committeesDocument(
  { node, receivedAtUs }: Told,
  { committees, dependentRoot }: { committees: Committees; dependentRoot: string | null },
): Document {
  return {
    dataset: committeesDataset.name,
    timestampUs: receivedAtUs,
    fields: {
      "observer.name": node,
      "ethereum.epoch": committees.epoch,
      "ethereum.duty.dependent_root": dependentRoot,
      "ethereum.validators.active": committees.validators.length,
      "ethereum.committees.per_slot": committees.committeesPerSlot,
    },
  };
}

export function validatorSetDocument({ node, receivedAtUs }: Told, validators: ValidatorSet): Document {
  return {
    dataset: validatorSetDataset.name,
    timestampUs: receivedAtUs,
    fields: {
      "observer.name": node,
      "ethereum.validators.active": validators.active,
      "ethereum.validators.effective_balance": validators.effectiveBalances.reduce((sum, eth) => sum + eth, 0),
    },
  };
}

const COMMITTEES_PATH = /^\/eth\/v1\/beacon\/states\/[^/?]+\/committees\?epoch=(\d+)$/;

/** The epoch whose committees a REST path asks for; undefined for every other path. */
export function committeesEpochOf(path: string): number | undefined {
  const epoch = COMMITTEES_PATH.exec(path)?.[1];
  return epoch === undefined ? undefined : Number(epoch);
}

/** Reads a decoded committees answer, as a recording holds it; says in words what does not fit. */
export function readCommittees(
  body: unknown,
  of: { epoch: number; slotsPerEpoch: number },
): { committees: Committees; dependentRoot: string | null } | string {
  const { data, dependent_root } = (body ?? {}) as { data?: unknown; dependent_root?: unknown };
  if (!Array.isArray(data)) return "data is missing";
  const entries: CommitteeEntry[] = [];
  for (const item of data as readonly unknown[]) {
    const entry = readEntry(item);
    if (entry === undefined) return "a committee is incomplete or holds what is no unsigned integer";
    entries.push(entry);
  }
  const committees = createCommittees({ ...of, entries });
  if (typeof committees === "string") return committees;
  const root = rootSchema.safeParse(dependent_root);
  return { committees, dependentRoot: root.success ? root.data : null };
}

function readEntry(item: unknown): CommitteeEntry | undefined {
  const { slot, index, validators } = (item ?? {}) as Record<string, unknown>;
  if (!Array.isArray(validators)) return undefined;
  const [readSlot, readIndex] = [uint.safeParse(slot), uint.safeParse(index)];
  if (!readSlot.success || !readIndex.success) return undefined;
  const members: number[] = [];
  for (const validator of validators as readonly unknown[]) {
    const member = uint.safeParse(validator);
    if (!member.success) return undefined;
    members.push(member.data);
  }
  return { slot: readSlot.data, index: readIndex.data, validators: members };
}
