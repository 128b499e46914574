import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createChain } from "../../src/chain/chain.ts";
import { readRecordingMeta, specOf } from "../../src/collect/recording.ts";
import { replay } from "../../src/replay.ts";
import { readLabelFile } from "../../src/run/label-file.ts";
import { shippedWatches } from "../rigs/watched.ts";

const directoryOf = (name: string) =>
  fileURLToPath(
    new URL(name === "devnet3-fulu-faults" ? `../../demo/${name}` : `../data/recordings/${name}`, import.meta.url),
  );

/** What searches alone is tried in hosts.test.ts. */
const watches = shippedWatches.filter(({ trigger }) => trigger.kind === "stream");

/** Each alert: its rule and nodes, the slots in which it was told as new and as worse, and how bad it became. */
async function alertsOf(name: string): Promise<string[]> {
  const directory = directoryOf(name);
  const meta = await readRecordingMeta(directory);
  const chain = createChain({ spec: specOf(meta), genesis: { genesis_time: meta.genesis_time } });
  const slotOf = (ms: number) => Math.floor((ms - chain.slotStartUs(0) / 1000) / chain.slotDurationMs);
  const labels = await readLabelFile(fileURLToPath(new URL("labels.txt", import.meta.url)));
  const { alerts = [] } = await replay({ directory, labels, watches });
  return alerts.map(({ rule, nodes, severity, told }) => {
    const stages = (["new", "worse"] as const).map((stage) => told.find((one) => one.stage === stage)?.at_ms);
    const slots = stages.flatMap((ms) => (ms === undefined ? [] : [slotOf(ms)]));
    return [rule, ...[...nodes].sort(), "in", ...new Set(slots), severity].join(" ");
  });
}

/** By NOTE.txt and faults.jsonl of each: what was done, and what follows from it by the thresholds of the rules. */
test.each<[string, string[]]>([
  // Nothing was done.
  ["devnet3-electra-fulu-clean", []],
  ["single-1.5.1-capella", []],
  [
    // n3 cut off from 8.9 to 12.9; a block 1.35 s late in slot 19; n1 frozen from 23.9 to 26.9; nodes ended in slot 30.
    "devnet3-1.5.1-3s",
    [
      "node-behind n3 in 10 warning",
      "late-blocks in 19 info",
      "node-behind n1 in 25 warning",
      "node-disconnected n1 in 32 high",
      "node-disconnected n2 in 32 high",
      "node-disconnected n3 in 32 high",
    ],
  ],
  [
    // n3 frozen from 24.9 to 28.9, so that its slot 26 is missed; late blocks in slots 40, 41 and 44: three of 225.
    "devnet3-1.5.1-capella",
    ["node-behind n3 in 26 warning", "late-blocks in 40 44 warning"],
  ],
  [
    // What n1 sends comes 2.5 s late from slot 8 on; n1 alone from slot 15 on, n3 from 19.9 to 25.7, n2 from 36.9: nothing is finalized any more.
    "devnet3-1.5.1-partition-a",
    [
      "slow-propagation in 12 warning",
      "head-disagreement n1 n2 n3 in 18 20 high",
      "missed-run in 24 critical",
      "reorg n3 in 26 warning",
      "finality-lag in 36 42 critical",
      "reorg n2 in 46 high",
    ],
  ],
  [
    // Slot 10 late and left; n2 frozen from 10.95 to 13.97; n3 cut off from 13.98 to 19.95; slot 37 withheld.
    "devnet3-fulu-faults",
    [
      "late-blocks in 10 info",
      "reorg n1 n2 n3 in 11 info",
      "own-proposals n1 in 11 warning",
      "node-behind n2 in 12 warning",
      "sync-committee-drop in 13 17 high",
      "participation-drop in 13 18 high",
      "few-peers n3 in 13 high",
      "node-behind n3 in 15 warning",
      "target-split in 18 high",
      "head-disagreement n3 in 19 warning",
      "own-proposals n3 in 20 warning",
      "missed-run in 20 38 warning",
      "own-proposals n3 in 20 warning",
      "reorg n3 in 20 warning",
      "slow-inclusion in 22 warning",
      "own-proposals n2 in 38 high",
    ],
  ],
])(
  "%s: exactly what its faults call for, in the slot in which it could be known",
  { timeout: 120_000 },
  async (name, expected) => {
    expect(await alertsOf(name)).toEqual(expected);
  },
);
