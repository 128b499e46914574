import { z } from "zod";
import { root, signature, uint } from "../primitives.ts";

/** `BeaconBlockHeader`. */
export const beaconBlockHeader = z.object({
  slot: uint,
  proposer_index: uint,
  parent_root: root,
  state_root: root,
  body_root: root,
});

/** `SignedBeaconBlockHeader`. */
export const signedBeaconBlockHeader = z.object({ message: beaconBlockHeader, signature });
