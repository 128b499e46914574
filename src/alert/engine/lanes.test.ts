import { expect, test } from "vitest";
import { createLanes } from "./lanes.ts";

test("what need not be waited for is done at once, behind what is waited for in its order", async () => {
  const lanes = createLanes(2);
  const done: string[] = [];
  const first = Promise.withResolvers<void>();
  const push = (name: string) => () => {
    done.push(name);
  };
  lanes.run("a", push("at once"));
  expect(done).toEqual(["at once"]);
  lanes.run("a", async () => {
    await first.promise;
    done.push("waited for");
  });
  expect(lanes.run("a", push("behind it"))).toBe(true);
  lanes.run("b", push("of another name"));
  expect(done).toEqual(["at once", "of another name"]);
  expect(lanes.running()).toBe(1);
  const idle = lanes.idle();
  first.resolve();
  await idle;
  expect(done).toEqual(["at once", "of another name", "waited for", "behind it"]);
  expect(lanes.running()).toBe(0);
});

test("of one name only so much waits", async () => {
  const lanes = createLanes(2);
  const first = Promise.withResolvers<void>();
  lanes.run("a", () => first.promise);
  expect([1, 2, 3].map(() => lanes.run("a", () => undefined))).toEqual([true, true, false]);
  first.resolve();
  await lanes.idle();
  expect(lanes.run("a", () => undefined)).toBe(true);
});
