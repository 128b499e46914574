import type { FaultLine } from "../../devnet/fault-log.ts";
import type { GapRecord } from "../../src/events/derived.ts";
import { listed, type Row, sameItems } from "./row.ts";
import type { Told } from "./told.ts";
import { STAMP_TOLERANCE_MS, type Truth } from "./truth.ts";

/** A stream that was cut is opened again by the monitor after a pause of at most this, and its node's next event. */
const REOPENED_WITHIN_MS = 30_000;

/** The client that the monitor must recognise the nodes as, and how their version begins. */
export type ExpectedClient = { family: string; version: string };

/** Everything that happened against everything that the monitor says: slots, late blocks, reorgs, gaps, arrivals. */
export function compareWithTruth(input: {
  truth: Truth;
  told: Told;
  faults: readonly FaultLine[];
  client: ExpectedClient;
}): Row[] {
  const { truth, told, faults } = input;
  return [
    ...slotRows(truth, told),
    lateRow(truth, told),
    reorgRow(truth, told),
    gapRow(told.gaps, faults),
    arrivalRow({ truth, told, faults }),
    ...nodeRows(input),
  ];
}

function slotRows({ slots, firstSlot, lastSlot }: Truth, told: Told): Row[] {
  const inRange = told.slots.filter(({ slot }) => slot >= firstSlot && slot <= lastSlot);
  const short = (slot: number, root: string | null) => `${slot} ${root?.slice(0, 10)}`;
  return [
    sameItems({
      what: `proposed slots from ${firstSlot} to ${lastSlot}, with their blocks`,
      expected: slots.flatMap(({ slot, status, root }) => (status === "proposed" ? short(slot, root) : [])),
      found: inRange
        .flatMap(({ slot, status, block_root }) => (status === "proposed" ? short(slot, block_root) : []))
        .toReversed(),
    }),
    ...(["missed", "orphaned"] as const).map((status) =>
      sameItems({
        what: `${status} slots`,
        expected: slots.filter((slot) => slot.status === status).map(({ slot }) => String(slot)),
        found: inRange
          .filter((slot) => slot.status === status)
          .map(({ slot }) => String(slot))
          .toReversed(),
      }),
    ),
  ];
}

function lateRow({ slots, firstSlot, lastSlot }: Truth, told: Told): Row {
  const of = (lateness: string) => slots.filter((slot) => slot.lateness === lateness).map(({ slot }) => slot);
  const late = of("late");
  const near = of("near");
  const found = told.slots
    .filter((slot) => slot.late && slot.slot >= firstSlot && slot.slot <= lastSlot)
    .map(({ slot }) => slot)
    .sort((a, b) => a - b);
  return {
    what: "late slots",
    expected: listed(late) + (near.length > 0 ? ` (too close to call: ${listed(near)})` : ""),
    found: listed(found),
    ok: late.every((slot) => found.includes(slot)) && found.every((slot) => late.includes(slot) || near.includes(slot)),
  };
}

function reorgRow(truth: Truth, told: Told): Row {
  const text = (reorg: { root: string; slot: number; depth: number; nodes: readonly string[] }) =>
    `depth ${reorg.depth} from slot ${reorg.slot} (${reorg.root.slice(0, 10)}) on ${reorg.nodes.join(" ")}`;
  const inRange = ({ slot }: { slot: number }) => slot >= truth.firstSlot && slot <= truth.lastSlot;
  const found = told.reorgs.map(({ id, abandoned, depth, nodes }) => ({
    root: id,
    slot: abandoned[0]?.slot ?? -1,
    depth,
    nodes,
  }));
  return sameItems({
    what: "reorgs",
    expected: truth.reorgs.filter(inRange).map((reorg) => text({ ...reorg, root: reorg.firstAbandoned })),
    found: found.filter(inRange).map(text),
  });
}

type Cut = { node: string; fromMs: number; toMs: number };

export function cutsOf(faults: readonly FaultLine[]): Cut[] {
  return faults.flatMap((start) => {
    const end = faults.find(({ kind, node, t_ms }) => kind === "cut_end" && node === start.node && t_ms > start.t_ms);
    if (start.kind !== "cut_start" || end === undefined) return [];
    return [{ node: start.node ?? "", fromMs: start.t_ms, toMs: end.t_ms }];
  });
}

/** The gap that a cut made: it begins with the cut and ends once the node can be reached again. */
function gapOf({ node, fromMs, toMs }: Cut, gaps: readonly GapRecord[]): GapRecord | undefined {
  return gaps.find(
    (gap) =>
      gap.node === node &&
      Math.abs(gap.from_ms - fromMs) <= STAMP_TOLERANCE_MS &&
      gap.to_ms >= toMs &&
      gap.to_ms <= toMs + REOPENED_WITHIN_MS,
  );
}

function gapRow(gaps: readonly GapRecord[], faults: readonly FaultLine[]): Row {
  const cuts = cutsOf(faults);
  const text = (node: string, fromMs: number, toMs: number) => `${node} for ${((toMs - fromMs) / 1000).toFixed(1)} s`;
  return {
    what: "gaps",
    expected: listed(cuts.map(({ node, fromMs, toMs }) => `${text(node, fromMs, toMs)} at least`)),
    found: listed(gaps.map(({ node, from_ms, to_ms, cause }) => `${text(node, from_ms, to_ms)} (${cause})`)),
    ok: gaps.length === cuts.length && cuts.every((cut) => gapOf(cut, gaps) !== undefined),
  };
}

/** Whether a moment lies in a gap that a cut made, or so near to it that the monitor may have missed it. */
export function gapsMade(
  gaps: readonly GapRecord[],
  faults: readonly FaultLine[],
): (node: string, atMs: number) => boolean {
  const made = cutsOf(faults).map((cut) => ({
    node: cut.node,
    fromMs: cut.fromMs - STAMP_TOLERANCE_MS,
    toMs: STAMP_TOLERANCE_MS + (gapOf(cut, gaps)?.to_ms ?? cut.toMs),
  }));
  return (node, atMs) => made.some((gap) => gap.node === node && atMs >= gap.fromMs && atMs <= gap.toMs);
}

/** Each block on each node: outside of gaps nothing is missing, and the monitor's stamps are those of the witness. */
function arrivalRow(input: { truth: Truth; told: Told; faults: readonly FaultLine[] }): Row {
  const { truth, told, faults } = input;
  const inGap = gapsMade(told.gaps, faults);
  const toldMs = new Map<string, number>(
    told.slots.flatMap(({ start_ms, blocks }) =>
      blocks.flatMap(({ root, seen_ms }) =>
        Object.entries(seen_ms).map(([node, delayMs]) => [`${node} ${root}`, start_ms + delayMs] as const),
      ),
    ),
  );
  const seenMs = new Map<string, number>();
  for (const { node, root, slot, atMs } of truth.sightings) {
    if (slot < truth.firstSlot || slot > truth.lastSlot || inGap(node, atMs)) continue;
    if (!seenMs.has(`${node} ${root}`)) seenMs.set(`${node} ${root}`, atMs);
  }
  const found = [...seenMs].filter(([key]) => toldMs.has(key));
  const differences = found.map(([key, atMs]) => Math.abs(atMs - (toldMs.get(key) ?? 0))).sort((a, b) => a - b);
  const mostMs = differences.at(-1) ?? 0;
  const median = differences[Math.floor(differences.length / 2)] ?? 0;
  return {
    what: "arrivals of a block on a node",
    expected: `${seenMs.size}, within ${STAMP_TOLERANCE_MS} ms of the witness`,
    found: `${found.length}, within ${mostMs.toFixed(1)} ms (median ${median.toFixed(1)} ms)`,
    ok: found.length === seenMs.size && found.length > 0 && mostMs <= STAMP_TOLERANCE_MS,
  };
}

function nodeRows(input: { truth: Truth; told: Told; faults: readonly FaultLine[]; client: ExpectedClient }): Row[] {
  const { truth, told, faults, client } = input;
  const names = [...new Set(truth.sightings.map(({ node }) => node))].sort();
  const cuts = cutsOf(faults);
  return names.map((name) => {
    const node = told.nodes.find((one) => one.name === name);
    const headSlot = node?.head?.slot ?? -1;
    const wasCut = cuts.some((cut) => cut.node === name);
    const reconnects = node?.reconnects ?? -1;
    return {
      what: `node ${name} at the end`,
      expected: `streaming ${client.version}, head from slot ${truth.lastSlot}, opened again: ${wasCut ? "yes" : "no"}`,
      found: `${node?.state} ${node?.version}, head in slot ${headSlot}, opened again: ${reconnects > 0 ? "yes" : "no"}`,
      ok:
        node?.state === "streaming" &&
        node.client === client.family &&
        node.version?.startsWith(client.version) === true &&
        headSlot >= truth.lastSlot &&
        reconnects > 0 === wasCut,
    };
  });
}
