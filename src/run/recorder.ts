import type { Chain } from "../chain/chain.ts";
import { isBlock, type Storable } from "../events/document.ts";
import type { Clock } from "../lib/clock.ts";
import type { MeasureUpdate } from "../measure/measure-update.ts";
import type { Store } from "../store/store.ts";
import { createBlockGatherer } from "./block-gatherer.ts";
import { createCoalescer } from "./coalescer.ts";

/** What is asked of a store that documents are only put into. */
type Taker = Pick<Store, "offer" | "append">;

/** Stands between the pipeline and the store: gathers documents and offers them together. */
export type Recorder = {
  add(documents: readonly Storable[], updates: readonly MeasureUpdate[]): void;
  /** Offers what is due to the store. */
  offer(): void;
  /** Makes all of it durable. */
  finish(): Promise<void>;
};

export function createRecorder(input: { chain: Chain; store: Taker; clock: Clock }): Recorder {
  const { chain, store, clock } = input;
  const coalescer = createCoalescer(chain);
  const blocks = createBlockGatherer();
  let documents: Storable[] = [];

  return {
    add(more, updates) {
      for (const document of more) {
        if (isBlock(document)) blocks.add(document);
        else documents.push(document);
      }
      if (updates.length > 0) coalescer.add(updates, clock.monoUs());
    },
    offer() {
      const due = coalescer.due(clock.monoUs());
      const offered = documents.concat(blocks.taken(), due);
      documents = [];
      // What the store refuses it counts, and reports as a loss when it takes documents again.
      if (offered.length > 0) store.offer(offered);
    },
    async finish() {
      const rest = documents.concat(blocks.taken(), coalescer.rest());
      documents = [];
      if (rest.length > 0) await store.append(rest);
    },
  };
}
