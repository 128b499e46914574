/** Most steps of a series over more than a few slots. */
const MOST_STEPS = 360;
/** Steps of one slot where a slot is looked at closely. */
const STEPS_OF_A_SLOT = 24;
/** Slots before and after the one that is looked at closely. */
const SLOTS_AROUND = 1;

export type Axis = { genesis_time: number; slot_duration_ms: number };

/** A span of time and the even steps that figures are averaged over; Unix milliseconds. */
export type HostSpan = {
  fromMs: number;
  toMs: number;
  stepMs: number;
  /** A moment at which a step begins. */
  originMs: number;
  slotMs: number;
};

/** Steps of whole slots, as many slots as it takes for at most 360 steps. */
export function spanOfTime(axis: Axis, { fromMs, toMs }: { fromMs: number; toMs: number }): HostSpan {
  const slotMs = axis.slot_duration_ms;
  const slots = Math.max(1, Math.ceil((toMs - fromMs) / slotMs / MOST_STEPS));
  return { fromMs, toMs, stepMs: slots * slotMs, originMs: axis.genesis_time * 1000, slotMs };
}

/** A slot with its neighbours, in steps of a 24th of a slot. */
export function spanOfSlot(axis: Axis, slot: number): HostSpan {
  const slotMs = axis.slot_duration_ms;
  const originMs = axis.genesis_time * 1000 + slot * slotMs;
  return {
    fromMs: originMs - SLOTS_AROUND * slotMs,
    toMs: originMs + (1 + SLOTS_AROUND) * slotMs,
    stepMs: Math.max(1, Math.round(slotMs / STEPS_OF_A_SLOT)),
    originMs,
    slotMs,
  };
}

/** The slot at a moment; null before genesis. */
export function slotAtMs(axis: Axis, ms: number): number | null {
  const slot = Math.floor((ms - axis.genesis_time * 1000) / axis.slot_duration_ms);
  return slot < 0 ? null : slot;
}
