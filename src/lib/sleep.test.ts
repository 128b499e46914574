import { expect, test } from "vitest";
import { systemClock } from "./clock.ts";
import { sleep } from "./sleep.ts";

test("waits at least as long as it was told to", async () => {
  const clock = systemClock();
  const startUs = clock.monoUs();
  await sleep(20);
  expect(clock.monoUs() - startUs).toBeGreaterThan(18_000);
});

test("ends at once and without an error when it is aborted, before or while it waits", async () => {
  const controller = new AbortController();
  const asleep = sleep(600_000, controller.signal);
  controller.abort();
  await asleep;
  await sleep(600_000, controller.signal);
});
