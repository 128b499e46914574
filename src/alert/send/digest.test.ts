import { describe, expect, test } from "vitest";
import { lateBlock } from "../../../test/rigs/sent-alerts.ts";
import type { AlertRecord, DeliveryRecord } from "../../events/alert-records.ts";
import { silentLog } from "../../lib/log.ts";
import { createDigest } from "./digest.ts";
import { digestMessage } from "./digest-message.ts";

const DAY_MS = 86_400_000;
const EIGHT_MS = Date.UTC(2026, 10, 28, 8);
const alert = (changes: Partial<AlertRecord>): AlertRecord => ({ ...lateBlock(), told: [], ...changes });

describe("what it says", () => {
  test("counts first, then what is open, the worst before others, then what was over and how long it took", () => {
    const { subject, text, html } = digestMessage({
      alerts: [
        alert({ title: "Late <i>", since_ms: EIGHT_MS - 3_600_000, severity: "warning" }),
        alert({
          rule: "finality",
          title: "No finality",
          since_ms: EIGHT_MS - 3 * DAY_MS,
          severity: "critical",
          acknowledged_ms: 1,
        }),
        alert({
          rule: "reorg",
          title: "Reorg",
          since_ms: EIGHT_MS - 7_200_000,
          until_ms: EIGHT_MS - 7_200_000 + 96_000,
        }),
        alert({ title: "over before", since_ms: EIGHT_MS - 3 * DAY_MS, until_ms: EIGHT_MS - 2 * DAY_MS }),
        alert({ title: "later", since_ms: EIGHT_MS + 1 }),
      ],
      fromMs: EIGHT_MS - DAY_MS,
      untilMs: EIGHT_MS,
      publicUrl: "https://m.example.org/",
    });
    expect(subject).toBe("[digest] 2 open, 1 over, 2026-11-28");
    expect(text).toBe(`2 alerts open, 1 over
From 2026-11-27 08:00:00 UTC to 2026-11-28 08:00:00 UTC; 2 began.
Open: 1 critical, 1 warning.
Over: 1 high.

Open
- CRITICAL No finality (finality): since 2026-11-25 08:00:00 UTC, 3 d, acknowledged
- WARNING Late <i> (late-block): since 2026-11-28 07:00:00 UTC, 1 h

Over
- HIGH Reorg (reorg): 1 min 36 s, 2026-11-28 06:00:00 UTC to 06:01:36 UTC

All alerts: https://m.example.org/alerts
`);
    expect(html).toContain("Late &lt;i&gt;");
  });

  test("a day without alerts is told, too", () => {
    const { subject, text } = digestMessage({
      alerts: [],
      fromMs: EIGHT_MS - DAY_MS,
      untilMs: EIGHT_MS,
      publicUrl: undefined,
    });
    expect(subject).toBe("[digest] 0 open, 0 over, 2026-11-28");
    expect(text).toMatch(/^No alerts\n/);
  });

  test("thousands of alerts are counted, and a hundred of them named", () => {
    const alerts = Array.from({ length: 5_000 }, (_, at) => alert({ id: String(at), since_ms: EIGHT_MS - 1_000 - at }));
    const { text } = digestMessage({ alerts, fromMs: EIGHT_MS - DAY_MS, untilMs: EIGHT_MS, publicUrl: undefined });
    expect(text.match(/^- HIGH/gm)).toHaveLength(100);
    expect(text).toContain("- and 4900 more");
  });
});

describe("when it comes", () => {
  function digest(input: {
    startedMs: number;
    before?: readonly string[];
    fails?: () => boolean;
    at?: string | undefined;
  }) {
    const sent: DeliveryRecord[] = [];
    const has = new Set(input.before);
    const { signal } = new AbortController();
    const made = createDigest({
      at: "at" in input ? input.at : "08:00",
      startedMs: input.startedMs,
      publicUrl: undefined,
      async alertsSince(sinceMs) {
        if (input.fails?.()) throw new Error("the store is away");
        return [alert({ since_ms: sinceMs + 1 })];
      },
      has: async (id) => has.has(id),
      async send(delivery) {
        has.add(delivery.id);
        sent.push(delivery);
      },
      log: silentLog,
      signal,
    });
    return { made, sent };
  }
  const ids = (sent: readonly DeliveryRecord[]) => sent.map(({ id }) => id);

  test("once a day at its time, in UTC", async () => {
    const { made, sent } = digest({ startedMs: EIGHT_MS - 1_000 });
    for (const ms of [-1_000, -1, 0, 1, 60_000, DAY_MS - 1, DAY_MS, DAY_MS + 5]) await made.tick(EIGHT_MS + ms);
    expect(ids(sent)).toEqual(["_digest/2026-11-28", "_digest/2026-11-29"]);
    expect(sent[0]).toMatchObject({ kind: "email", alert: null, status: "pending", decided_ms: EIGHT_MS });
    expect(sent[0]?.content).toMatchObject({ message: { subject: "[digest] 1 open, 0 over, 2026-11-28" } });
  });

  test("not at a first start after its time, but after a pause over its time", async () => {
    const first = digest({ startedMs: EIGHT_MS + 60_000 });
    await first.made.tick(EIGHT_MS + 60_000);
    expect(first.sent).toEqual([]);
    const after = digest({ startedMs: EIGHT_MS + 60_000, before: ["_digest/2026-11-27"] });
    await after.made.tick(EIGHT_MS + 60_000);
    expect(ids(after.sent)).toEqual(["_digest/2026-11-28"]);
    const twice = digest({ startedMs: EIGHT_MS - 1, before: ["_digest/2026-11-28"] });
    await twice.made.tick(EIGHT_MS + 60_000);
    expect(twice.sent).toEqual([]);
  });

  test("again after a minute where the store could not be read", async () => {
    let fails = true;
    const { made, sent } = digest({ startedMs: EIGHT_MS - 1, fails: () => fails });
    await made.tick(EIGHT_MS);
    fails = false;
    await made.tick(EIGHT_MS + 30_000);
    expect(sent).toEqual([]);
    await made.tick(EIGHT_MS + 60_000);
    expect(ids(sent)).toEqual(["_digest/2026-11-28"]);
  });

  test("never where no time is set", async () => {
    const { made, sent } = digest({ startedMs: EIGHT_MS - 1, at: undefined });
    await made.tick(EIGHT_MS);
    expect(sent).toEqual([]);
  });
});
