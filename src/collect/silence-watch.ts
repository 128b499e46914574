/** Notices streams that are open and yet tell nothing, while REST shows that there is something to tell. */
export type SilenceWatch = {
  /** A polled head. Returns the reason when the stream must be opened anew. */
  onHead(input: { headSlot: number; quietSinceUs: number }): string | undefined;
};

/** A head that moved this far must have been told by several events. */
const SILENT_SLOTS = 4;

export function createSilenceWatch(): SilenceWatch {
  let heard: { slot: number; sinceUs: number } | undefined;
  return {
    onHead({ headSlot, quietSinceUs }) {
      if (heard === undefined || heard.sinceUs !== quietSinceUs) {
        heard = { slot: headSlot, sinceUs: quietSinceUs };
        return undefined;
      }
      if (headSlot - heard.slot < SILENT_SLOTS) return undefined;
      const from = heard.slot;
      heard = { slot: headSlot, sinceUs: quietSinceUs };
      return `The node's head moved from slot ${from} to ${headSlot} and its event stream told nothing.`;
    },
  };
}
