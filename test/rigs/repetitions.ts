/** With `ETHMON_TEST_LONG=1`, as in a step of its own of `.ci/run`, what is repeated is repeated more often. */
export const IS_LONG = process.env["ETHMON_TEST_LONG"] === "1";

/** How many kills a test makes; `ETHMON_TEST_KILLS` has the last word. */
export function killsOf({ usual, long }: { usual: number; long: number }): number {
  return Number(process.env["ETHMON_TEST_KILLS"] ?? (IS_LONG ? long : usual));
}
