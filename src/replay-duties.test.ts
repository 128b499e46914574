import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { parseValidatorLabels } from "./chain/validator-labels.ts";
import type { DutyRecord } from "./events/duty-records.ts";
import type { SlotVotesRecord } from "./events/vote-records.ts";
import type { ReplayReport } from "./measure/report.ts";
import { replay } from "./replay.ts";

const STEADY = fileURLToPath(new URL("../test/data/recordings/devnet3-electra-fulu-clean", import.meta.url));
const FAULTS = fileURLToPath(new URL("../demo/devnet3-fulu-faults", import.meta.url));
const NODES = "0-20 n1 @n1\n21-41 n2 @n2\n42-63 n3 @n3";
const labelsOf = (text: string) => parseValidatorLabels(text, "labels");

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe("the duties of the recording with faults", () => {
  let report: ReplayReport;
  let votes: Map<number, SlotVotesRecord>;
  beforeAll(async () => {
    votes = new Map();
    report = await replay({
      directory: FAULTS,
      labels: labelsOf(NODES),
      onStep({ updates }) {
        for (const update of updates) if (update.dataset === "slot_votes") votes.set(update.record.slot, update.record);
      },
    });
  });
  const faults = (of: (fault: DutyRecord) => boolean) => report.duties?.faults.filter(of) ?? [];
  const told = (found: readonly DutyRecord[]) => found.map(({ slot, validator }) => [slot, validator]);

  test("the frozen node's validators, and no others, are offline in the slots in which it stood", () => {
    const offline = faults(({ cause }) => cause === "offline");
    expect(told(offline)).toEqual([
      [11, 23],
      [11, 25],
      [12, 36],
      [13, 29],
      [13, 30],
      [13, 33],
    ]);
    for (const fault of offline) expect(fault).toMatchObject({ group: "n2", side: "own" });
    expect(offline.map(({ outcome }) => outcome)).toEqual([...Array(3).fill("missed"), ...Array(3).fill("wrong_head")]);
    for (const { sentence } of offline)
      expect(sentence).toMatch(/^n2 said nothing in slot 1[123] while other nodes went on/);
  });

  test("the cut off node's votes are wrong at first, then in no block, and its blocks are left: a partition", () => {
    const cutOff = faults(({ cause }) => cause === "cut_off");
    expect(new Set(cutOff.map(({ group }) => group))).toEqual(new Set(["n3"]));
    expect([...new Set(cutOff.map(({ slot }) => slot))]).toEqual(range(14, 19));
    const outcomes = (kind: string, slots: readonly number[]) =>
      new Set(cutOff.filter((one) => one.kind === kind && slots.includes(one.slot)).map(({ outcome }) => outcome));
    expect(outcomes("attestation", [14, 15])).toEqual(new Set(["wrong_head"]));
    expect(outcomes("attestation", range(16, 19))).toEqual(new Set(["missed"]));
    expect(told(cutOff.filter(({ kind }) => kind === "proposal"))).toEqual([
      [18, 42],
      [19, 50],
    ]);
  });

  test("the late block and the withheld one are their proposers' faults", () => {
    expect(faults(({ kind, group }) => kind === "proposal" && group !== "n3")).toMatchObject([
      { slot: 10, validator: 11, group: "n1", outcome: "orphaned", cause: "proposed_late", side: "own" },
      { slot: 37, validator: 33, group: "n2", outcome: "missed", cause: "not_proposed", side: "own" },
    ]);
  });

  test("votes before an empty slot are late by no fault of theirs, and slot 0 is nobody's", () => {
    const late = faults(({ outcome, kind }) => outcome === "late" && kind === "attestation");
    expect(new Set(late.map(({ cause }) => cause))).toEqual(new Set(["next_slot_empty"]));
    expect(new Set(late.map(({ slot }) => slot))).toEqual(new Set([9, 17, 18, 36]));
    expect(new Set(faults(({ slot }) => slot === 0).map(({ cause }) => cause))).toEqual(new Set(["network"]));
    expect(faults(({ side }) => side === "unclear")).toEqual([]);
  });

  test("each validator votes once an epoch, and every vote comes to one thing", () => {
    const sizes = { n1: 21, n2: 21, n3: 22 };
    const whole = report.duties?.validators.filter(({ epoch }) => epoch < 8 && epoch !== 4) ?? [];
    expect(whole.length).toBe(21);
    for (const record of whole) {
      expect(record).toMatchObject({
        validators: record.attestations,
        attestations_pending: 0,
        attestations_unknown: 0,
      });
      expect(record.validators).toBe(sizes[record.group as keyof typeof sizes]);
    }
    const proposals = (report.duties?.validators ?? []).filter(({ epoch }) => epoch > 0 && epoch < 8);
    expect(proposals.reduce((sum, record) => sum + record.proposals, 0)).toBe(7 * 8);
  });

  test("votes are counted by group in each slot", () => {
    expect(votes.get(12)?.groups["n2"]).toMatchObject({ expected: 1, seen: 0 });
    for (const { groups, expected, seen } of votes.values()) {
      expect(Object.values(groups).reduce((sum, part) => sum + part.expected, 0)).toBe(expected);
      expect(Object.values(groups).reduce((sum, part) => sum + part.seen, 0)).toBe(seen);
    }
  });

  test("without nodes in the labels nobody is called cut off, and a report without labels says nothing of duties", async () => {
    const unnamed = await replay({ directory: FAULTS, labels: labelsOf(NODES.replaceAll(/ @n\d/g, "")) });
    const causes = new Set(unnamed.duties?.faults.map(({ cause }) => cause));
    expect(causes).not.toContain("cut_off");
    expect(causes).toContain("offline");
    expect(unnamed.duties?.validators).toMatchObject(
      (report.duties?.validators ?? []).map(({ attestations_ok }) => ({ attestations_ok })),
    );
    expect(await replay({ directory: FAULTS })).not.toHaveProperty("duties");
  });
});

describe("labels by public key", () => {
  const directories: string[] = [];
  afterEach(async () => {
    for (const directory of directories.splice(0)) await rm(directory, { recursive: true });
  });
  const KEY = `0x${"ab".repeat(48)}`;

  /** The recording with a validator set before everything else, as `--record` writes it. */
  async function withValidators(set: object): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), "ethmon-duties-"));
    directories.push(directory);
    await cp(join(FAULTS, "meta.json"), join(directory, "meta.json"));
    const lines = gunzipSync(await readFile(join(FAULTS, "events.jsonl.gz"))).toString();
    const first = JSON.parse(lines.slice(0, lines.indexOf("\n"))) as { recv_ms: number };
    const line = { recv_ms: first.recv_ms, node: "n1", event: "_validators", data: set };
    await writeFile(join(directory, "events.jsonl"), `${JSON.stringify(line)}\n${lines}`);
    return directory;
  }

  test("are those of the index that the validator set gives, and votes weigh what it says", async () => {
    const balances = Buffer.alloc(128);
    for (let index = 0; index < 64; index += 1) balances.writeUInt16LE(32, 2 * index);
    const directory = await withValidators({
      active: 64,
      effective_balances: balances.toString("base64"),
      pubkeys: { [KEY]: 25 },
    });
    const weighedBy = new Set<string>();
    const byKey = await replay({
      directory,
      labels: labelsOf(`${KEY} n2 @n2`),
      onStep({ updates }) {
        for (const update of updates) if (update.dataset === "slot_votes") weighedBy.add(update.record.weighted_by);
      },
    });
    const byIndex = await replay({ directory, labels: labelsOf("25 n2 @n2") });
    expect(byKey.duties?.faults).toEqual(byIndex.duties?.faults);
    expect(byKey.duties?.faults).toMatchObject([
      { slot: 0, validator: 25, cause: "network" },
      { slot: 11, validator: 25, cause: "offline" },
    ]);
    expect(weighedBy).toEqual(new Set(["balance"]));
  });
});

describe("the duties of the steady recording", () => {
  test("are all done, but for the votes of slot 0, which nobody casts", async () => {
    const report = await replay({ directory: STEADY, labels: labelsOf("0-42 a @n1\n43-85 b @n2\n86-127 c @n3") });
    expect(report.duties?.faults.length).toBe(4);
    for (const fault of report.duties?.faults ?? []) expect(fault).toMatchObject({ slot: 0, cause: "network" });
    for (const record of report.duties?.validators ?? []) {
      expect(record).toMatchObject({ faults_own: 0, faults_unclear: 0, inclusion_delay: 1 });
      expect(record.proposals_ok).toBe(record.proposals);
    }
  });
});
