import type { Devnet } from "../../devnet/devnet.ts";
import type { Network } from "../../devnet/network.ts";
import type { Header } from "../../devnet/node-api.ts";
import type { Clock } from "../../src/lib/clock.ts";
import { Fault } from "../../src/lib/fault.ts";
import { sleep } from "../../src/lib/sleep.ts";
import type { NodesAnswer, SlotsAnswer } from "../../src/serve/views.ts";
import { ask } from "./told.ts";
import { findTruth, type Truth } from "./truth.ts";
import type { Witness } from "./witness.ts";

/** Slots at the end that are left out: they may still change. */
const UNSETTLED_SLOTS = 2;
const AGREED_WITHIN_MS = 90_000;
const SETTLED_WITHIN_MS = 60_000;

/** What happened on the devnet, once it is over. */
export type Outcome = { truth: Truth; attestationDueMs: number };

/** The first slot that a witness who listens from now on hears whole: on a loaded machine the nodes may be past genesis. */
export function firstWitnessed({ slotNow }: Network): number {
  return Math.max(1, Math.floor(slotNow()) + 2);
}

/**
 * Waits after a plan until the nodes agree, finds what happened, and waits until the monitor has judged it. Throws
 * `devnet_split` when the nodes do not come together.
 */
export async function findOutcome(input: {
  devnet: Devnet;
  witness: Witness;
  firstSlot: number;
  clock: Clock;
  signal: AbortSignal;
}): Promise<Outcome> {
  const { devnet, witness, firstSlot, clock, signal } = input;
  const { network, monitor } = devnet;
  const head = await agreedHead({ devnet, clock, signal });
  const lastSlot = head.slot - UNSETTLED_SLOTS;
  const spec = await network.nodes[0]?.api.spec();
  const attestationDueMs = network.slotMs / Number(spec?.["INTERVALS_PER_SLOT"] ?? 3);
  // Before the headers: each block that is seen up to now has one.
  const sightings = [...witness.sightings];
  const truth = await findTruth({
    network,
    attestationDueMs,
    firstSlot,
    lastSlot,
    head,
    sightings,
    headers: await witness.headers(),
  });
  await untilSettled({ url: monitor.url, lastSlot, clock, signal });
  return { truth, attestationDueMs };
}

/** The head that all nodes have. */
async function agreedHead(input: { devnet: Devnet; clock: Clock; signal: AbortSignal }): Promise<Header> {
  const { devnet, clock, signal } = input;
  const { network } = devnet;
  const lastUs = clock.monoUs() + AGREED_WITHIN_MS * 1000;
  while (clock.monoUs() < lastUs && !signal.aborted) {
    const heads = await Promise.all(network.nodes.map(({ api }) => api.header("head")));
    const head = heads[0];
    if (head !== undefined && heads.every((other) => other?.root === head.root)) return head;
    await sleep(200, signal);
  }
  signal.throwIfAborted();
  throw new Fault("devnet_split", "The nodes did not agree on a head after the plan.", { retry: "retryable" });
}

/** Waits until the monitor streams from all nodes again and has judged every slot; what is not by then is wrong. */
async function untilSettled(input: {
  url: string;
  lastSlot: number;
  clock: Clock;
  signal: AbortSignal;
}): Promise<void> {
  const { url, lastSlot, clock, signal } = input;
  const lastUs = clock.monoUs() + SETTLED_WITHIN_MS * 1000;
  while (clock.monoUs() < lastUs && !signal.aborted) {
    const { nodes } = await ask<NodesAnswer>(`${url}/api/v1/nodes`);
    const { slots } = await ask<SlotsAnswer>(`${url}/api/v1/slots?limit=100`);
    const isJudged = slots.every(({ slot, status }) => slot > lastSlot || status !== "pending");
    const hasGoneOn = slots.some(({ slot }) => slot > lastSlot + UNSETTLED_SLOTS);
    if (isJudged && hasGoneOn && nodes.every(({ state }) => state === "streaming")) return;
    await sleep(500, signal);
  }
}
