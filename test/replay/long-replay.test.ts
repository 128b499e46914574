import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import type { ReplayReport } from "../../src/measure/report.ts";
import { writeLongRecording } from "../rigs/long-recording.ts";
import { runProgram } from "../rigs/program.ts";
import { IS_LONG } from "../rigs/repetitions.ts";

/** By default fewer slots, of fewer votes: what is kept for a slot, and forgotten with it, is the same. */
const { events: EVENTS, votesPerSlot: VOTES_PER_SLOT } = IS_LONG
  ? { events: 10_000_000, votesPerSlot: 980 }
  : { events: 150_000, votesPerSlot: 24 };

/** What JavaScript may hold at once: beyond it the program dies. The rest of the bound is Node's own. */
const HEAP_MB = 96;
const PEAK_BYTES = 400e6;
const PEAK_MEMORY = fileURLToPath(new URL("../rigs/peak-memory.ts", import.meta.url));

test(`a recording of ${EVENTS} events is replayed in less than ${PEAK_BYTES / 1e6} MB, and every slot is right`, {
  timeout: IS_LONG ? 1_800_000 : 120_000,
}, async () => {
  const directory = await mkdtemp(join(tmpdir(), "ethmon-long-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const peakFile = join(directory, "peak");
  const recorded = await writeLongRecording({ directory, events: EVENTS, votesPerSlot: VOTES_PER_SLOT });

  const { code, out, errors } = await runProgram(["replay", directory, "--json"], {
    ...process.env,
    NODE_OPTIONS: `--max-old-space-size=${HEAP_MB} --import=${PEAK_MEMORY}`,
    PEAK_MEMORY_FILE: peakFile,
  });
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  const report = JSON.parse(out) as ReplayReport;
  expect(report.events).toBe(recorded.events);
  expect(report.slots.map(({ slot }) => slot)).toEqual(Array.from({ length: recorded.slots }, (_, i) => i + 1));
  expect(report.missed).toEqual(recorded.missed);
  expect(report.slots.filter(({ status }) => status === "proposed")).toHaveLength(
    recorded.slots - recorded.missed.length,
  );
  expect(report).toMatchObject({ orphaned: [], reorgs: [], gaps: [], late: [], quarantined: 0, echoes: 0 });
  expect(Number(await readFile(peakFile, "utf8"))).toBeLessThan(PEAK_BYTES);
});
