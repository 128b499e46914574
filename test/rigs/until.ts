import { setTimeout as wait } from "node:timers/promises";

/** Waits until a condition holds; throws with `what` when it does not in time. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, withinMs = 30_000): Promise<void> {
  const lastMs = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > lastMs) throw new Error(`It did not come to pass within ${withinMs} ms: ${what}`);
    await wait(10);
  }
}
