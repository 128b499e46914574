import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** Votes of one epoch, counted by validator straight from the lines of a recording, without any of the product's code. */
export type NaiveEpoch = {
  active: number;
  /** Validators whose vote a stream told of: by any node, and by each; over those the slot of their vote. */
  seen: Map<number, number>;
  seenBy: Record<string, Set<number>>;
  /** Smallest delay of a single vote over all nodes, ms. */
  delayMs: Map<number, number>;
  /** Smallest inclusion delay in any block of these roots, slots. */
  included: Map<number, number>;
};

type Json = Record<string, never>;
type Line = { recv_ms: number; node: string; event: string; data: Json };

export function naiveVotes(directory: string, canonical: ReadonlySet<string>): Map<number, NaiveEpoch> {
  const meta = JSON.parse(readFileSync(join(directory, "meta.json"), "utf8"));
  const slotsPerEpoch = Number(meta.config_spec.SLOTS_PER_EPOCH);
  const slotMs = Number(meta.config_spec.SLOT_DURATION_MS);
  const lines: Line[] = gunzipSync(readFileSync(join(directory, "events.jsonl.gz")))
    .toString()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

  const epochs = new Map<number, NaiveEpoch>();
  const committees = new Map<string, number[]>();
  for (const { event, data } of lines) {
    const { path, body } = data as unknown as { path: string; body: { data: Json[] } };
    if (event !== "_rest" || !path.includes("/committees")) continue;
    const epoch = Number(path.split("=")[1]);
    const members = body.data.flatMap((committee) => {
      const { slot, index, validators } = committee as unknown as { slot: string; index: string; validators: string[] };
      committees.set(`${slot}/${index}`, validators.map(Number));
      return validators;
    });
    epochs.set(epoch, {
      active: members.length,
      seen: new Map(),
      seenBy: {},
      delayMs: new Map(),
      included: new Map(),
    });
  }

  const bit = (hex: string, index: number) =>
    (Number.parseInt(hex.substr(2 + 2 * (index >> 3), 2), 16) >> (index & 7)) & 1;
  const voters = (attestation: { data: { slot: string }; aggregation_bits: string; committee_bits: string }) => {
    const found: number[] = [];
    let offset = 0;
    for (let index = 0; index < (attestation.committee_bits.length - 2) * 4; index += 1) {
      if (bit(attestation.committee_bits, index) === 0) continue;
      for (const validator of committees.get(`${attestation.data.slot}/${index}`) ?? []) {
        if (bit(attestation.aggregation_bits, offset) === 1) found.push(validator);
        offset += 1;
      }
    }
    return found;
  };

  for (const { recv_ms, node, event, data } of lines) {
    if (event === "single_attestation" || event === "attestation") {
      const attestation = data as unknown as Parameters<typeof voters>[0] & { attester_index?: string };
      const slot = Number(attestation.data.slot);
      const epoch = epochs.get(Math.floor(slot / slotsPerEpoch));
      const single = attestation.attester_index;
      for (const validator of single === undefined ? voters(attestation) : [Number(single)]) {
        if (epoch === undefined) continue;
        if (!epoch.seen.has(validator)) epoch.seen.set(validator, slot);
        epoch.seenBy[node] ??= new Set();
        epoch.seenBy[node].add(validator);
        if (single === undefined) continue;
        const delayMs = recv_ms - meta.genesis_time * 1000 - slot * slotMs;
        epoch.delayMs.set(validator, Math.min(delayMs, epoch.delayMs.get(validator) ?? Number.POSITIVE_INFINITY));
      }
    }
    const { path = "", body } = data as unknown as { path?: string; body?: unknown };
    const root = path.split("/").at(-1) ?? "";
    if (event !== "_rest" || !path.startsWith("/eth/v2/beacon/blocks/") || !canonical.has(root)) continue;
    const { slot, body: inner } = (body as { data: { message: { slot: string; body: unknown } } }).data.message;
    for (const attestation of (inner as { attestations: Parameters<typeof voters>[0][] }).attestations) {
      const voted = Number(attestation.data.slot);
      const epoch = epochs.get(Math.floor(voted / slotsPerEpoch));
      for (const validator of voters(attestation)) {
        const delay = Number(slot) - voted;
        epoch?.included.set(validator, Math.min(delay, epoch.included.get(validator) ?? delay));
      }
    }
  }
  return epochs;
}
