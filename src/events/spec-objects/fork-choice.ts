import { z } from "zod";
import { root, uint, uint64 } from "../primitives.ts";
import { checkpoint } from "./attestation.ts";

/**
 * One node of the API's `debug/fork_choice`. The unit of `weight` is the client's own: Gwei, or increments of it.
 * `extra_data` is for what a client likes to add, in any form.
 */
export const forkChoiceNode = z.object({
  slot: uint,
  block_root: root,
  parent_root: root,
  justified_epoch: uint64,
  finalized_epoch: uint64,
  weight: uint64,
  validity: z.enum(["valid", "invalid", "optimistic"]),
  execution_block_hash: root,
  extra_data: z.record(z.string(), z.unknown()).optional(),
});

/** The API's `debug/fork_choice`, whose answer has no `data` around it. */
export const forkChoice = z.object({
  justified_checkpoint: checkpoint,
  finalized_checkpoint: checkpoint,
  fork_choice_nodes: z.array(forkChoiceNode),
});
