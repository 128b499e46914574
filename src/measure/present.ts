/** The slot that the nodes live in, where the clock may be wrong: what is forgotten is forgotten by it. */
export type Present = {
  /** The clock was set ahead at this slot: until a block comes, which of the two is the present is not known. */
  noteJump(slot: number): void;
  /** A new block of `slot` came from a node at `clockSlot`. True when the node lags, or the clock is ahead. */
  noteBlock(input: { node: string; slot: number; clockSlot: number }): boolean;
  /** What was noted by the old clock says nothing by a new one. */
  setBack(): void;
  slotAt(clockSlot: number): number;
};

/** A new block of more slots ago says that its node lags, or that the clock is ahead. */
const LAG_SLOTS = 3;

/** What a node's last block said holds this long: an epoch of mainnet. */
const RECENT_SLOTS = 32;

/** A clock that is ahead by more than a day of mainnet is followed. */
const MAX_AHEAD_SLOTS = 7200;

export function createPresent(): Present {
  const lags = new Map<string, { behind: number; clockSlot: number }>();
  let heldSlot: number | undefined;

  /** By the node that is the least behind: one that syncs says nothing of the clock. */
  const behindAt = (clockSlot: number): number => {
    const recent = [...lags.values()].filter((lag) => clockSlot - lag.clockSlot <= RECENT_SLOTS);
    return recent.length === 0 ? 0 : Math.min(...recent.map(({ behind }) => behind));
  };

  return {
    noteJump(slot) {
      heldSlot ??= slot;
    },
    noteBlock({ node, slot, clockSlot }) {
      const behind = Math.max(0, clockSlot - slot);
      lags.set(node, { behind, clockSlot });
      heldSlot = undefined;
      return behind > LAG_SLOTS;
    },
    setBack() {
      lags.clear();
      heldSlot = undefined;
    },
    slotAt(clockSlot) {
      const ahead = heldSlot === undefined ? behindAt(clockSlot) : Math.max(0, clockSlot - heldSlot);
      return clockSlot - Math.min(ahead, MAX_AHEAD_SLOTS);
    },
  };
}
