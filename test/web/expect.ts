export type { Page } from "playwright-core";

/** Ends the run with a sentence when something is not as it must be. */
export function expect(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new Error(sentence);
}
