import type { GapRecord } from "../../src/events/derived.ts";
import type { SteppedMonitor } from "../rigs/stepped-monitor.ts";
import { until } from "../rigs/until.ts";
import type { Face } from "./faces.ts";
import { REFUSALS, type Upset } from "./upset.ts";

/** What was done to the monitor, as it must be found in what it stored. */
export type Played = { gaps: GapRecord[]; echoes: number; lies: number };

type NodeState = {
  cutFromUs: number | undefined;
  stall: { slots: number; reconnects: number; headSlot: number } | undefined;
  /** The newest head, whether or not it was told. */
  head: { root: string; slot: number };
  heardUs: number;
  told: Set<string>;
};

/** So many slots of silence the watchdog must notice. */
const NOTICED_SLOTS = 5;

const HEAD_PATH = "/eth/v1/beacon/headers/head";

/** Plays what was planned, each at its moment: the clock stands still until the monitor has taken it. */
export async function play(input: {
  monitor: SteppedMonitor;
  faces: ReadonlyMap<string, Face>;
  upsets: readonly Upset[];
  move(): Promise<void>;
}): Promise<Played> {
  const { monitor, faces, upsets, move } = input;
  const played: Played = { gaps: [], echoes: 0, lies: 0 };
  const states = new Map<string, NodeState>();
  for (const name of faces.keys())
    states.set(name, {
      cutFromUs: undefined,
      stall: undefined,
      heardUs: 0,
      head: { root: "", slot: 0 },
      told: new Set(),
    });

  const of = (name: string): { face: Face; state: NodeState } => {
    const [face, state] = [faces.get(name), states.get(name)];
    if (face === undefined || state === undefined) throw new Error(`There is no face ${name}.`);
    return { face, state };
  };
  const isStreaming = (name: string) => monitor.node(name).state === "streaming" && of(name).face.streams() === 1;

  const sendSplit = async (name: string, atUs: number, record: Buffer) => {
    const { face } = of(name);
    const half = Math.floor(record.length / 2);
    await monitor.receiveBytes(name, half, () => face.emitBytes(record.subarray(0, half)));
    monitor.passTo(atUs);
    await monitor.receive(name, 1, () => face.emitBytes(record.subarray(half)));
  };

  const tell = async ({ node, atUs, topic, text, split }: Extract<Upset, { kind: "event" }>) => {
    const { face, state } = of(node);
    if (topic === "head") {
      const { block, slot } = JSON.parse(text) as { block: string; slot: string };
      // A head that is told again is an echo: over REST the node stays with its newest.
      if (Number(slot) > state.head.slot) {
        state.head = { root: block, slot: Number(slot) };
        if (state.stall === undefined) face.turnTo(block, Number(slot));
      }
    }
    if (state.cutFromUs !== undefined || state.stall !== undefined) return;
    const record = Buffer.from(`event: ${topic}\ndata: ${text}\n\n`);
    if (split) await sendSplit(node, atUs, record);
    else {
      monitor.passTo(atUs);
      await monitor.receive(node, 1, () => face.emitBytes(record));
    }
    const key = `${topic} ${text}`;
    if (state.told.has(key)) played.echoes += 1;
    state.told.add(key);
    state.heardUs = atUs;
  };

  /** The watchdog opens a stream anew that is silent while its node's head moves. */
  const watchStalls = async (atUs: number) => {
    for (const [name, state] of states) {
      const { stall, head } = state;
      if (stall === undefined) continue;
      const { face } = of(name);
      stall.slots += 1;
      if (stall.slots === 1) {
        monitor.passTo(atUs);
        const asked = face.count(HEAD_PATH);
        await until(`the head of ${name} was asked for`, () => face.count(HEAD_PATH) > asked);
      }
      // Until enough of it can be told at once, the head stands still: what is noticed is noticed at this moment.
      if (head.slot - stall.headSlot < NOTICED_SLOTS) continue;
      monitor.passTo(atUs);
      face.turnTo(head.root, head.slot);
      await until(`${name} is back`, () => monitor.node(name).reconnects > stall.reconnects && isStreaming(name));
      await monitor.settled();
      played.gaps.push({ node: name, from_ms: state.heardUs / 1000, to_ms: atUs / 1000, cause: "silent" });
      state.stall = undefined;
    }
  };

  for (const step of upsets) {
    if (step.kind === "event") await tell(step);
    else if (step.kind === "slot") await watchStalls(step.atUs);
    else if (step.kind === "move") {
      monitor.passTo(step.atUs);
      await move();
    } else {
      const { node, atUs } = step;
      const { face, state } = of(node);
      monitor.passTo(atUs);
      if (step.kind === "lie" && state.stall === undefined) {
        played.lies += 1;
        await monitor.receive(node, 1, () => face.emitBytes(`event: ${step.topic}\ndata: ${step.text}\n\n`));
      } else if (step.kind === "cut") {
        state.cutFromUs = atUs;
        face.failStreams(REFUSALS[step.refusal]);
        face.cutStreams({ insideRecord: step.insideRecord });
        await until(`${node} is down`, () => monitor.node(node).state === "down");
        await monitor.settled();
      } else if (step.kind === "mend") {
        face.failStreams(undefined);
        await until(`${node} streams again`, () => isStreaming(node));
        await monitor.settled();
        played.gaps.push({ node, from_ms: (state.cutFromUs ?? 0) / 1000, to_ms: atUs / 1000, cause: "closed" });
        state.cutFromUs = undefined;
      } else if (step.kind === "stall") {
        state.stall = { slots: 0, reconnects: monitor.node(node).reconnects, headSlot: state.head.slot };
      }
    }
  }
  const open = [...states].filter(([, { cutFromUs, stall }]) => cutFromUs !== undefined || stall !== undefined);
  if (open.length > 0) throw new Error(`Still cut or stalled at the end: ${open.map(([name]) => name).join(", ")}.`);
  return played;
}
