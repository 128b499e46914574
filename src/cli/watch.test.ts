import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createFakeDesk } from "../../test/rigs/fake-desk.ts";
import { startFakeWatcher } from "../../test/rigs/fake-watcher.ts";
import { runProgram } from "../../test/rigs/program.ts";
import { nodeSlotRecord, slotRecord } from "../../test/rigs/serve-fixtures.ts";
import { type ServeRig, startServeRig } from "../../test/rigs/serve-rig.ts";
import { catalogue } from "../events/catalogue.ts";
import { nodeSlotDataset, slotDataset } from "../events/derived.ts";
import type { JsonObject } from "../events/foreign.ts";
import { documentOf } from "../events/record.ts";
import { systemClock } from "../lib/clock.ts";
import { silentLog } from "../lib/log.ts";
import type { Backtest } from "../serve/views.ts";
import { createEmbeddedStore } from "../store/embedded/embedded-store.ts";
import { addWatch } from "./watch.ts";

const clock = systemClock();
const NOW_MS = Math.floor(clock.nowUs() / 1000);
const SLOT_MS = 12_000;
const GENESIS_MS = (Math.floor(NOW_MS / 1000) - 3_600) * 1000;
const startMs = (slot: number) => GENESIS_MS + slot * SLOT_MS;

const ACTIONS = { log: { logging: { text: "{{ctx.vars.alert.title}}" } } };
const MISSED: JsonObject = {
  trigger: { stream: { dataset: "slot" } },
  condition: { compare: { "ctx.payload.ethereum.status": { eq: "missed" } } },
  metadata: {
    alert: {
      scope: "network",
      about: "missed",
      over_after: "30s",
      title: "Slot {{ctx.payload.ethereum.slot}} was missed",
      check_first: "Its proposer.",
      slot: "{{ctx.payload.ethereum.slot}}",
      metric: { value: "payload.ethereum.delay_ms", title: "First arrival", unit: "ms" },
    },
  },
  actions: ACTIONS,
};

const directory = mkdtempSync(join(tmpdir(), "ethmon-watch-"));
afterAll(() => rmSync(directory, { recursive: true }));
const fileOf = (name: string, content: unknown): string => {
  const path = join(directory, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
};
const missed = fileOf("missed.json", MISSED);
const plain = fileOf("plain.json", { trigger: { schedule: { interval: "1m" } }, actions: ACTIONS });

/** A verb in this process: what it prints, or the fault that it ends with. */
async function ethmon(...args: string[]): Promise<{ out: string; code: number | string | null | undefined }> {
  const { stdout } = process;
  const write = stdout.write;
  let out = "";
  const program = new Command("ethmon").exitOverride().configureOutput({ writeErr: () => undefined });
  addWatch(program);
  process.exitCode = undefined;
  try {
    stdout.write = ((text: string) => {
      out += text;
      return true;
    }) as typeof write;
    await program.parseAsync(["watch", ...args], { from: "user" });
    return { out, code: process.exitCode };
  } finally {
    stdout.write = write;
    process.exitCode = undefined;
  }
}

describe("rules of a running ethmon", () => {
  const shipped = { "late-blocks": { trigger: { schedule: { interval: "1m" } }, actions: ACTIONS } };
  const desk = createFakeDesk({ nowMs: () => NOW_MS, shipped });
  let rig: ServeRig;
  beforeAll(async () => {
    rig = await startServeRig({ desk });
  });
  beforeEach(desk.reset);
  afterAll(() => rig.close());
  const ask = (...args: string[]) => ethmon(...args, "--url", rig.url);

  test("are listed, put, shown, switched, acknowledged and deleted", async () => {
    expect((await ask("put", plain, "--inactive")).out).toBe(
      "plain was created, and is not checked until it is activated.\n",
    );
    expect((await ask("put", plain, "--id", "other")).out).toBe("other was created, and is checked.\n");
    const { out } = await ask("list");
    expect(out.split("\n").map((line) => line.split(/ {2,}/).slice(0, 3))).toEqual([
      ["rule", "state", "origin"],
      ["late-blocks", "active", "shipped"],
      ["plain", "inactive", "own"],
      ["other", "active", "own"],
      [""],
    ]);
    expect(JSON.parse((await ask("list", "--json")).out)).toMatchObject({ running: true, rules: [{}, {}, {}] });
    expect(JSON.parse((await ask("show", "plain")).out)).toEqual(JSON.parse(readFileSync(plain, "utf8")));
    expect((await ask("activate", "plain")).out).toBe("plain is active.\n");
    expect((await ask("deactivate", "other")).out).toBe("other is inactive.\n");
    expect((await ask("ack", "plain")).out).toMatch(/^plain is acknowledged/);
    expect((await ask("delete", "plain")).out).toBe("plain was deleted.\n");
    await expect(ask("show", "plain")).rejects.toMatchObject({ code: "watch_unknown" });
    await expect(ask("delete", "late-blocks")).rejects.toMatchObject({ code: "object_shipped" });
    await expect(ask("ack", "none/1/2")).rejects.toMatchObject({ code: "alert_unknown" });
  });

  test("are tested and held against the past by it", async () => {
    const payload = fileOf("payload.json", { slot: 7 });
    expect((await ask("test", missed, "--input", payload, "--ignore-condition")).out).toMatch(/its condition is met/);
    expect(desk.asked).toMatchObject([{ watch: MISSED, alternativeInput: { slot: 7 }, ignoreCondition: true }]);
    desk.asked.length = 0;
    expect((await ask("backtest", missed, "--last", "30d")).out).toContain("missed over 30 d to");
    const [{ fromMs, untilMs }] = desk.asked as [{ fromMs: number; untilMs: number }];
    expect(untilMs - fromMs).toBe(30 * 86_400_000);
  });

  test("cannot be asked for where none runs", async () => {
    await expect(ethmon("list", "--data", join(directory, "nothing"))).rejects.toMatchObject({ code: "none_running" });
  });
});

describe("a store that no program uses", () => {
  const data = join(directory, "data");
  const span = ["--from", new Date(startMs(0)).toISOString(), "--until", new Date(startMs(200)).toISOString()];
  beforeAll(async () => {
    const store = await createEmbeddedStore({
      directory: data,
      network: "testnet",
      datasets: catalogue,
      clock,
      log: silentLog,
    });
    const slots = Array.from({ length: 200 }, (_, slot) => {
      const isMissed = slot >= 100 && slot < 103;
      const own = isMissed ? { status: "missed" as const, block_root: null, delay_ms: null } : { delay_ms: slot };
      const record = { ...slotRecord(slot, own), start_ms: startMs(slot) };
      return documentOf({ dataset: slotDataset, record, timestampUs: startMs(slot) * 1000, id: `${slot}` });
    });
    const nodes = ["n1", "n2"].map((node) =>
      documentOf({
        dataset: nodeSlotDataset,
        record: nodeSlotRecord(1, node),
        timestampUs: startMs(1) * 1000,
        id: `1-${node}`,
      }),
    );
    await store.append([...slots, ...nodes]);
    await store.settled();
    await store.close();
  });

  test("answers when a watch would have fired, with a picture", async () => {
    const svg = join(directory, "missed.svg");
    const { out, code } = await ethmon("backtest", missed, ...span, "--data", data, "--svg", svg);
    expect(code).toBeUndefined();
    const lines = out.split("\n");
    expect(lines[0]).toMatch(/^missed over 40 min to .*: 1 firing, the longest pause 20 min; .* in 200 checks\.$/);
    expect(lines[3]).toMatch(/ 36 s +warning +100 +- +Slot 102 was missed$/);
    expect(out).toContain("First arrival (ms)\n199 ┤");
    expect(out).toContain("▲");
    expect(readFileSync(svg, "utf8")).toMatch(/^<svg .*[\s\S]+<polyline /);
    const { out: json } = await ethmon("backtest", missed, ...span, "--data", data, "--json");
    const result = JSON.parse(json) as Backtest;
    expect(result).toMatchObject({ checks: 200, alerts: [{ since_ms: startMs(100), until_ms: startMs(103), met: 3 }] });
  });

  test("answers what a watch finds now, and what would be told", async () => {
    const { out } = await ethmon("test", missed, "--data", data, "--ignore-condition");
    expect(out).toMatch(
      /^missed: its condition is met \([\d.]+ ms\)\.\n\nWARNING: Slot 199 was missed\n {2}slot 199\n/,
    );
    expect(out).toContain('log (logging): simulated\n  {"level":"info","text":"Slot 199 was missed"}');
    const failing = fileOf("failing.json", {
      trigger: { schedule: { interval: "1m" } },
      input: { http: { request: { url: "http://127.0.0.1:9/" } } },
    });
    expect(await ethmon("test", failing, "--data", data)).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^failing: the check failed: /),
    });
  });

  test("that is none is told as such, and nothing is made there", async () => {
    const nothing = join(directory, "nothing");
    await expect(ethmon("backtest", missed, "--data", nothing)).rejects.toMatchObject({ code: "store_missing" });
    expect(existsSync(nothing)).toBe(false);
  });
});

test("a file that is refused ends with 1, and a sentence that names the place", async () => {
  const bad = fileOf("bad.json", { ...MISSED, actions: { mail: { email: { subject: 7, colour: "red" } } } });
  const { code, out, errors } = await runProgram(["watch", "test", bad]);
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(errors).toMatch(/^ethmon: .*bad\.json: .*\[colour\].* \(at actions\.mail\.email\.colour\)\n$/);
  await expect(ethmon("backtest", fileOf("broken.json", "{"))).rejects.toThrow(/broken\.json: .*JSON/);
  await expect(ethmon("backtest", missed, "--last", "soon")).rejects.toThrow(/30d/);
  await expect(ethmon("backtest", missed, "--last", "1d", "--from", "2026-01-01")).rejects.toThrow(
    /cannot be used with/,
  );
});

test("watches are pushed to a real Watcher, with what is left out named", async () => {
  const fake = await startFakeWatcher();
  const config = fileOf("ethmon.json", {
    alerts: { email: { host: "smtp.example", from: "a@a.example", to: ["ops@a.example"] } },
  });
  const scheduled = fileOf("scheduled.json", {
    trigger: { schedule: { interval: "1m" } },
    metadata: { alert: { title: "Hits" } },
    actions: { mail: { email: {} } },
  });
  const to = fake.url.replace("//", "//me:open%20sesame@");
  const { out, code } = await ethmon("push", missed, scheduled, "--to", to, "--config", config);
  expect(code).toBeUndefined();
  expect(out.split("\n")[0]).toBe("left out  missed: its trigger is `stream`: Watcher has schedules alone");
  expect(out).toContain("created  scheduled\n");
  expect(out).toContain("1 of 2 watches are there, 1 were left out, 0 refused.");
  expect(fake.watches.get("scheduled")?.body).toMatchObject({
    actions: { mail: { email: { to: ["ops@a.example"], subject: "[warning] Hits" } } },
  });
  expect(new Set(fake.authorizations)).toEqual(new Set([`Basic ${Buffer.from("me:open sesame").toString("base64")}`]));
  await fake.close();
});
