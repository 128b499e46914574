import { expect, test } from "vitest";
import type { Envelope } from "../../src/events/envelope.ts";
import { createRandom } from "../../src/lib/random.ts";
import { createReport, type ReplayReport } from "../../src/measure/report.ts";
import { createPipeline } from "../../src/pipeline.ts";
import { disturb } from "./disturb.ts";
import { createTruth, type Truth } from "./truth.ts";

/** Three hours of mainnet slots. Another seed: SEED=7 npm test -- test/chaos */
const SLOTS = 900;
const SEEDS = process.env["SEED"] === undefined ? [1, 2, 3, 4, 5] : [Number(process.env["SEED"])];

function run(truth: Truth, envelopes: readonly Envelope[]): ReplayReport {
  const pipeline = createPipeline({ chain: truth.chain });
  const report = createReport();
  for (const envelope of envelopes) {
    const step = pipeline.push(envelope);
    if (step.enriched !== undefined) report.noteEnriched(step.enriched);
    report.noteUpdates(step.updates);
  }
  report.noteUpdates(pipeline.advance(truth.endUs).updates);
  report.noteUpdates(pipeline.finish().updates);
  return report.report();
}

test.each(SEEDS)(
  "three hours of cuts, stalls, doubles, swaps and lies change nothing that was told (seed %i)",
  (seed) => {
    const random = createRandom(seed);
    const truth = createTruth({ random, slots: SLOTS });
    const quiet = run(truth, truth.envelopes);
    expect(quiet.missed).toEqual(truth.missed);
    expect(quiet.late).toEqual(truth.late);
    expect(quiet.orphaned.map(({ slot }) => slot)).toEqual(truth.orphaned);
    expect(quiet.reorgs.map(({ depth, nodes }) => `${depth} ${nodes.join()}`)).toEqual(
      truth.orphaned.map(() => "1 n1,n2,n3"),
    );
    expect(quiet.gaps).toEqual([]);

    const disturbed = disturb({ truth, random });
    const chaotic = run(truth, disturbed.envelopes);
    const told = ({ slots }: ReplayReport) =>
      slots.map(({ slot, status, proposer, block_root, parent_root, late }) => ({
        slot,
        status,
        proposer,
        block_root,
        parent_root,
        late,
      }));
    expect(told(chaotic)).toEqual(told(quiet));
    expect(chaotic.orphaned.map(({ block_root }) => block_root)).toEqual(
      quiet.orphaned.map(({ block_root }) => block_root),
    );
    const reorgs = ({ reorgs: all }: ReplayReport) =>
      all.map(({ depth, old_head, common_ancestor }) => ({ depth, old_head, common_ancestor }));
    expect(reorgs(chaotic)).toEqual(reorgs(quiet));
    expect(chaotic.gaps).toEqual(disturbed.gaps);
    expect(chaotic.echoes).toBe(disturbed.doubled);
    expect(disturbed.gaps.length).toBeGreaterThan(8);
    expect(disturbed.stalls).toBeGreaterThan(4);
    expect(chaotic.quarantined).toBeGreaterThan(100);
  },
);
