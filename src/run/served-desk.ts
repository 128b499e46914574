import type { AlertDesk } from "../alert/desk.ts";
import { Fault } from "../lib/fault.ts";

/** The desk of the rules as it is served from the start: until they are taken up, what is asked is refused as retryable. */
export function servedDesk(opened: () => AlertDesk | undefined): AlertDesk {
  const desk = (): AlertDesk => {
    const found = opened();
    if (found !== undefined) return found;
    throw new Fault("store_unavailable", "The rules are not taken up yet.", { retry: "retryable" });
  };
  return {
    rules: () => desk().rules(),
    rule: (id) => desk().rule(id),
    put: async (...asked) => desk().put(...asked),
    remove: async (...asked) => desk().remove(...asked),
    setActive: async (...asked) => desk().setActive(...asked),
    acknowledgeWatch: async (...asked) => desk().acknowledgeWatch(...asked),
    execute: async (...asked) => desk().execute(...asked),
    stats: () => desk().stats(),
    setRunning: async (running) => desk().setRunning(running),
    acknowledge: async (...asked) => desk().acknowledge(...asked),
    silences: () => desk().silences(),
    silence: async (...asked) => desk().silence(...asked),
    unsilence: async (...asked) => desk().unsilence(...asked),
    backtest: async (...asked) => desk().backtest(...asked),
    channels: () => desk().channels(),
  };
}
