import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { replay } from "../../src/replay.ts";
import type { SlotsAnswer } from "../../src/serve/views.ts";
import { startProgram } from "../rigs/program.ts";
import { until } from "../rigs/until.ts";

const cleanUp: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

test("a replay of what was recorded live finds the same slots", { timeout: 120_000 }, async () => {
  const parent = await mkdtemp(join(tmpdir(), "ethmon-record-"));
  cleanUp.push(() => rm(parent, { recursive: true, force: true }));
  const directory = join(parent, "recording");
  const program = startProgram(["run", "--port", "0", "--record", directory, "--log-level", "warn"]);
  cleanUp.push(() => program.process.kill("SIGKILL"));
  const url = await program.url;
  const settled = async () => {
    const response = await fetch(`${url}/api/v1/slots?limit=64`);
    const { slots } = response.ok ? ((await response.json()) as SlotsAnswer) : { slots: [] };
    const newest = slots[0]?.slot ?? 0;
    return slots.filter(({ slot }) => slot < newest - 1);
  };
  await until("four slots are over", async () => (await settled()).length >= 4, 60_000);
  const live = await settled();
  program.process.kill("SIGTERM");
  expect((await program.ended).code).toBe(0);

  const report = await replay({ directory });
  expect(report.quarantined).toBe(0);
  const replayed = new Map(report.slots.map((slot) => [slot.slot, slot]));
  for (const { slot, status, proposer_index, block_root, parent_root, seen_ms, delay_ms, late } of live) {
    const found = { slot, status, proposer: proposer_index, block_root, parent_root, seen_ms, delay_ms, late };
    expect(replayed.get(slot)).toEqual(found);
  }
});
