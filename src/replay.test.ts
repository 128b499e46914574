import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { createChain } from "./chain/chain.ts";
import { readRecording, readRecordingMeta, specOf } from "./collect/recording.ts";
import type { ReplayReport } from "./measure/report.ts";
import { replay } from "./replay.ts";

const recordings = fileURLToPath(new URL("../test/data/recordings", import.meta.url));
const directoryOf = (name: string) =>
  name === "devnet3-fulu-faults"
    ? fileURLToPath(new URL("../demo/devnet3-fulu-faults", import.meta.url))
    : join(recordings, name);

const ALL = [
  "devnet3-1.5.1-3s",
  "devnet3-1.5.1-capella",
  "devnet3-1.5.1-partition-a",
  "devnet3-electra-fulu-clean",
  "devnet3-fulu-faults",
  "single-1.5.1-capella",
] as const;

const reports = new Map<string, Promise<ReplayReport>>();

/** Each recording is replayed once for all tests that only read its report. */
function reportOf(name: string): Promise<ReplayReport> {
  const known = reports.get(name) ?? replay({ directory: directoryOf(name) });
  reports.set(name, known);
  return known;
}

type Fault = {
  slot: number;
  kind: string;
  node?: string;
  target_slot?: number;
  heads?: Record<string, [number | string, string]>;
};

async function faultsOf(name: string): Promise<Fault[]> {
  const text = await readFile(join(directoryOf(name), "faults.jsonl"), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line): Fault => JSON.parse(line));
}

/** The block events of a recording, read without the pipeline: the oracle for what the report says of slots. */
async function blockEventsOf(name: string) {
  const meta = await readRecordingMeta(directoryOf(name));
  const chain = createChain({ spec: specOf(meta), genesis: { genesis_time: meta.genesis_time } });
  const events: { node: string; slot: number; root: string; ms: number }[] = [];
  let lines = 0;
  for await (const line of readRecording(directoryOf(name))) {
    if (line.kind !== "envelope" || line.envelope.kind !== "event") continue;
    lines += 1;
    const { node, topic, text, receivedAtUs } = line.envelope;
    if (!["block_gossip", "block", "head"].includes(topic)) continue;
    const { slot, block } = JSON.parse(text) as { slot: string; block: string };
    events.push({ node, slot: Number(slot), root: block, ms: chain.delayMs(Number(slot), receivedAtUs) });
  }
  return { chain, events, lines };
}

const slotOf = (report: ReplayReport, slot: number) => {
  const found = report.slots.find((entry) => entry.slot === slot);
  if (found === undefined) throw new Error(`no slot ${slot} in the report`);
  return found;
};

const canonicalHead = (report: ReplayReport) => report.slots.findLast(({ status }) => status === "proposed");

describe.each(ALL)("the recording %s", (name) => {
  test("has one entry for each slot between the lowest and the highest that was told of", async () => {
    const { events } = await blockEventsOf(name);
    const { slots } = await reportOf(name);
    const told = events.map(({ slot }) => slot).filter((slot) => slot > 0);
    const lowest = Math.min(...told);
    const expected = Array.from({ length: Math.max(...told) - lowest + 1 }, (_, i) => lowest + i);
    expect(slots.map(({ slot }) => slot)).toEqual(expected);
  });

  test("counts every event, and each slot ends as one of four", async () => {
    const { lines } = await blockEventsOf(name);
    const report = await reportOf(name);
    expect(report).toMatchObject({ events: lines, quarantined: 0, echoes: 0 });
    const judged = ["proposed", "missed", "orphaned", "unknown"];
    expect(report.slots.filter(({ status }) => !judged.includes(status))).toEqual([]);
  });

  test("has each node's first sight of each slot's block, and calls late what came after the deadline", async () => {
    const { chain, events } = await blockEventsOf(name);
    const report = await reportOf(name);
    for (const { slot, block_root, seen_ms, delay_ms, late } of report.slots) {
      const ofSlot = events.filter((event) => event.slot === slot);
      const ofRoot = ofSlot.filter(({ root }) => root === block_root);
      const firsts = Object.fromEntries(
        [...new Set(ofRoot.map(({ node }) => node))].map((node) => [
          node,
          Math.min(...ofRoot.filter((event) => event.node === node).map(({ ms }) => ms)),
        ]),
      );
      expect(seen_ms, `slot ${slot}`).toEqual(firsts);
      expect(delay_ms).toBe(ofRoot.length === 0 ? null : Math.min(...Object.values(firsts)));
      const earliest = Math.min(...ofSlot.map(({ ms }) => ms));
      expect(late).toBe(ofSlot.length > 0 && earliest > chain.deadlinesOf(slot).attestationMs);
    }
    expect(report.missed).toEqual(
      report.slots.map(({ slot }) => slot).filter((slot) => !events.some((event) => event.slot === slot)),
    );
  });

  test("links every canonical block to the canonical block before it", async () => {
    const { slots } = await reportOf(name);
    const proposed = slots.filter(({ status }) => status === "proposed");
    expect(proposed.slice(1).map(({ parent_root }) => parent_root)).toEqual(
      proposed.slice(0, -1).map(({ block_root }) => block_root),
    );
  });

  test("gives the same bytes again, and at another pace", async () => {
    const first = JSON.stringify(await reportOf(name));
    expect(JSON.stringify(await replay({ directory: directoryOf(name) }))).toBe(first);
    let waits = 0;
    const pace = async () => {
      waits += 1;
      if (waits % 97 === 0) await new Promise((resolve) => setImmediate(resolve));
    };
    expect(JSON.stringify(await replay({ directory: directoryOf(name), pace }))).toBe(first);
  });
});

describe("devnet3-fulu-faults, by its faults.jsonl", () => {
  const name = "devnet3-fulu-faults";

  test("the late proposal alone is late, by a second and a half, and was left by all three nodes", async () => {
    const late = (await faultsOf(name)).find(({ kind }) => kind === "late_proposal");
    const heads = (await faultsOf(name)).find(({ kind }) => kind === "late_proposal_end")?.heads;
    const report = await reportOf(name);
    expect(report.late).toEqual([late?.target_slot]);
    const slot = slotOf(report, late?.target_slot ?? 0);
    expect(slot.status).toBe("orphaned");
    expect(slot.delay_ms).toBeGreaterThan(1500);
    expect(slot.block_root?.slice(0, 10)).toBe(heads?.["n1"]?.[1]);
    expect(report.reorgs[0]).toMatchObject({
      depth: 1,
      nodes: ["n1", "n2", "n3"],
      old_head: slot.block_root,
      slot: 11,
    });
  });

  test("the withheld proposal alone is missed", async () => {
    const missed = (await faultsOf(name)).find(({ kind }) => kind === "miss_proposal");
    const report = await reportOf(name);
    expect(report.missed).toEqual([missed?.target_slot]);
    expect(slotOf(report, 37)).toMatchObject({
      block_root: null,
      parent_root: null,
      seen_ms: {},
      delay_ms: null,
      late: false,
    });
  });

  test("the node that was cut off left both its own blocks when it came back", async () => {
    const heads = (await faultsOf(name)).find(({ kind }) => kind === "partition_end")?.heads;
    const { reorgs, orphaned } = await reportOf(name);
    expect(reorgs).toHaveLength(2);
    const partition = reorgs[1];
    expect(partition).toMatchObject({ depth: 2, nodes: ["n3"] });
    expect(partition?.old_head.slice(0, 10)).toBe(heads?.["n3"]?.[1]);
    expect(orphaned.filter(({ nodes }) => nodes.join() === "n3").map(({ slot }) => slot)).toEqual([18, 19]);
  });

  test("a frozen node that delivers late has no gap", async () => {
    const { gaps, slots } = await reportOf(name);
    expect(gaps).toEqual([]);
    const frozen = slots.filter(({ slot }) => slot === 11 || slot === 12);
    for (const { seen_ms } of frozen) expect(seen_ms["n2"] ?? 0).toBeGreaterThan(3000);
  });

  test("every proposer is known, that of the missed slot by its duty", async () => {
    const missed = (await faultsOf(name)).find(({ kind }) => kind === "miss_proposal") as
      | { validator?: number }
      | undefined;
    const { slots } = await reportOf(name);
    expect(slots.filter(({ proposer }) => proposer === null)).toEqual([]);
    expect(slots.find(({ slot }) => slot === 37)?.proposer).toBe(missed?.validator);
  });
});

describe("the Lodestar recordings, by their NOTE.txt", () => {
  test("devnet3-1.5.1-3s: slot 25 is missed, slot 19 late, and no reorg comes of the partition", async () => {
    const report = await reportOf("devnet3-1.5.1-3s");
    expect(report).toMatchObject({ missed: [25], late: [19], reorgs: [], orphaned: [] });
    const end = (await faultsOf("devnet3-1.5.1-3s")).find(({ kind }) => kind === "end");
    expect(canonicalHead(report)?.block_root?.slice(0, 10)).toBe(end?.heads?.["n1"]?.[1]);
  });

  test("devnet3-1.5.1-3s: what a cut off node gets by sync is late for it, not for the network", async () => {
    const report = await reportOf("devnet3-1.5.1-3s");
    for (const slot of [9, 10, 11, 12]) {
      const { seen_ms, delay_ms, late } = slotOf(report, slot);
      expect(late).toBe(false);
      expect((seen_ms["n3"] ?? 0) - (delay_ms ?? 0)).toBeGreaterThan(0);
    }
    expect(slotOf(report, 9).seen_ms["n3"]).toBeGreaterThan(9000);
  });

  test("devnet3-1.5.1-3s: the streams end at one moment, and are missed until the recording ends", async () => {
    const { gaps } = await reportOf("devnet3-1.5.1-3s");
    expect(gaps).toEqual([
      { node: "n1", from_ms: 1795332275387, to_ms: 1795332303538, cause: "closed" },
      { node: "n2", from_ms: 1795332275403, to_ms: 1795332303538, cause: "closed" },
      { node: "n3", from_ms: 1795332275404, to_ms: 1795332303538, cause: "closed" },
    ]);
  });

  test("devnet3-1.5.1-capella: slot 26 is missed, 40, 41 and 44 are late, and the partition had no effect", async () => {
    const report = await reportOf("devnet3-1.5.1-capella");
    expect(report).toMatchObject({ missed: [26], late: [40, 41, 44], reorgs: [], orphaned: [], gaps: [] });
    for (const slot of [25, 27, 28]) expect(slotOf(report, slot).seen_ms["n3"], `slot ${slot}`).toBeGreaterThan(2000);
  });

  test("devnet3-1.5.1-partition-a: n3 leaves a branch once and n2 once, counted in blocks where they count slots", async () => {
    const { reorgs } = await reportOf("devnet3-1.5.1-partition-a");
    const before = (await faultsOf("devnet3-1.5.1-partition-a")).filter(({ kind }) => kind === "partition_before_heal");
    expect(reorgs.map(({ nodes, old_head }) => [nodes, old_head.slice(0, 10)])).toEqual([
      [["n3"], before[0]?.heads?.["n3"]?.[1]],
      [["n2"], before[1]?.heads?.["n2"]?.[1]],
    ]);
    expect(reorgs.map(({ depth }) => depth)).toEqual([2, 3]);
  });

  test("devnet3-1.5.1-partition-a: the chain of the two nodes that agree is canonical, the third one's is kept", async () => {
    const report = await reportOf("devnet3-1.5.1-partition-a");
    expect(slotOf(report, 34)).toMatchObject({ status: "proposed" });
    expect(slotOf(report, 34).block_root?.slice(0, 10)).toBe("0x764de15a");
    const alone = report.orphaned.filter(({ nodes }) => nodes.join() === "n1").map(({ slot }) => slot);
    expect(alone).toEqual(expect.arrayContaining([16, 25, 31, 44]));
  });

  test("parents are inferred where no header was recorded, and marked", async () => {
    const { slots } = await reportOf("single-1.5.1-capella");
    expect(slots.slice(1).every(({ parent_inferred }) => parent_inferred === true)).toBe(true);
    const { slots: withHeaders } = await reportOf("devnet3-fulu-faults");
    expect(withHeaders.slice(0, -5).some(({ parent_inferred }) => parent_inferred)).toBe(false);
  });
});

test("devnet3-electra-fulu-clean has no fault at all", async () => {
  const report = await reportOf("devnet3-electra-fulu-clean");
  expect(report).toMatchObject({ missed: [], late: [], orphaned: [], reorgs: [], gaps: [], quarantined: 0, echoes: 0 });
  expect(report.slots.every(({ status }) => status === "proposed")).toBe(true);
});

test("a replay that is aborted ends with the reason", async () => {
  const controller = new AbortController();
  let steps = 0;
  const replaying = replay({
    directory: directoryOf("devnet3-1.5.1-3s"),
    signal: controller.signal,
    onStep() {
      steps += 1;
      if (steps === 100) controller.abort();
    },
  });
  await expect(replaying).rejects.toThrow("aborted");
  expect(steps).toBe(100);
});
