import { afterEach, describe, expect, it } from "vitest";
import {
  dutyDocument,
  dutyRecord,
  validatorEpochDocument,
  validatorEpochRecord,
} from "../../../test/rigs/duty-fixtures.ts";
import { slotStartMs } from "../../../test/rigs/serve-fixtures.ts";
import { type ServeRig, type ServeRigOptions, startServeRig } from "../../../test/rigs/serve-rig.ts";
import type { LabelledGroup } from "../../chain/validator-labels.ts";
import { schemas, type Views } from "./schemas.ts";

const LABELS: readonly LabelledGroup[] = [
  { group: "home", nodes: ["n1"], validators: 10 },
  { group: "away", nodes: [], validators: 10 },
  { group: "idle", nodes: [], validators: 1 },
];

let rig: ServeRig | undefined;

afterEach(async () => {
  await rig?.close();
  rig = undefined;
});

async function serve(options: ServeRigOptions = {}): Promise<ServeRig> {
  rig = await startServeRig({ documents: [], source: { labels: () => LABELS }, nowMs: slotStartMs(100), ...options });
  return rig;
}

async function answer<Name extends keyof Views>(path: string, name: Name): Promise<Views[Name]> {
  const { status, body } = (await rig?.get(path)) ?? {};
  expect({ path, status, body }).toMatchObject({ status: 200 });
  return schemas[name].parse(body) as Views[Name];
}

const epochs = [
  validatorEpochRecord("home", 1, { attestations_ok: 8, attestations_missed: 2, inclusion_delay: 2, faults_own: 2 }),
  validatorEpochRecord("home", 2, { proposals: 1, proposals_ok: 1, sync_expected: 32, sync_signed: 30 }),
  validatorEpochRecord("home", 3, { attestations: 4, attestations_ok: 3, attestations_pending: 1 }),
  validatorEpochRecord("away", 2, { attestations_ok: 9, attestations_wrong_head: 1, faults_network: 1 }),
  validatorEpochRecord("away", 3, { attestations_ok: 9, attestations_late: 1, faults_unclear: 1 }),
  validatorEpochRecord("formerly", 3, { attestations_missed: 10, attestations_ok: 0 }),
];

describe("labelled validators", () => {
  it("are told by group, the one that lost most first, with the weights of the flags", async () => {
    await serve({ documents: epochs.map(validatorEpochDocument) });
    const told = await answer("/api/v1/validators", "Validators");
    expect(told).toMatchObject({ labelled: true, from_epoch: 0, through_epoch: 3 });
    expect(told.groups.map(({ group }) => group)).toEqual(["home", "away", "idle"]);
    const [home, away, idle] = told.groups;
    expect(home).toMatchObject({
      nodes: ["n1"],
      labelled: 10,
      epochs: 3,
      attestations: 24,
      attestations_missed: 2,
      proposals_ok: 1,
      sync_expected: 32,
      sync_signed: 30,
      faults_own: 2,
    });
    expect(home?.lost_share).toBeCloseTo(2 / 23, 12);
    expect(home?.inclusion_delay).toBeCloseTo((8 * 2 + 13) / 21, 12);
    expect(away?.lost_share).toBeCloseTo((2 * 14) / 54 / 20, 12);
    expect(idle).toMatchObject({
      epochs: 0,
      attestations: 0,
      lost_share: null,
      inclusion_delay: null,
      sync_expected: null,
    });
  });

  it("are told of the last epochs alone where that is asked for", async () => {
    await serve({ documents: epochs.map(validatorEpochDocument) });
    const told = await answer("/api/v1/validators?epochs=2", "Validators");
    expect(told).toMatchObject({ from_epoch: 2, through_epoch: 3 });
    expect(told.groups.map(({ group, epochs: known }) => [group, known])).toEqual([
      ["away", 2],
      ["home", 2],
      ["idle", 0],
    ]);
  });

  it("are none without a label file", async () => {
    await serve({ source: { labels: () => undefined }, documents: epochs.map(validatorEpochDocument) });
    expect(await answer("/api/v1/validators", "Validators")).toMatchObject({ labelled: false, groups: [] });
  });

  it("are told one by one within a group, with its faults newest first and page after page", async () => {
    const faults = [
      dutyRecord(40, 7),
      dutyRecord(41, 8, { outcome: "late", cause: "next_slot_empty", side: "network", inclusion_delay: 2 }),
      dutyRecord(50, 7, { kind: "proposal", outcome: "orphaned", cause: "reorged", side: "network" }),
      dutyRecord(64, 9, { kind: "sync", id: "sync/2/9", cause: "not_seen", sync_missed: 3, sync_expected: 32 }),
      dutyRecord(99, 7, { final: false }),
    ];
    const others = [dutyRecord(45, 1, { withdrawn: true }), dutyRecord(46, 1, { group: "away" })];
    const documents = [...epochs.map(validatorEpochDocument), ...[...faults, ...others].map(dutyDocument)];
    await serve({ documents });

    const first = await answer("/api/v1/validators/home?limit=3", "GroupDetail");
    expect(first.group.group).toBe("home");
    expect(first.faults).toEqual([faults[4], faults[3], faults[2]]);
    expect(first.validators).toMatchObject([
      { validator: 7, attestations_missed: 2, proposals_lost: 1, faults_own: 2, faults_network: 1, last_slot: 99 },
      { validator: 9, sync_missed: 3, faults_own: 1 },
      { validator: 8, attestations_late: 1, faults_own: 0, faults_network: 1 },
    ]);
    const second = await answer(`/api/v1/validators/home?limit=3&before=${first.next_before}`, "GroupDetail");
    expect(second).toMatchObject({ faults: [faults[1], faults[0]], next_before: null });
    const recent = await answer("/api/v1/validators/home?epochs=1", "GroupDetail");
    expect(recent).toMatchObject({ from_epoch: 3, faults: [faults[4]], group: { attestations: 4 } });
  });

  it("of a group that no file names are told as long as something is stored, and of none the groups are named", async () => {
    const { get } = await serve({ documents: epochs.map(validatorEpochDocument) });
    expect(await answer("/api/v1/validators/formerly", "GroupDetail")).toMatchObject({
      group: { labelled: 0, attestations_missed: 10, lost_share: 1 },
    });
    expect(await answer("/api/v1/validators/idle", "GroupDetail")).toMatchObject({ validators: [], faults: [] });
    const { status, body } = await get("/api/v1/validators/nobody");
    expect({ status, body }).toMatchObject({
      status: 404,
      body: {
        error: { code: "group_unknown", message: "There is no group of this name; the groups are home, away, idle." },
      },
    });
  });

  it.each([
    ["/api/v1/validators?epochs=0", 'The query parameter "epochs" must be a whole number from 1 to 10000, not "0".'],
    ["/api/v1/validators?limit=5", 'There is no query parameter "limit" here: allowed are epochs.'],
    ["/api/v1/validators/home?before=x", 'The query parameter "before" must be a whole number from 0 on, not "x".'],
  ])("%s is refused", async (path, message) => {
    const { get } = await serve();
    expect(await get(path)).toMatchObject({ status: 400, body: { error: { code: "parameter_invalid", message } } });
  });
});
