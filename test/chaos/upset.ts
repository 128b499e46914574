import type { Random } from "../../src/lib/random.ts";
import type { Span } from "./disturb.ts";
import { spans } from "./disturb.ts";
import { rootOf, type Truth } from "./truth.ts";

/** How a node's event stream is refused while it is cut. */
export const REFUSALS = [
  { status: 200, raw: "<html><body>Welcome to nginx</body></html>" },
  { status: 502, raw: "<html>502 Bad Gateway</html>" },
  { status: 200, body: { data: "no event stream" } },
  { status: 503, body: { code: 503, message: "Node is syncing" } },
] as const;

/** What is said to a node's face, and when; by time. */
export type Upset =
  | { kind: "event"; atUs: number; node: string; topic: string; text: string; split: boolean }
  /** A record that is no truth: it must end in quarantine. */
  | { kind: "lie"; atUs: number; node: string; topic: string; text: string }
  | { kind: "cut"; atUs: number; node: string; insideRecord: boolean; refusal: number }
  | { kind: "mend"; atUs: number; node: string }
  /** The stream stays open and tells nothing, until the monitor opens another. */
  | { kind: "stall"; atUs: number; node: string }
  /** A further node turns up with the data of another network. */
  | { kind: "move"; atUs: number }
  /** The clock comes to the end of a slot: by now the polls of the slot are due. */
  | { kind: "slot"; atUs: number; slot: number };

const LIE_TEXTS = ["null", "<html>502 Bad Gateway</html>", '{"slot":"18446744073709551615","block":"0x00"}', "[]"];

/** When nodes are cut and stalled, what they double, swap, split and invent. */
export function upset(input: { truth: Truth; random: Random; cuts: number; stalls: number; lies: number }): Upset[] {
  const { truth, random } = input;
  const cuts = spans({ truth, random, count: input.cuts, longestS: 400 });
  // Long enough for the silence to be noticed; what is told after that is not withheld.
  const stalls = spans({ truth, random, count: input.stalls, shortestS: 200, longestS: 200, apartFrom: cuts });
  const near = (all: readonly Span[], { node, atUs }: { node: string; atUs: number }) =>
    all.some((span) => span.node === node && atUs > span.fromUs - 30e6 && atUs < span.toUs + 30e6);

  const upsets: Upset[] = [];
  const heads = new Map<string, string>();
  for (const envelope of truth.envelopes) {
    if (envelope.kind !== "event") continue;
    const { node, receivedAtUs: atUs, topic, text } = envelope;
    const told = { kind: "event", node, topic, text } as const;
    upsets.push({ ...told, atUs, split: random.chance(0.05) });
    if (topic === "head") {
      const newHead = JSON.parse(text) as { slot: string; block: string };
      const oldRoot = heads.get(node);
      heads.set(node, newHead.block);
      if (oldRoot !== undefined && random.chance(0.1))
        upsets.push({ kind: "event", node, atUs, split: false, ...falseReorg({ newHead, oldRoot, random }) });
    }
    // Clients repeat an event at once, or minutes later.
    if (!random.chance(0.08)) continue;
    const againUs = atUs + (random.chance(0.5) ? random.integer(1, 50_000) : random.integer(60, 300) * 1_000_000);
    const apart = !near(cuts, { node, atUs }) && !near(stalls, { node, atUs });
    const stillApart = !near(cuts, { node, atUs: againUs }) && !near(stalls, { node, atUs: againUs });
    if (apart && stillApart && againUs < truth.endUs) upsets.push({ ...told, atUs: againUs, split: false });
  }
  const first = truth.chain.slotStartUs(2);
  for (let lie = 0; lie < input.lies; lie += 1) {
    const at = { node: random.pick(truth.nodes), atUs: first + Math.floor(random.next() * (truth.endUs - first)) };
    const slot = truth.chain.slotAt(at.atUs);
    const ahead = JSON.stringify({
      slot: String(slot + 100_000_000),
      block: `0x${"ab".repeat(32)}`,
      execution_optimistic: false,
    });
    const topic = random.pick(["block", "head", "no_such_topic", "attestation"]);
    const text = random.pick([...LIE_TEXTS, ahead]);
    if (!near(cuts, at) && !near(stalls, at)) upsets.push({ kind: "lie", ...at, topic, text });
  }
  for (const { node, fromUs, toUs } of cuts) {
    const refusal = random.integer(0, REFUSALS.length - 1);
    upsets.push({ kind: "cut", atUs: fromUs, node, insideRecord: random.chance(0.5), refusal });
    upsets.push({ kind: "mend", atUs: toUs, node });
  }
  for (const { node, fromUs } of stalls) upsets.push({ kind: "stall", atUs: fromUs, node });
  upsets.push({ kind: "move", atUs: truth.chain.slotStartUs(random.integer(50, 100)) });
  for (let slot = 1; truth.chain.slotStartUs(slot + 1) < truth.endUs; slot += 1)
    upsets.push({ kind: "slot", atUs: truth.chain.slotStartUs(slot + 1) - 1000, slot });
  upsets.sort((a, b) => a.atUs - b.atUs);
  swapNeighbours(upsets, random);
  return upsets;
}

/** A reorg that was none, or one of another depth. */
function falseReorg(input: { newHead: { slot: string; block: string }; oldRoot: string; random: Random }) {
  const { newHead, oldRoot, random } = input;
  const data = {
    slot: newHead.slot,
    depth: random.pick(["0", "7", "18446744073709551614"]),
    old_head_block: oldRoot,
    new_head_block: newHead.block,
    old_head_state: rootOf("state of the old head"),
    new_head_state: rootOf("state of the new head"),
    epoch: String(Math.floor(Number(newHead.slot) / 32)),
    execution_optimistic: false,
  };
  return { topic: "chain_reorg", text: JSON.stringify(data) };
}

/** Events of one node that come within 50 ms may come the other way round: their moments stay. */
function swapNeighbours(upsets: Upset[], random: Random): void {
  for (let index = 1; index < upsets.length; index += 1) {
    const [a, b] = [upsets[index - 1], upsets[index]];
    if (a?.kind !== "event" || b?.kind !== "event" || a.node !== b.node) continue;
    if (b.atUs - a.atUs > 50_000 || !random.chance(0.5)) continue;
    upsets[index - 1] = { ...b, atUs: a.atUs };
    upsets[index] = { ...a, atUs: b.atUs };
  }
}
