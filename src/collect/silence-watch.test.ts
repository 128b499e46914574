import { expect, test } from "vitest";
import { createSilenceWatch } from "./silence-watch.ts";

test("a stream that tells nothing while the head moves four slots is opened anew, once for each four", () => {
  const watch = createSilenceWatch();
  const at = (headSlot: number) => watch.onHead({ headSlot, told: "5 events" });
  expect([100, 101, 102, 103].map(at)).toEqual([undefined, undefined, undefined, undefined]);
  expect(at(104)).toBe("The node's head moved from slot 100 to 104 and its event stream told nothing.");
  expect([105, 106, 107].map(at)).toEqual([undefined, undefined, undefined]);
  expect(at(108)).toContain("from slot 104 to 108");
});

test("a stream that tells something, or whose node stands still too, is left alone", () => {
  const talking = createSilenceWatch();
  const standing = createSilenceWatch();
  for (let slot = 100; slot < 200; slot += 3) {
    expect(talking.onHead({ headSlot: slot, told: `${slot} events` })).toBeUndefined();
    expect(standing.onHead({ headSlot: 100, told: "5 events" })).toBeUndefined();
  }
});
