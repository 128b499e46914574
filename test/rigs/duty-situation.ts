import type { VoteData } from "../../src/events/vote.ts";
import { createDutyRig, type Sightings, validatorsOf } from "./duty-rig.ts";
import { aggregateOf, dataOf } from "./vote-rig.ts";

export const LABELS = "8-9 own @n1";
export const OWN = [8, 9];
export const OTHERS = validatorsOf(1).filter((validator) => !OWN.includes(validator));
export const RIGHT = dataOf(1, "a", "genesis");
export const STALE = dataOf(1, "genesis", "genesis");
const IN_TIME: Sightings = { n1: 500, n2: 500 };

type Told = { data: VoteData; validators: readonly number[]; node?: string; delayMs?: number };
type Carried = { data: VoteData; validators: readonly number[] };

/** What happened around slot 1, in which validators 8 to 15 vote; slots 2 to 5 have blocks unless they are left out. */
export type Situation = {
  labels?: string;
  down?: readonly string[];
  /** When the nodes had the block of slot 1, `a`. */
  seenA?: Sightings;
  /** A block beside it in slot 1 that the chain leaves. */
  left?: Sightings;
  votes: readonly Told[];
  /** By slot; a slot that is null has no block. */
  carries: Readonly<Record<number, readonly Carried[] | null>>;
  /** Slot 1 in which n1 says nothing, n2 does. */
  silent?: boolean;
};

export function happen({
  labels = LABELS,
  down = [],
  seenA = IN_TIME,
  left,
  votes,
  carries,
  silent = false,
}: Situation) {
  const rig = createDutyRig(labels, { down });
  rig.committees(0);
  rig.begin(0);
  rig.begin(1);
  if (left !== undefined) rig.tell({ name: "left", slot: 1, parent: "genesis", seen: left });
  rig.tell({ name: "a", slot: 1, parent: "genesis", seen: seenA });
  rig.hear("n2", 1, 700);
  if (!silent) rig.hear("n1", 1, 700);
  for (const vote of votes) rig.vote(vote);
  let parent = "a";
  for (let slot = 2; slot <= 5; slot += 1) {
    rig.begin(slot);
    const carried = carries[slot];
    if (carried === null) continue;
    rig.tell({
      name: `b${slot}`,
      slot,
      parent,
      carries: (carried ?? []).map(({ data, validators }) =>
        aggregateOf(
          data,
          validatorsOf(1).map((validator) => validators.includes(validator)),
        ),
      ),
    });
    parent = `b${slot}`;
    rig.head(parent);
  }
  rig.begin(6);
  return rig;
}

export const others = (data = RIGHT): Told => ({ data, validators: OTHERS, node: "n2" });
