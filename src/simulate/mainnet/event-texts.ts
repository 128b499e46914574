import type { VoteWords } from "./slot-plan.ts";

/** One event in the stream's form. */
export function eventText(topic: string, data: unknown): string {
  return `event: ${topic}\ndata: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
}

/** 96 bytes that look like a signature; `number` makes it one of its own. */
export function signatureOf(number: number): string {
  return `0x${number.toString(16).padStart(8, "0")}${SIGNATURE_REST}`;
}

const SIGNATURE_REST = "92dd068a25452ccac3d728f9218d3099".repeat(6).slice(8);

/** `AttestationData` from Electra on, as JSON: its index is 0. */
export function attestationData(slot: number, { head, source, target }: VoteWords): object {
  const checkpoint = ({ epoch, root }: VoteWords["source"]) => ({ epoch: String(epoch), root });
  return {
    slot: String(slot),
    index: "0",
    beacon_block_root: head,
    source: checkpoint(source),
    target: checkpoint(target),
  };
}

/** Makes `single_attestation` events of one slot that say the same: only the voter differs. */
export function singleVoteText(slot: number, words: VoteWords): (committee: number, validator: number) => string {
  const data = JSON.stringify(attestationData(slot, words));
  return (committee, validator) =>
    `event: single_attestation\ndata: {"committee_index":"${committee}","attester_index":"${validator}","data":${data},"signature":"${signatureOf(validator)}"}\n\n`;
}
