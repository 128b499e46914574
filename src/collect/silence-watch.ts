/** Notices streams that are open and yet tell nothing, while REST shows that there is something to tell. */
export type SilenceWatch = {
  /**
   * A polled head. `told` is another text whenever the stream told something, or was opened, since the call before.
   * Returns the reason when the stream must be opened anew.
   */
  onHead(input: { headSlot: number; told: string }): string | undefined;
};

/** A head that moved this far must have been told by several events. */
const SILENT_SLOTS = 4;

export function createSilenceWatch(): SilenceWatch {
  let heard: { slot: number; told: string } | undefined;
  return {
    onHead({ headSlot, told }) {
      if (heard === undefined || heard.told !== told) {
        heard = { slot: headSlot, told };
        return undefined;
      }
      if (headSlot - heard.slot < SILENT_SLOTS) return undefined;
      const from = heard.slot;
      heard = { slot: headSlot, told };
      return `The node's head moved from slot ${from} to ${headSlot} and its event stream told nothing.`;
    },
  };
}
