import type { EnrichedEvent } from "../enrich/enrich.ts";
import type { Stage } from "./block-tree.ts";
import type { Arrival } from "./node-slots.ts";

/** The stage of a block's way through a node that a topic tells of. */
export const STAGE_OF_TOPIC: Readonly<Record<string, Stage>> = {
  block_gossip: "gossipUs",
  block: "importUs",
  head: "headUs",
  head_v2: "headUs",
};

const ARRIVAL_OF_TOPIC: Readonly<Record<string, Arrival>> = {
  single_attestation: "single_attestations",
  attestation: "aggregates",
  contribution_and_proof: "contributions",
  data_column_sidecar: "columns",
  payload_attestation_message: "payload_attestations",
};

/** As what an event is counted; undefined for what does not come in numbers. */
export function arrivalOf({ topic, fields }: Pick<EnrichedEvent, "topic" | "fields">): Arrival | undefined {
  const arrival = ARRIVAL_OF_TOPIC[topic];
  // Some clients send single attestations on the topic of aggregates.
  const single = arrival === "aggregates" && fields["ethereum.validator.index"] !== undefined;
  return single ? "single_attestations" : arrival;
}
