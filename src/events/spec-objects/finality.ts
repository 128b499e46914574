import { z } from "zod";
import { root, uint } from "../primitives.ts";

/** A checkpoint of a state, unlike one that a vote names: its epoch is one that was. */
const reachedCheckpoint = z.object({ epoch: uint, root });

/** The API's `states/{id}/finality_checkpoints`. */
export const finalityCheckpoints = z.object({
  previous_justified: reachedCheckpoint,
  current_justified: reachedCheckpoint,
  finalized: reachedCheckpoint,
});
