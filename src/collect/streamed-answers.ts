import { type CommitteeEntry, type Committees, createCommittees } from "../chain/committees.ts";
import { EFFECTIVE_BALANCE_INCREMENT_GWEI, type ValidatorSet } from "../chain/validator-set.ts";
import { createJsonScan } from "../lib/json-scan.ts";

/** Reads an answer from its bytes as they come; `end` gives what was read, or in words what does not fit. */
export type AnswerReader<T> = {
  /** Throws a `SyntaxError` where the bytes are no JSON. */
  push(chunk: Uint8Array): void;
  end(): T | string;
};

/** The depth of an entry's own keys: the answer, its `data`, the entry. */
const ENTRY_DEPTH = 3;

/**
 * Reads `/eth/v1/beacon/states/{id}/committees?epoch=…`: a mainnet answer lists a million validators.
 * Its form: beacon-APIs, `getEpochCommittees`.
 */
export function committeesReader(input: { epoch: number; slotsPerEpoch: number }): AnswerReader<Committees> {
  const entries: CommitteeEntry[] = [];
  let slot = Number.NaN;
  let index = Number.NaN;
  let validators: number[] | undefined;
  let key = "";
  let depth = 0;
  let misfit: string | undefined;

  const scan = createJsonScan({
    onOpen(kind) {
      depth += 1;
      if (depth === ENTRY_DEPTH && kind === "object") {
        slot = Number.NaN;
        index = Number.NaN;
        validators = undefined;
      } else if (depth === ENTRY_DEPTH + 1 && kind === "array" && key === "validators") validators = [];
    },
    onClose(kind) {
      if (depth === ENTRY_DEPTH && kind === "object") {
        if (Number.isNaN(slot) || Number.isNaN(index) || validators === undefined)
          misfit ??= "a committee is incomplete";
        else entries.push({ slot, index, validators });
      }
      depth -= 1;
    },
    onKey(text) {
      key = text;
    },
    onUint(value) {
      if (depth === ENTRY_DEPTH + 1) validators?.push(value);
      else if (depth === ENTRY_DEPTH && key === "slot") slot = value;
      else if (depth === ENTRY_DEPTH && key === "index") index = value;
    },
    onText() {
      if (depth > ENTRY_DEPTH) misfit ??= "a validator is no unsigned integer";
    },
  });
  return {
    push: scan.push,
    end() {
      scan.end();
      return misfit ?? createCommittees({ ...input, entries });
    },
  };
}

/** More indices than mainnet will have for many years; an index beyond would ask for its memory. */
const MAX_VALIDATORS = 1 << 24;

/**
 * Reads `/eth/v1/beacon/states/{id}/validators`, some hundred megabytes on mainnet. Public keys are kept of those in
 * `pubkeys` alone. Its form: beacon-APIs, `getStateValidators`.
 */
export function validatorsReader(pubkeys: ReadonlySet<string>): AnswerReader<ValidatorSet> {
  let balances = new Uint16Array(1 << 16);
  const byPubkey = new Map<string, number>();
  let highest = -1;
  let active = 0;
  let entry = { index: Number.NaN, isActive: false, effectiveGwei: Number.NaN, pubkey: "" };
  let key = "";
  let depth = 0;
  let misfit: string | undefined;

  const take = () => {
    const { index, isActive, effectiveGwei, pubkey } = entry;
    if (Number.isNaN(index) || Number.isNaN(effectiveGwei)) {
      misfit ??= "a validator has no index or no effective balance";
      return;
    }
    if (index >= MAX_VALIDATORS) {
      misfit ??= `a validator has the index ${index}`;
      return;
    }
    if (index >= balances.length) {
      const grown = new Uint16Array(Math.max(balances.length * 2, index + 1));
      grown.set(balances);
      balances = grown;
    }
    highest = Math.max(highest, index);
    if (isActive) {
      active += 1;
      balances[index] = Math.min(0xffff, Math.round(effectiveGwei / EFFECTIVE_BALANCE_INCREMENT_GWEI));
    }
    if (pubkey !== "") byPubkey.set(pubkey, index);
  };

  const scan = createJsonScan({
    onOpen(kind) {
      depth += 1;
      if (depth === ENTRY_DEPTH && kind === "object") {
        entry = { index: Number.NaN, isActive: false, effectiveGwei: Number.NaN, pubkey: "" };
      }
    },
    onClose(kind) {
      if (depth === ENTRY_DEPTH && kind === "object") take();
      depth -= 1;
    },
    onKey(text) {
      key = text;
    },
    onUint(value) {
      if (depth === ENTRY_DEPTH && key === "index") entry.index = value;
      else if (depth === ENTRY_DEPTH + 1 && key === "effective_balance") entry.effectiveGwei = value;
    },
    onText(textOf) {
      // `active_ongoing`, `active_exiting` and `active_slashed` stand in committees.
      if (depth === ENTRY_DEPTH && key === "status") entry.isActive = textOf().startsWith("active");
      else if (pubkeys.size > 0 && depth === ENTRY_DEPTH + 1 && key === "pubkey") {
        const pubkey = textOf().toLowerCase();
        if (pubkeys.has(pubkey)) entry.pubkey = pubkey;
      }
    },
  });
  return {
    push: scan.push,
    end() {
      scan.end();
      if (misfit === undefined && highest < 0) misfit = "there is no validator";
      return misfit ?? { effectiveBalances: balances.slice(0, highest + 1), active, byPubkey };
    },
  };
}
