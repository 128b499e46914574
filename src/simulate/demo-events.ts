import type { DemoWorld } from "./demo-world.ts";
import type { PlayedEvent } from "./play.ts";
import type { RecordedEvent, RecordedNode } from "./recorded-network.ts";

/** What a node sends in each loop: the recorded events, and finality where the recording still had genesis. */
export function playedEvents(world: DemoWorld, recorded: RecordedNode): PlayedEvent[] {
  const toMs = world.loop.toSlot * world.network.slotMs;
  const events = recorded.events
    .filter(({ offsetMs }) => offsetMs < toMs)
    .map((event): PlayedEvent => recordedEvent(world, event));
  return [...events, ...finalityOfLaterLoops(world, recorded)].sort((a, b) => a.offsetMs - b.offsetMs);
}

function recordedEvent(world: DemoWorld, { offsetMs, topic, text }: RecordedEvent): PlayedEvent {
  return {
    offsetMs,
    topic,
    fromLoop: 0,
    text: (loop) => JSON.stringify(world.inLoop(JSON.parse(text), loop)),
  };
}

/** A network that is not young finalizes at each epoch's first block: right after the node took it as its head. */
function finalityOfLaterLoops(world: DemoWorld, recorded: RecordedNode): PlayedEvent[] {
  const { loop, network, finality, ancestry } = world;
  const heads = recorded.events
    .filter(({ topic }) => topic === "head")
    .map(({ offsetMs, text }) => ({ offsetMs, slot: Number((JSON.parse(text) as { slot: string }).slot) }));
  return finality.genesisEpochs.flatMap((epoch) => {
    const first = heads.find(({ slot }) => Math.floor(slot / network.slotsPerEpoch) === epoch);
    if (first === undefined) return [];
    return {
      offsetMs: first.offsetMs,
      topic: "finalized_checkpoint",
      fromLoop: 1,
      text(number: number) {
        const epochNow = epoch + (number * loop.spanSlots) / network.slotsPerEpoch;
        const { finalized } = finality.at(epochNow);
        const block = ancestry.canonicalAt(finalized.epoch * network.slotsPerEpoch);
        return JSON.stringify({
          block: finalized.root,
          state: ancestry.stateRootOf(block),
          epoch: String(finalized.epoch),
          execution_optimistic: false,
        });
      },
    };
  });
}
