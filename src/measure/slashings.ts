import type { Chain } from "../chain/chain.ts";
import type { EnrichedEvent } from "../enrich/enrich.ts";
import type { BlockRecord } from "../events/block/block-record.ts";
import type { SlashingKind, SlashingRecord } from "../events/slashing-record.ts";
import type { MeasureUpdate } from "./measure-update.ts";
import type { Votes } from "./votes/votes.ts";

export type Slashings = {
  /** True when the event was one of a slashing. */
  noteEvent(event: Pick<EnrichedEvent, "topic" | "node" | "receivedAtUs" | "fields">): boolean;
  noteBlock(block: Pick<BlockRecord, "slot" | "start_ms" | "proposers_slashed" | "attesters_slashed">): void;
  /** What blocks before this slot carry was news before. */
  watchFrom(slot: number): void;
  changed(): Extract<MeasureUpdate, { dataset: "slashing" }>[];
};

type Told = {
  kind: SlashingKind;
  validator: number;
  atMs: number;
  slot?: number | undefined;
  node?: string;
  includedSlot?: number;
};

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A network whose validators are slashed by the ten thousand is told of as far as this. */
const MOST = 100_000;

/** Each slashed validator once, whoever tells of it. */
export function createSlashings(input: {
  chain: Pick<Chain, "epochOf" | "slotAt">;
  groupOf(validator: number): string | undefined;
  votes: Pick<Votes, "book">;
}): Slashings {
  const { chain, groupOf, votes } = input;
  const records = new Map<string, SlashingRecord>();
  const dirty = new Set<string>();
  /** When each became known, in the order in which they did. */
  const times: number[] = [];
  let firstSlot = Number.NEGATIVE_INFINITY;

  const within = (spanMs: number, atMs: number) => {
    let count = 0;
    for (let i = times.length - 1; i >= 0 && (times[i] ?? 0) > atMs - spanMs; i -= 1) count += 1;
    return count;
  };

  const shareOf = (count: number, atMs: number): number | null => {
    const active = votes.book(chain.epochOf(chain.slotAt(atMs * 1000)))?.table.committees.validators.length;
    return active === undefined ? null : count / active;
  };

  const note = ({ kind, validator, atMs, slot, node, includedSlot }: Told) => {
    const id = `${kind}/${validator}`;
    const known = records.get(id);
    if (known === undefined && records.size >= MOST) return;
    if (known === undefined) times.push(atMs);
    const inDay = known?.in_day ?? within(DAY_MS, atMs);
    const record: SlashingRecord = {
      id,
      kind,
      validator,
      group: groupOf(validator) ?? null,
      slot: known?.slot ?? slot ?? null,
      at_ms: known?.at_ms ?? atMs,
      nodes: [...new Set([...(known?.nodes ?? []), ...(node === undefined ? [] : [node])])].sort(),
      included_slot: known?.included_slot ?? includedSlot ?? null,
      in_hour: known?.in_hour ?? within(HOUR_MS, atMs),
      in_day: inDay,
      share_of_day: known?.share_of_day ?? shareOf(inDay, atMs),
    };
    if (known !== undefined && JSON.stringify(known) === JSON.stringify(record)) return;
    records.set(id, record);
    dirty.add(id);
  };

  return {
    noteEvent({ topic, node, receivedAtUs, fields }) {
      if (topic !== "proposer_slashing" && topic !== "attester_slashing") return false;
      const kind = topic === "proposer_slashing" ? "proposer" : "attester";
      const told = kind === "proposer" ? [fields["ethereum.validator.index"]] : fields["ethereum.slashing.validators"];
      const slot = fields["ethereum.slashing.slot"];
      for (const validator of Array.isArray(told) ? told : []) {
        if (typeof validator !== "number") continue;
        const signedSlot = typeof slot === "number" ? slot : undefined;
        note({ kind, validator, atMs: receivedAtUs / 1000, slot: signedSlot, node });
      }
      return true;
    },
    noteBlock({ slot, start_ms, proposers_slashed, attesters_slashed }) {
      if (slot < firstSlot) return;
      const carried = { atMs: start_ms, includedSlot: slot };
      for (const validator of proposers_slashed) note({ kind: "proposer", validator, ...carried });
      for (const validator of attesters_slashed) note({ kind: "attester", validator, ...carried });
    },
    watchFrom(slot) {
      firstSlot = slot;
    },
    changed() {
      const changed = [...dirty].flatMap((id) => records.get(id) ?? []);
      dirty.clear();
      return changed.map((record) => ({ dataset: "slashing", record }));
    },
  };
}
