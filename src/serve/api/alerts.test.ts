import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  alertDocument,
  alertRecord,
  deliveryDocument,
  deliveryRecord,
  executionDocument,
  executionRecord,
} from "../../../test/rigs/alert-fixtures.ts";
import { createFakeDesk, type FakeDesk } from "../../../test/rigs/fake-desk.ts";
import { slotStartMs } from "../../../test/rigs/serve-fixtures.ts";
import { type ServeRig, startServeRig } from "../../../test/rigs/serve-rig.ts";
import { openSse } from "../../../test/rigs/sse-reader.ts";
import { SEVERITIES } from "../../events/alert-records.ts";
import type { AlertsAnswer } from "../views.ts";
import { schemas } from "./schemas.ts";

let rig: ServeRig;
let desk: FakeDesk;

const SHIPPED = { trigger: { schedule: { interval: "1m" } }, actions: { log: { logging: { text: "late" } } } };
const OWN = {
  ...SHIPPED,
  input: {
    http: {
      request: {
        url: "http://a.example",
        headers: { "Private-Token": "open sesame" },
        auth: { basic: { username: "me", password: "open sesame" } },
      },
    },
  },
};

const over = Array.from({ length: 7 }, (_, i) =>
  alertRecord(10 + i, {
    state: "over",
    until_ms: slotStartMs(20 + i),
    severity: SEVERITIES[i % SEVERITIES.length] ?? "info",
    ...(i === 0 ? { rule: "disk", slot: null, nodes: [], link: null, check_first: null } : {}),
    ...(i === 1 ? { nodes: ["n2", "n3"] } : {}),
  }),
);
const acknowledged = alertRecord(41, { state: "acknowledged", acknowledged_ms: slotStartMs(42), severity: "critical" });
const open = [alertRecord(30), alertRecord(40, { severity: "high" })];
const ALL = [...over, acknowledged, ...open];

beforeAll(async () => {
  desk = createFakeDesk({ nowMs: () => slotStartMs(100), shipped: { "late-blocks": SHIPPED } });
  for (const alert of ALL) desk.alerts.set(alert.id, alert);
  rig = await startServeRig({
    documents: [
      ...ALL.map(alertDocument),
      deliveryDocument(deliveryRecord(acknowledged, { id: "b", stage: "worse", decided_ms: slotStartMs(45) })),
      deliveryDocument(deliveryRecord(acknowledged, { id: "a", status: "failed", reason: "refused", attempts: 4 })),
      deliveryDocument(deliveryRecord(alertRecord(40))),
      ...[50, 51, 52].map((slot) => executionDocument(executionRecord(slot), slotStartMs(slot) + 5_000.25)),
      executionDocument(
        executionRecord(51, { watch: "disk", met: false, state: "failed", reason: "no" }),
        slotStartMs(51),
      ),
    ],
    desk,
  });
});

afterAll(() => rig.close());

const refusal = (code: string, words: string | RegExp = /./) => ({
  error: { code, message: expect.stringMatching(words), retry: expect.any(Boolean) },
});
const alertsOf = async (query: string) => {
  const { status, body } = await rig.get(`/api/v1/alerts${query}`);
  expect({ query, status }).toEqual({ query, status: 200 });
  return schemas.Alerts.parse(body);
};
const slotsOf = ({ alerts }: Pick<AlertsAnswer, "alerts">) =>
  alerts.map(({ since_ms }) => Math.floor((since_ms - slotStartMs(0)) / 12_000));

describe("GET /alerts", () => {
  it("tells open ones first, then acknowledged ones, then what is over, each newest first and as it was stored", async () => {
    const answer = await alertsOf("");
    expect(slotsOf(answer)).toEqual([40, 30, 41, 16, 15, 14, 13, 12, 11, 10]);
    expect(answer.next_before).toBeNull();
    expect(answer.alerts[2]).toEqual(acknowledged);
    expect(answer.alerts.at(-1)).toEqual(over[0]);
  });

  it("goes on page by page with what is over, and leaves out none", async () => {
    const first = await alertsOf("?limit=3");
    expect(slotsOf(first)).toEqual([40, 30, 41, 16, 15, 14]);
    const second = await alertsOf(`?limit=3&before=${first.next_before}`);
    expect(slotsOf(second)).toEqual([13, 12, 11]);
    const third = await alertsOf(`?limit=3&before=${second.next_before}`);
    expect([slotsOf(third), third.next_before]).toEqual([[10], null]);
  });

  it.each([
    ["?state=open", [40, 30]],
    ["?state=acknowledged", [41]],
    ["?state=over&limit=2", [16, 15]],
    ["?rule=disk", [10]],
    ["?node=n3", [11]],
    ["?severity=critical", [41, 14, 13]],
    [`?since=${slotStartMs(25)}`, [40, 30, 41, 16, 15]],
    [`?state=over&rule=late-blocks&severity=high&since=${slotStartMs(23)}`, [14, 13]],
  ])("%s chooses", async (query, slots) => {
    expect(slotsOf(await alertsOf(query))).toEqual(slots);
  });

  it.each(["?state=closed", "?severity=5", "?since=yesterday", "?limit=0", "?rule=a%20b", "?node=", "?nothing=1"])(
    "%s is refused",
    async (query) => {
      expect(await rig.get(`/api/v1/alerts${query}`)).toMatchObject({
        status: 400,
        body: refusal("parameter_invalid"),
      });
    },
  );
});

describe("one alert", () => {
  const path = `/api/v1/alerts/${encodeURIComponent(acknowledged.id)}`;

  it("is told with what became of each message", async () => {
    const { status, body } = await rig.get(path);
    expect(status).toBe(200);
    const { alert, deliveries } = schemas.AlertDetail.parse(body);
    expect(alert).toEqual(acknowledged);
    expect(deliveries.map(({ id, status, stage }) => [id, status, stage])).toEqual([
      ["a", "failed", "new"],
      ["b", "delivered", "worse"],
    ]);
    expect(deliveries[0]).toEqual(
      deliveryRecord(acknowledged, { id: "a", status: "failed", reason: "refused", attempts: 4 }),
    );
  });

  it("is acknowledged", async () => {
    const [alert] = open;
    const { status, body } = await rig.send(
      "POST",
      `/api/v1/alerts/${encodeURIComponent(alert?.id ?? "")}/acknowledge`,
    );
    expect([status, body]).toEqual([200, { ...alert, state: "acknowledged", acknowledged_ms: slotStartMs(100) }]);
  });

  it("that there is not is 404", async () => {
    for (const asked of [rig.get("/api/v1/alerts/none"), rig.send("POST", "/api/v1/alerts/none/acknowledge")]) {
      expect(await asked).toMatchObject({ status: 404, body: refusal("alert_unknown") });
    }
  });

  it("is told live as it changes", async () => {
    const stream = await openSse(`${rig.url}/api/v1/stream`);
    rig.live.publish({ event: "alert", data: acknowledged });
    expect(await stream.received(1)).toMatchObject([{ event: "alert", data: acknowledged }]);
    stream.close();
  });
});

describe("silences", () => {
  it("are made, listed and ended", async () => {
    const asked = { rules: ["late-*"], until_ms: slotStartMs(200) };
    const made = await rig.send("POST", "/api/v1/silences", asked);
    expect(made).toEqual({
      status: 200,
      body: { id: "silence-1", ...asked, nodes: [], from_ms: slotStartMs(100), reason: "" },
    });
    const later = { ...asked, from_ms: slotStartMs(150), nodes: ["n1"], reason: "upgrade" };
    expect((await rig.send("POST", "/api/v1/silences", later)).body).toMatchObject(later);
    expect((await rig.get("/api/v1/silences")).body).toMatchObject({ silences: [asked, later] });
    expect(await rig.send("DELETE", "/api/v1/silences/silence-1")).toEqual({ status: 200, body: { id: "silence-1" } });
    expect(await rig.send("DELETE", "/api/v1/silences/silence-1")).toMatchObject({
      status: 404,
      body: refusal("silence_unknown"),
    });
  });

  it.each([
    [{ rules: ["*"], until_ms: slotStartMs(99) }, /until_ms: .*has ended/],
    [{ rules: ["*"], from_ms: slotStartMs(200), until_ms: slotStartMs(150) }, /until_ms: it ends before it begins/],
    [{ rules: [], until_ms: slotStartMs(200) }, /rules/],
    [{ rules: ["*"] }, /until_ms/],
    [{ rules: ["*"], until_ms: slotStartMs(200), who: "me" }, /who/],
  ])("%j is refused", async (body, words) => {
    expect(await rig.send("POST", "/api/v1/silences", body)).toMatchObject({
      status: 400,
      body: refusal("body_invalid", words),
    });
  });
});

describe("rules", () => {
  it("are saved, shown with passwords hidden, saved again as they were shown, and deleted", async () => {
    const put = await rig.send("PUT", "/api/v1/rules/own?active=false", OWN);
    expect(put).toMatchObject({ status: 200, body: { created: true, rule: { id: "own", active: false, version: 1 } } });
    expect(JSON.stringify(put.body)).not.toContain("open sesame");
    const { body } = await rig.get("/api/v1/rules/own");
    expect(body).toMatchObject({ rule: { origin: "own" }, status: { state: { active: false } } });
    const { watch } = body as { watch: object };
    expect(JSON.stringify(watch)).toContain('"password":"::es_redacted::"');

    const again = await rig.send("PUT", "/api/v1/rules/own", { ...watch, metadata: { changed: true } });
    expect(again).toMatchObject({ status: 200, body: { created: false, rule: { version: 2, active: false } } });
    expect(desk.rule("own").watch).toEqual({ ...OWN, metadata: { changed: true } });
    expect((await rig.get("/api/v1/rules")).body).toMatchObject({
      running: true,
      rules: [{ id: "late-blocks", origin: "shipped" }, { id: "own" }],
    });
    expect(await rig.send("DELETE", "/api/v1/rules/own")).toEqual({
      status: 200,
      body: { id: "own", restored: false },
    });
    expect(await rig.get("/api/v1/rules/own")).toMatchObject({ status: 404, body: refusal("watch_unknown") });
  });

  it("that come with the program are changed and restored, and cannot be deleted as they are", async () => {
    const path = "/api/v1/rules/late-blocks";
    expect(await rig.send("DELETE", path)).toMatchObject({ status: 409, body: refusal("object_shipped") });
    const changed = { ...SHIPPED, metadata: { mine: true } };
    expect(await rig.send("PUT", path, changed)).toMatchObject({
      body: { rule: { origin: "changed" }, watch: changed },
    });
    expect(await rig.send("DELETE", path)).toEqual({ status: 200, body: { id: "late-blocks", restored: true } });
    expect((await rig.get(path)).body).toMatchObject({ rule: { origin: "shipped" }, watch: SHIPPED });
  });

  it("are switched off and on", async () => {
    const path = "/api/v1/rules/late-blocks";
    expect(await rig.send("POST", `${path}/deactivate`)).toMatchObject({
      status: 200,
      body: { rule: { active: false } },
    });
    expect(await rig.send("POST", `${path}/activate`)).toMatchObject({ status: 200, body: { rule: { active: true } } });
    expect(await rig.send("POST", "/api/v1/rules/none/activate")).toMatchObject({ status: 404 });
  });

  it("are acknowledged as a whole", async () => {
    const answer = await rig.send("POST", "/api/v1/rules/late-blocks/acknowledge");
    expect(answer).toMatchObject({ status: 200, body: { status: { actions: { log: { ack: { state: "acked" } } } } } });
  });

  it("that cannot be read are refused with the place, and so is a hidden password that is not kept", async () => {
    expect(await rig.send("PUT", "/api/v1/rules/bad", { input: {} })).toMatchObject({
      status: 400,
      body: refusal("watch_invalid", /missing required field \[trigger\]/),
    });
    const hidden = { ...SHIPPED, input: { http: { request: { auth: { basic: { password: "::es_redacted::" } } } } } };
    expect(await rig.send("PUT", "/api/v1/rules/late-blocks", hidden)).toMatchObject({
      status: 400,
      body: refusal("watch_invalid", /\[input\.http\.request\.auth\.basic\.password\]/),
    });
    expect(await rig.send("PUT", "/api/v1/rules/bad?active=maybe", SHIPPED)).toMatchObject({
      status: 400,
      body: refusal("parameter_invalid"),
    });
  });

  it("are tested with their actions simulated, under passwords that are kept", async () => {
    await rig.send("PUT", "/api/v1/rules/own", OWN);
    const { watch } = (await rig.get("/api/v1/rules/own")).body as { watch: object };
    desk.asked.length = 0;
    const tested = await rig.send("POST", "/api/v1/rules/test", { id: "own", watch, alternative_input: { a: 1 } });
    expect(tested).toMatchObject({ status: 200, body: { id: "_inlined__1", record: { state: "executed" } } });
    expect(desk.asked).toEqual([
      {
        watch: OWN,
        alternativeInput: { a: 1 },
        ignoreCondition: false,
        actionModes: { _all: "simulate" },
        recordExecution: false,
      },
    ]);
  });

  it("are held against a span of the past", async () => {
    const span = { from_ms: slotStartMs(0), until_ms: slotStartMs(90) };
    const { status, body } = await rig.send("POST", "/api/v1/rules/backtest", { watch: SHIPPED, ...span });
    expect([status, schemas.Backtest.parse(body)]).toMatchObject([200, { ...span, checks: 3 }]);
    const none = { watch: SHIPPED, from_ms: span.until_ms, until_ms: span.from_ms };
    expect(await rig.send("POST", "/api/v1/rules/backtest", none)).toMatchObject({
      status: 400,
      body: refusal("body_invalid", /the span ends before it begins/),
    });
  });

  it("tell their executions, newest first", async () => {
    const { body } = await rig.get("/api/v1/rules/late-blocks/history?limit=2");
    const first = schemas.RuleHistory.parse(body);
    expect(first.executions).toEqual(
      [52, 51].map((slot) => ({ ...executionRecord(slot), at_ms: slotStartMs(slot) + 5_000.25 })),
    );
    const { body: rest } = await rig.get(`/api/v1/rules/late-blocks/history?before=${first.next_before}`);
    expect(rest).toMatchObject({ executions: [{ slot: 50 }], next_before: null });
  });
});

describe("while no watches run yet", () => {
  it("what is stored is told, and what asks the rules is to come again", async () => {
    const early = await startServeRig({ documents: [alertDocument(acknowledged)] });
    expect((await early.get("/api/v1/alerts")).body).toMatchObject({ alerts: [{ id: acknowledged.id }] });
    expect(await early.get("/api/v1/rules")).toMatchObject({ status: 503, body: refusal("alerts_unavailable") });
    expect(await early.get("/api/v1/channels")).toMatchObject({ status: 503 });
    await early.close();
  });
});
