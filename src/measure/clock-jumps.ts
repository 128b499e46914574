import type { Envelope } from "../events/envelope.ts";

/** The clock was set ahead, and the span between was passed over. */
export type ClockJump = { fromUs: number; toUs: number };

/** What a recorder writes comes up to a second out of order; further back than this, the clock was set back. */
const SET_BACK_US = 2_000_000;
/** A stamp that lies further back than a wrong zone of time can put it is a broken one, and moves nothing. */
const MAX_SET_BACK_US = 86_400_000_000;
/** What was stamped just before the clock was set ahead may come up to this much after it. */
const STRAGGLER_US = 10_000_000;

/** Whether a stamp says that the clock was set back, rather than that an observation came late. */
export function isSetBack(input: { fromUs: number; toUs: number; jump: ClockJump | undefined }): boolean {
  const { fromUs, toUs, jump } = input;
  const backUs = fromUs - toUs;
  if (backUs <= SET_BACK_US || backUs > MAX_SET_BACK_US) return false;
  const isStraggler = jump !== undefined && toUs <= jump.fromUs && fromUs - jump.toUs <= STRAGGLER_US;
  return !isStraggler;
}

/** The jump that an observation tells of. */
export function jumpOf(envelope: Envelope): ClockJump | undefined {
  if (envelope.kind !== "stream" || envelope.cause !== "clock" || envelope.sinceUs === undefined) return undefined;
  return { fromUs: envelope.sinceUs, toUs: envelope.receivedAtUs };
}
