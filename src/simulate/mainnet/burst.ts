import { singleVoteText } from "./event-texts.ts";
import type { SimulatedChain } from "./simulated-chain.ts";
import type { Chunk } from "./slot-events.ts";
import { type SlotPlan, VOTE } from "./slot-plan.ts";

const CHUNK_MS = 20;

/**
 * So many votes a second, evenly over the nodes, from the beginning of `slot` on: those of the slots before it, from
 * the newest back, as a node tells them that catches up. Made as they are taken.
 */
export function* burstChunks(input: {
  chain: SimulatedChain;
  planOf(slot: number): SlotPlan;
  nodes: number;
  slot: number;
  eventsASecond: number;
  seconds: number;
}): Generator<Chunk & { node: number }> {
  const { chain, planOf, nodes, slot, eventsASecond, seconds } = input;
  const total = Math.round(eventsASecond * seconds);
  const startMs = chain.slotStartMs(slot);
  const texts = pastVotes(planOf, slot - 1);
  let made = 0;
  for (let chunk = 1; made < total; chunk += 1) {
    const due = Math.min(total, Math.round((eventsASecond * chunk * CHUNK_MS) / 1000));
    let text = "";
    const events = due - made;
    for (; made < due; made += 1) text += texts.next().value;
    const atMs = startMs + (chunk - 1) * CHUNK_MS;
    if (events > 0)
      yield {
        node: chunk % nodes,
        atMs,
        topic: "single_attestation",
        bytes: Buffer.from(text, "latin1"),
        events,
      };
  }
}

function* pastVotes(planOf: (slot: number) => SlotPlan, from: number): Generator<string, never> {
  for (let slot = from; ; slot -= 1) {
    const { committees, data } = planOf(slot);
    const right = singleVoteText(slot, data.right);
    const parent = singleVoteText(slot, data.parent);
    for (const [index, { validators, votes }] of committees.entries()) {
      for (const [seat, vote] of votes.entries()) {
        if (vote !== VOTE.none) yield (vote === VOTE.right ? right : parent)(index, validators[seat] as number);
      }
    }
  }
}
