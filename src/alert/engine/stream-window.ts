import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";

/** The newest documents that a stream trigger took. */
export type StreamWindow = {
  put(document: { id: string | undefined; timestampUs: number; source: JsonObject }): void;
  /** Their sources, oldest first. */
  sources(): readonly Json[];
};

type Held = { id: string | undefined; timestampUs: number; source: JsonObject };

/** Holds `limit` documents in the order of their time, each id once: a later one of an id takes its place. */
export function createStreamWindow(limit: number): StreamWindow {
  const held: Held[] = [];

  return {
    put(document) {
      const { id, timestampUs } = document;
      const known = id === undefined ? -1 : held.findLastIndex((one) => one.id === id);
      if (known >= 0) {
        if (held[known]?.timestampUs === timestampUs) {
          held[known] = document;
          return;
        }
        held.splice(known, 1);
      }
      // New ones nearly always stand at the end.
      const before = held.findLastIndex((one) => one.timestampUs <= timestampUs);
      held.splice(before + 1, 0, document);
      if (held.length > limit) held.shift();
    },
    sources: () => held.map(({ source }) => source),
  };
}
