import type { FaultLine } from "../../devnet/fault-log.ts";
import type { Network } from "../../devnet/network.ts";
import { listed, type Row } from "./row.ts";
import type { Told } from "./told.ts";
import type { Truth } from "./truth.ts";

/**
 * Each fault of the plan must have shown in what the monitor says: a run in which nothing happened proves nothing.
 * What is expected follows from the fault alone, not from what the nodes or the witness tell.
 */
export function effectRows(input: {
  truth: Truth;
  told: Told;
  faults: readonly FaultLine[];
  network: Network;
  attestationDueMs: number;
}): Row[] {
  const { faults } = input;
  const starts = faults.filter(({ kind }) => kind.endsWith("_start"));
  return starts.flatMap((start) => {
    const word = start.kind.slice(0, -"_start".length);
    const end = faults.find(
      ({ kind, node, t_ms }) => kind === `${word}_end` && node === start.node && t_ms > start.t_ms,
    );
    const effect = EFFECTS[word];
    if (end === undefined || effect === undefined) return [];
    return [effect({ ...input, node: start.node ?? "", start, end })];
  });
}

/** There and back between two nodes of one machine when nothing is delayed: gossip, checks and import of a block. */
const UNDELAYED_MS = 300;

type Case = {
  truth: Truth;
  told: Told;
  faults: readonly FaultLine[];
  network: Network;
  attestationDueMs: number;
  node: string;
  start: FaultLine;
  end: FaultLine;
};

const EFFECTS: Readonly<Record<string, (fault: Case) => Row>> = {
  late({ told, attestationDueMs, ...fault }) {
    const startMs = (slot: number) => told.slots.find((one) => one.slot === slot)?.start_ms ?? Number.NaN;
    // A block cannot have come before it was let go.
    const held = proposalsOf(fault, "proposal_delayed")
      .filter(({ slot, atMs }) => atMs > startMs(slot) + attestationDueMs)
      .map(({ slot }) => slot);
    const found = told.slots.filter(({ slot, late, status }) => held.includes(slot) && (late || status === "missed"));
    return {
      what: `late: ${fault.node} held its blocks back`,
      expected: `late: ${listed(held)}`,
      found: `late: ${listed(found.map(({ slot }) => slot).toSorted(ascending))}`,
      ok: held.length > 0 && found.length === held.length && found.some(({ late }) => late),
    };
  },
  miss({ told, ...fault }) {
    const refused = proposalsOf(fault, "proposal_withheld").map(({ slot }) => slot);
    const { first, last } = fault.network.node(fault.node).validators;
    const found = told.slots
      .filter(({ slot, status }) => refused.includes(slot) && status === "missed")
      .sort((a, b) => a.slot - b.slot);
    const areOwn = found.every(({ proposer_index: index }) => index !== null && index >= first && index <= last);
    return {
      what: `miss: ${fault.node} could not propose`,
      expected: `missed: ${listed(refused)}, by validators from ${first} to ${last}`,
      found: `missed: ${listed(found.map(({ slot, proposer_index }) => `${slot} by ${proposer_index}`))}`,
      ok: refused.length > 0 && found.length === refused.length && areOwn,
    };
  },
  freeze({ told, node, start, end }) {
    // What the others had while it stood still it can have had only afterwards.
    const meanwhile = told.slots.flatMap(({ start_ms, blocks }) =>
      blocks
        .filter(({ seen_ms }) =>
          Object.entries(seen_ms).some(([other, delayMs]) => {
            const atMs = start_ms + delayMs;
            return other !== node && atMs > start.t_ms && atMs < end.t_ms;
          }),
        )
        .map(({ seen_ms }) => ({ own: seen_ms[node], start_ms })),
    );
    const afterwards = meanwhile.filter(({ own, start_ms }) => own !== undefined && start_ms + own >= end.t_ms);
    const proposal = told.slots.find(({ slot }) => slot === start["first_slot"]);
    const proposed = proposal?.status === "proposed" && !proposal.late ? "proposed in time" : "not proposed in time";
    return {
      what: `freeze: ${node} stood still`,
      expected: `${meanwhile.length} blocks on ${node} afterwards, its slot ${proposal?.slot} not proposed in time`,
      found: `${afterwards.length} blocks on ${node} afterwards, its slot ${proposal?.slot} ${proposed}`,
      ok: afterwards.length === meanwhile.length && proposed === "not proposed in time",
    };
  },
  partition({ truth, told, network, node, start, end }) {
    const { first, last } = network.node(node).validators;
    const isWithin = (slot: number) => slot > start.slot && slot < end.slot;
    const canonical = new Set(truth.slots.map(({ root }) => root));
    // With a block of the others in that time the node's own ones are left; without, they are taken over.
    const left = [...truth.headers.values()]
      .filter(({ slot, root }) => isWithin(slot) && !canonical.has(root))
      .filter(({ proposerIndex }) => proposerIndex >= first && proposerIndex <= last)
      .map(({ slot }) => slot);
    const found = told.reorgs
      .filter(({ nodes }) => nodes.includes(node))
      .flatMap(({ abandoned }) => abandoned.map(({ slot }) => slot))
      .filter((slot) => left.includes(slot));
    return {
      what: `partition: ${node} was alone`,
      expected: `${node} left its blocks of slots ${listed(left.toSorted(ascending))}`,
      found: `${node} left its blocks of slots ${listed(found.toSorted(ascending))}`,
      ok: found.length === left.length,
    };
  },
  slow({ told, node, start }) {
    // What the node sends is late, what it gets is not: there and back takes the delay more, apart from all biases.
    const delayMs = Number(start["ms"]);
    const pairs = (told.latencies.get(start.t_ms)?.pairs ?? []).filter(({ a, b }) => a === node || b === node);
    const found = pairs.flatMap(({ latency_ms, latency_error_ms }) =>
      latency_ms === null ? [] : { bothMs: 2 * latency_ms, errorMs: 2 * 1.96 * (latency_error_ms ?? 0) },
    );
    const isRight = ({ bothMs, errorMs }: (typeof found)[number]) =>
      bothMs + errorMs >= delayMs && bothMs - errorMs <= delayMs + UNDELAYED_MS;
    const drowned = pairs.length - found.length;
    return {
      what: `slow: what ${node} sent was held back`,
      expected: `${delayMs} ms there and back to another node, up to ${UNDELAYED_MS} ms more without it`,
      found:
        listed(found.map(({ bothMs, errorMs }) => `${bothMs.toFixed(0)} ± ${errorMs.toFixed(0)} ms`)) +
        (drowned > 0 ? `, ${drowned} said to drown in noise` : ""),
      ok: found.length > 0 && found.every(isRight),
    };
  },
  equivocate({ told, ...fault }) {
    const doubled = proposalsOf(fault, "proposal_doubled");
    const both = doubled.filter(({ slot, roots }) => {
      const seen = told.slots.find((one) => one.slot === slot)?.blocks.map(({ root }) => root) ?? [];
      return roots.length === 2 && roots.every((root) => seen.includes(root));
    });
    return {
      what: `equivocate: ${fault.node} signed two blocks`,
      expected: `two roots in slots: ${listed(doubled.map(({ slot }) => slot))}`,
      found: `two roots in slots: ${listed(both.map(({ slot }) => slot))}`,
      ok: doubled.length > 0 && both.length === doubled.length,
    };
  },
  skew({ told, network, node, start, end }) {
    const { first, last } = network.node(node).validators;
    const skewMs = Number(start["ms"]);
    const delays = told.slots
      .filter(
        ({ slot, status }) => slot >= Number(start["first_slot"]) && slot <= lastSlotOf(end) && status === "proposed",
      )
      .filter(({ proposer_index: index }) => index !== null && index >= first && index <= last)
      .map(({ blocks }) => Math.min(...blocks.flatMap(({ seen_ms }) => Object.values(seen_ms))));
    // A clock that is ahead proposes before the slot begins; one that is behind not before it believes it to.
    const isDue = (delayMs: number) => (skewMs > 0 ? delayMs < 0 : delayMs >= -skewMs);
    return {
      what: `skew: the clock of ${node} was ${Math.abs(skewMs)} ms ${skewMs > 0 ? "ahead" : "behind"}`,
      expected: `its blocks ${skewMs > 0 ? "before their slots" : `after ${-skewMs} ms`}`,
      found: listed(delays.map((delayMs) => `${delayMs.toFixed(0)} ms`)),
      ok: delays.length > 0 && delays.every(isDue),
    };
  },
  cut({ told, node, start, end }) {
    const found = told.gaps.filter((gap) => gap.node === node && gap.from_ms < end.t_ms && gap.to_ms > start.t_ms);
    return {
      what: `cut: ${node} could not be reached`,
      expected: "1 gap",
      found: `${found.length} gap${found.length === 1 ? "" : "s"}`,
      ok: found.length === 1,
    };
  },
};

/** The proposals that the fault hit, as they were noted. */
function proposalsOf({ faults, node, start, end }: Pick<Case, "faults" | "node" | "start" | "end">, kind: string) {
  return faults
    .filter(
      (line) =>
        line.kind === kind &&
        line.node === node &&
        line.t_ms > start.t_ms &&
        Number(line["proposal_slot"]) <= lastSlotOf(end),
    )
    .map((line) => ({
      slot: Number(line["proposal_slot"]),
      atMs: line.t_ms,
      roots: (line["roots"] ?? []) as readonly string[],
    }));
}

const lastSlotOf = (end: FaultLine) => Math.floor(end.slot);

const ascending = (a: number, b: number) => a - b;
