import { createHash } from "node:crypto";
import { routes } from "@lodestar/api";
import type { BeaconConfig } from "@lodestar/config";
import { ForkSeq, NUMBER_OF_COLUMNS } from "@lodestar/params";
import { fromHex } from "@lodestar/utils";
import { sleep } from "../../src/lib/sleep.ts";
import type { Events } from "./events.ts";
import { versionedHash } from "./versioned-hash.ts";

/** A block has blobs. The blobs and columns themselves are not sent: nothing here could tell a right one from a wrong one. */
export type BlobsNotice = { root: string; slot: number; commitments: readonly string[] };

/** What a node holds of the blobs: all of them in Electra, the columns of its custody groups since Fulu. */
export type Blobs = {
  /** How many custody groups the node has. */
  groupCount: number;
  /** Tells of each blob or column, one by one, as if each came by itself. */
  note(notice: BlobsNotice): Promise<void>;
};

/** `VALIDATOR_CUSTODY_REQUIREMENT` of fulu/validator.md, and one group more for each validator beyond. */
const LEAST_GROUPS = 8;
const MAX_PAUSE_MS = 15;

export function createBlobs(input: {
  config: BeaconConfig;
  name: string;
  validatorCount: number;
  events: Events;
}): Blobs {
  const { config, name, validatorCount, events } = input;
  const { EventType } = routes.events;
  const groupCount = Math.min(NUMBER_OF_COLUMNS, Math.max(LEAST_GROUPS, validatorCount));
  const rank = (index: number) => createHash("sha256").update(`${name} ${index}`).digest("hex");
  const custody = Array.from({ length: NUMBER_OF_COLUMNS }, (_, index) => index)
    .sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
    .slice(0, groupCount);

  const partsOf = ({ root: blockRoot, slot, commitments }: BlobsNotice): routes.events.BeaconEvent[] => {
    if (config.getForkSeq(slot) < ForkSeq.fulu) {
      return commitments.map((kzgCommitment, index) => ({
        type: EventType.blobSidecar,
        message: { blockRoot, index, slot, kzgCommitment, versionedHash: versionedHash(fromHex(kzgCommitment)) },
      }));
    }
    return custody.map((index) => ({
      type: EventType.dataColumnSidecar,
      message: { blockRoot, index, slot, kzgCommitments: [...commitments] },
    }));
  };

  return {
    groupCount,
    async note(notice) {
      for (const event of partsOf(notice)) {
        await sleep(Math.random() * MAX_PAUSE_MS);
        events.tell(event);
      }
    },
  };
}
