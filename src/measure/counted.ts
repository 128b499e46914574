import type { EnrichedEvent, EnrichedVotes } from "../enrich/enrich.ts";
import { arrivalOf } from "./arrivals.ts";
import type { NodeSlots } from "./node-slots.ts";
import { contributionOf } from "./votes/contributions.ts";
import type { Votes } from "./votes/votes.ts";

/** What comes in numbers and is counted: votes, contributions, data columns. */
export type Counted = {
  /** True when the event was one of these, so that nothing else is told by it. */
  note(event: EnrichedEvent): boolean;
  noteVotes(votes: EnrichedVotes, floorSlot: number): void;
};

export function createCounted({ votes, nodeSlots }: { votes: Votes; nodeSlots: NodeSlots }): Counted {
  return {
    note(event) {
      const { node, slot, delayMs } = event;
      if (event.vote !== undefined) votes.note({ node, delayMs, vote: event.vote });
      const arrival = arrivalOf(event);
      if (arrival === undefined) return false;
      if (arrival === "columns" && !event.echo) {
        nodeSlots.noteColumn({ node, slot, root: String(event.fields["ethereum.block.root"]) });
      }
      if (arrival === "contributions") votes.noteContribution(contributionOf(event));
      nodeSlots.noteArrival({ node, slot, delayMs, arrival, count: 1 });
      return true;
    },
    noteVotes({ node, runs }, floorSlot) {
      for (const run of runs) {
        const { slot } = run.data;
        const { delayMs } = run;
        if (slot < floorSlot) continue;
        votes.note({ node, delayMs, vote: run });
        const count = run.validatorIndices.length;
        nodeSlots.noteArrival({ node, slot, delayMs, arrival: "single_attestations", count });
      }
    },
  };
}
