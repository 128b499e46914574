import type { GapRecord } from "../../src/events/derived.ts";
import type { Envelope, EventEnvelope } from "../../src/events/envelope.ts";
import type { Random } from "../../src/lib/random.ts";
import type { Truth } from "./truth.ts";

/** What the nodes say when everything goes wrong, and which gaps that makes. */
export type Disturbed = {
  envelopes: readonly Envelope[];
  gaps: readonly GapRecord[];
  doubled: number;
  lies: number;
  stalls: number;
};

export type Span = { node: string; fromUs: number; toUs: number };

const LIE_TOPICS = ["block", "head", "chain_reorg", "no_such_topic", "attestation"];

/**
 * Cuts, stalls, doubles, swaps and lies. Cuts and stalls of one node do not overlap with those of another, so that
 * what one node does not tell, another does.
 */
export function disturb(input: { truth: Truth; random: Random }): Disturbed {
  const { truth, random } = input;
  const cuts = spans({ truth, random, count: 18, longestS: 600 });
  const stalls = spans({ truth, random, count: 12, longestS: 90, apartFrom: cuts });
  const within = (span: Span, envelope: Envelope) =>
    span.node === envelope.node && envelope.receivedAtUs >= span.fromUs && envelope.receivedAtUs < span.toUs;

  const envelopes: Envelope[] = [];
  let doubled = 0;
  for (const envelope of truth.envelopes) {
    if (envelope.kind !== "event") {
      envelopes.push(envelope);
      continue;
    }
    if (cuts.some((cut) => within(cut, envelope))) continue;
    const stall = stalls.find((span) => within(span, envelope));
    const told = stall === undefined ? envelope : { ...envelope, receivedAtUs: stall.toUs };
    envelopes.push(told);
    if (random.chance(0.08)) {
      doubled += 1;
      // Clients repeat an event at once, or minutes later.
      const laterUs = random.chance(0.5) ? random.integer(1, 50_000) : random.integer(60, 300) * 1_000_000;
      const echoUs = told.receivedAtUs + laterUs;
      if (echoUs < truth.endUs && !cuts.some((cut) => within(cut, { ...told, receivedAtUs: echoUs }))) {
        envelopes.push({ ...told, receivedAtUs: echoUs });
      } else doubled -= 1;
    }
  }
  for (const { node, fromUs, toUs } of cuts) {
    envelopes.push({ kind: "stream", node, receivedAtUs: fromUs, state: "closed", reason: "cut" });
    // While it is down every attempt fails: one gap, not many.
    for (let atUs = fromUs + 5_000_000; atUs < toUs; atUs += 20_000_000) {
      envelopes.push({ kind: "stream", node, receivedAtUs: atUs, state: "error", reason: "refused" });
    }
    envelopes.push({ kind: "stream", node, receivedAtUs: toUs, state: "open" });
  }
  const lies = Array.from({ length: 300 }, () => lie({ truth, random })).filter(
    (told) => !cuts.some((cut) => within(cut, told)),
  );
  envelopes.push(...lies);
  envelopes.sort((a, b) => a.receivedAtUs - b.receivedAtUs);
  swapNeighbours(envelopes, random);
  return {
    envelopes,
    gaps: cuts
      .map(
        ({ node, fromUs, toUs }): GapRecord => ({ node, from_ms: fromUs / 1000, to_ms: toUs / 1000, cause: "closed" }),
      )
      .sort((a, b) => a.from_ms - b.from_ms),
    doubled,
    lies: lies.length,
    stalls: stalls.length,
  };
}

/** Spans without overlap over all nodes, at least a slot apart. */
export function spans(input: {
  truth: Truth;
  random: Random;
  count: number;
  shortestS?: number;
  longestS: number;
  apartFrom?: readonly Span[];
}): Span[] {
  const { truth, random, count, shortestS = 1, longestS, apartFrom = [] } = input;
  const found: Span[] = [];
  const first = truth.chain.slotStartUs(3);
  for (let attempt = 0; attempt < 1000 && found.length < count; attempt += 1) {
    const fromUs = first + Math.floor(random.next() * (truth.endUs - first - longestS * 1e6 - 60e6));
    const toUs = fromUs + random.integer(shortestS, longestS) * 1_000_000;
    const clear = [...found, ...apartFrom].every((span) => toUs + 13e6 < span.fromUs || fromUs - 13e6 > span.toUs);
    if (clear) found.push({ node: random.pick(truth.nodes), fromUs, toUs });
  }
  return found;
}

/** Something that is not so: it must change nothing. */
function lie(input: { truth: Truth; random: Random }): EventEnvelope {
  const { truth, random } = input;
  const topic = random.pick(LIE_TOPICS);
  const receivedAtUs =
    truth.chain.slotStartUs(2) + Math.floor(random.next() * (truth.endUs - truth.chain.slotStartUs(4)));
  const slot = truth.chain.slotAt(receivedAtUs);
  const text = random.pick([
    "null",
    "<html>502 Bad Gateway</html>",
    '{"slot":"18446744073709551615","block":"0x00"}',
    JSON.stringify({ slot: String(slot + 100_000_000), block: `0x${"ab".repeat(32)}`, execution_optimistic: false }),
    "[]",
    '{"slot":{"deep":[1,2,3]}}',
  ]);
  if (topic !== "chain_reorg") return { kind: "event", node: random.pick(truth.nodes), receivedAtUs, topic, text };
  const root = () =>
    `0x${random
      .integer(1, 2 ** 40)
      .toString(16)
      .padStart(64, "0")}`;
  const reorg = {
    slot: String(slot),
    depth: "18446744073709551614",
    old_head_block: root(),
    new_head_block: root(),
    old_head_state: root(),
    new_head_state: root(),
    epoch: "1",
    execution_optimistic: false,
  };
  return { kind: "event", node: random.pick(truth.nodes), receivedAtUs, topic, text: JSON.stringify(reorg) };
}

/** Events of one node that come within 50 ms may come the other way round: their stamps stay in order. */
function swapNeighbours(envelopes: Envelope[], random: Random): void {
  for (let index = 1; index < envelopes.length; index += 1) {
    const [a, b] = [envelopes[index - 1], envelopes[index]];
    if (a?.kind !== "event" || b?.kind !== "event" || a.node !== b.node) continue;
    if (b.receivedAtUs - a.receivedAtUs > 50_000 || !random.chance(0.5)) continue;
    envelopes[index - 1] = { ...b, receivedAtUs: a.receivedAtUs };
    envelopes[index] = { ...a, receivedAtUs: b.receivedAtUs };
  }
}
