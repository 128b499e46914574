import type { FaultLine } from "../../devnet/fault-log.ts";
import { listed, type Row } from "./row.ts";
import type { Told } from "./told.ts";
import type { Truth } from "./truth.ts";
import type { RawEvent } from "./witness.ts";

/** Votes are counted once a validator, as the witness heard them; while a node stands still its validators' are missing. */
export function voteRows(input: {
  rawEvents: readonly RawEvent[];
  truth: Truth;
  told: Told;
  faults: readonly FaultLine[];
}): Row[] {
  const { truth, told, faults } = input;
  const heard = heardBySlot(input.rawEvents);
  const judged = told.votes.filter(({ slot }) => slot >= truth.firstSlot && slot <= truth.lastSlot);
  const wrong = judged.filter(
    ({ slot, seen, untimed }) => seen === null || seen - (untimed ?? 0) !== (heard.get(slot)?.size ?? 0),
  );
  const total = judged.reduce((sum, { slot }) => sum + (heard.get(slot)?.size ?? 0), 0);
  return [
    {
      what: "votes by slot",
      expected: `${total} single votes in ${truth.lastSlot - truth.firstSlot + 1} slots`,
      found: `${judged.length} slots, other counts in slots: ${listed(wrong.map(({ slot }) => slot))}`,
      ok: total > 0 && wrong.length === 0 && judged.length === truth.lastSlot - truth.firstSlot + 1,
    },
    ...faults.filter(({ kind }) => kind === "freeze_start").map((start) => frozenRow({ start, heard, told, faults })),
  ];
}

function frozenRow(input: {
  start: FaultLine;
  heard: ReadonlyMap<number, ReadonlySet<string>>;
  told: Told;
  faults: readonly FaultLine[];
}): Row {
  const { start, heard, told, faults } = input;
  const end = faults.find(({ kind, node, t_ms }) => kind === "freeze_end" && node === start.node && t_ms > start.t_ms);
  // What was to be voted in its last slot the node may still send when it goes on.
  const frozen = told.votes.filter(({ slot }) => slot >= start.slot && slot + 2 <= (end?.slot ?? 0));
  const silent = frozen.reduce((sum, { slot, expected }) => sum + expected - (heard.get(slot)?.size ?? 0), 0);
  const missing = frozen.reduce((sum, record) => sum + (record.missing ?? 0), 0);
  return {
    what: `freeze: participation fell by ${start.node}'s share`,
    expected: `${silent} votes missing in slots ${listed(frozen.map(({ slot }) => slot))}`,
    found: `${missing} missing`,
    ok: frozen.length > 0 && silent > 0 && missing === silent,
  };
}

/** The validators whose single vote any node told the witness of, by slot. */
function heardBySlot(rawEvents: readonly RawEvent[]): Map<number, Set<string>> {
  const heard = new Map<number, Set<string>>();
  for (const { topic, data } of rawEvents) {
    if (topic !== "single_attestation") continue;
    const vote = data as { attester_index: string; data: { slot: string } };
    const slot = Number(vote.data.slot);
    const validators = heard.get(slot) ?? new Set<string>();
    heard.set(slot, validators.add(vote.attester_index));
  }
  return heard;
}
