import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { alertRecord } from "../../../test/rigs/alert-fixtures.ts";
import { type FakeWatcher, startFakeWatcher } from "../../../test/rigs/fake-watcher.ts";
import { SEVERITIES } from "../../events/alert-records.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { connectEngine, type Engine } from "../../store/elastic/engine.ts";
import { alertsSchema } from "../schema.ts";
import { compileScript } from "../script/script.ts";
import { alertVariables } from "../send/alert-variables.ts";
import { readWatchFiles } from "../shipped.ts";
import { parseWatch } from "../watch/parse-watch.ts";
import { completeWatch, type PushSettings } from "./complete-watch.ts";
import { pushWatches } from "./push-watches.ts";
import { severityExpression } from "./severity-script.ts";
import { substitute } from "./substitute.ts";

const SHIPPED = readWatchFiles(fileURLToPath(new URL("../../../watches", import.meta.url)));

const SETTINGS: PushSettings = {
  ...alertsSchema.parse({
    public_url: "https://monitor.example/",
    email: { host: "smtp.example", from: "ethmon@a.example", to: ["ops@a.example"] },
    routes: [
      {
        name: "chat",
        scopes: ["host"],
        min_severity: "high",
        actions: {
          discord: {
            webhook: {
              method: "post",
              url: "${DISCORD}",
              body: '{"content": {{#toJson}}ctx.vars.alert.message{{/toJson}}}',
            },
          },
          slack: { slack: { url: "${SLACK}" } },
        },
      },
      { name: "others", scopes: ["network"], actions: { other: { slack: { url: "https://x.example" } } } },
    ],
  }),
  secrets: { DISCORD: "https://discord.example/hook", SLACK: "https://slack.example/hook" },
};

/** A rule over several disks, whose severity differs from disk to disk. */
const DISKS = {
  metadata: {
    name: "Disks",
    alert: {
      scope: "host",
      each: "payload.found",
      about: "{{ctx.payload.node}}",
      title: 'Disk "{{ctx.payload.node}}"',
      text: "It is {{ctx.payload.percent}} % full.",
      check_first: "What grows.",
      link: "/nodes/{{ctx.payload.node}}",
      nodes: "{{ctx.payload.node}}",
      holds_for: "1m",
      severity: [
        { severity: "high", when: { compare: { "ctx.payload.percent": { gte: 95 } } } },
        { severity: "warning", when: { always: {} } },
      ],
    },
  },
  trigger: { schedule: { interval: "1m" } },
  input: { search: { request: { indices: ["metricbeat-*"], body: { query: { match_all: {} } } } } },
  condition: { compare: { "ctx.payload.hits.total": { gt: 0 } } },
  transform: { script: "['found': ctx.payload.hits.hits]" },
  actions: {
    log: { logging: { text: "{{ctx.vars.alert.stage}}: {{ctx.vars.alert.title}}" } },
    mail: { condition: { compare: { "ctx.vars.alert.severity": { not_eq: "info" } } }, email: {} },
    loud: { condition: { compare: { "ctx.vars.alert.severity": { eq: "high" } } }, logging: { text: "loud" } },
    never: { condition: { compare: { "ctx.vars.alert.severity": { eq: "emergency" } } }, logging: { text: "no" } },
    odd: { condition: { script: "ctx.vars.alert.duration_s > 5" }, logging: { text: "no" } },
  },
};

const read = (body: JsonObject, id = "disks") => parseWatch({ id, body });
const ready = (body: JsonObject, how: { settings: PushSettings | undefined } = { settings: SETTINGS }) => {
  const completed = completeWatch(read(body), how.settings);
  if (completed.kind !== "ready") throw new Error(completed.reason);
  return { ...completed, actions: completed.body["actions"] as Record<string, JsonObject> };
};

describe("a completed watch", () => {
  test("says in its actions what is made from an alert here, once for each of them", () => {
    const { body, actions } = ready(DISKS);
    expect(body).toMatchObject({ trigger: DISKS.trigger, condition: DISKS.condition, throttle_period: "1h" });
    expect(Object.keys(actions)).toEqual(["log", "mail", "loud", "discord", "slack"]);
    expect(actions["log"]).toEqual({
      foreach: "ctx.payload.found",
      logging: { text: 'new: Disk "{{ctx.payload.node}}"' },
    });
    expect(actions["mail"]).toEqual({
      foreach: "ctx.payload.found",
      email: {
        to: ["ops@a.example"],
        subject: '[{{ctx.payload.alert_severity}}] Disk "{{ctx.payload.node}}"',
        body: {
          text: expect.stringMatching(
            /It is \{\{ctx\.payload\.percent\}\} % full\.\n\nCheck first: What grows\.\n\nPage: https:\/\/monitor\.example\/nodes\/\{\{ctx\.payload\.node\}\}/,
          ),
        },
      },
    });
  });

  test("grades each alert by a script of its own, and runs an action for those severities that it takes", () => {
    const { body, actions } = ready(DISKS);
    const graded =
      "for (def e : ctx.payload.found) { e.alert_severity = (e.percent != null && e.percent >= 95) ? 'high' : 'warning'; } return ctx.payload";
    expect(body["transform"]).toEqual({
      chain: [DISKS.transform, { script: { source: graded, lang: "painless" } }],
    });
    expect(actions["loud"]).toMatchObject({
      foreach: "ctx.payload.alerts",
      transform: {
        script: { source: expect.stringContaining("ctx.payload.found.stream()"), params: { told: ["high"] } },
      },
    });
    const single = { ...DISKS, metadata: { alert: { ...DISKS.metadata.alert, each: undefined } } };
    const one = ready(JSON.parse(JSON.stringify(single)) as JsonObject);
    expect(one.actions["loud"]).toMatchObject({
      condition: { script: { source: "params.told.contains(ctx.payload.alert_severity)" } },
    });
  });

  test("has the actions of the routes that take it, with their secrets and in JSON that holds", () => {
    const { actions } = ready(DISKS);
    const { webhook } = actions["discord"] as { webhook: JsonObject };
    expect(webhook["url"]).toBe("https://discord.example/hook");
    const text = String(webhook["body"]);
    expect(text).toMatch(/^__json__::\{"content": "Disk \\"\{\{ctx\.payload\.node\}\}\\" \(\{\{/);
    expect(JSON.parse(text.slice(10))).toMatchObject({ content: expect.stringContaining("It is") });
    expect(actions["slack"]).toMatchObject({ webhook: { url: "https://slack.example/hook", method: "post" } });
    expect(actions["discord"]).toMatchObject({
      transform: { script: { params: { told: ["high"] } } },
    });
    expect(Object.keys(ready(DISKS, { settings: undefined }).actions)).toEqual(["log", "mail", "loud"]);
  });

  test("names what is lost", () => {
    expect(ready(DISKS).remarks).toEqual([
      expect.stringContaining("tells it again every 1h"),
      expect.stringContaining("has no holds_for"),
      expect.stringContaining("never is left out: no alert of the rule can be so severe"),
      expect.stringContaining("odd is left out: its condition asks"),
    ]);
    expect(ready(DISKS, { settings: undefined }).remarks).toContainEqual(expect.stringContaining("mail names nobody"));
  });

  test("of a plain watch is that watch", () => {
    const plain = { trigger: DISKS.trigger, actions: { log: { logging: { text: "x" } } } };
    expect(ready({ ...plain, status: { version: 3 } })).toMatchObject({ body: plain, remarks: [] });
    expect(ready({ ...plain, status: { version: 3 } }).body).not.toHaveProperty("status");
  });

  test("says with its templates what the alert itself says", async () => {
    const { actions } = ready({ ...DISKS, metadata: { alert: { ...DISKS.metadata.alert, severity: "high" } } });
    const watch = read({ ...DISKS, actions: { mail: { email: (actions["mail"] as { email: JsonObject }).email } } });
    const ctx = {
      ...{ watch_id: "disks", id: "x", execution_time: "2026-11-22T10:00:00.000Z", metadata: {}, vars: {} },
      trigger: { triggered_time: "", scheduled_time: "" },
      payload: { node: "n<1>", percent: 97.5 },
    };
    const ports = { nowMs: 0, signal: new AbortController().signal } as never;
    const rendered = await watch.actions[0]?.render(ctx, ports);
    const alert = alertRecord(7, { severity: "high", title: 'Disk "n<1>"' });
    expect(rendered).toMatchObject({
      contents: [{ subject: alertVariables({ alert, stage: "new", nowMs: 0 })["subject"] }],
    });
  });
});

test("the severity as a script is the severity that the rule gives", () => {
  const operator = fc.constantFrom("gt", "gte", "lt", "lte", "eq", "not_eq");
  const when = fc.oneof(
    fc.constant({ always: {} }),
    fc.constant({ never: {} }),
    fc
      .record({ at: fc.constantFrom("a", "b.c"), operator, value: fc.integer({ min: -3, max: 3 }) })
      .map(({ at, operator: how, value }) => ({ compare: { [`ctx.payload.${at}`]: { [how]: value } } })),
  );
  const grades = fc.array(fc.record({ severity: fc.constantFrom(...SEVERITIES), when }), {
    minLength: 1,
    maxLength: 4,
  });
  const number = fc.integer({ min: -3, max: 3 });
  const payload = fc.record({ a: number, b: fc.record({ c: number }) });
  fc.assert(
    fc.property(grades, payload, (severity, told) => {
      const watch = read({ ...DISKS, metadata: { alert: { severity } } });
      const ctx = {
        ...{ watch_id: "w", id: "w", execution_time: "2026-11-22T10:00:00.000Z", metadata: {}, vars: {} },
        trigger: { triggered_time: "", scheduled_time: "" },
        payload: told,
      };
      const source = severityExpression(severity, "ctx.payload") ?? "";
      expect(compileScript({ source, params: {} }).value(ctx)).toBe(watch.alert?.severity(ctx));
    }),
  );
});

test("words stand in a template wherever an alert was named, and nowhere else", () => {
  const words = { title: 'A "{{ctx.payload.b}}"', slot: "7", link: "" };
  const said = (text: string) => substitute(text, words);
  expect(said("{{ctx.payload.a}} {{ctx.vars.other}}")).toBe("{{ctx.payload.a}} {{ctx.vars.other}}");
  expect(said("{{ctx.vars.alert.slot}} {{{ctx.vars.alert.slot}}} {{& ctx.vars.alert.slot }}")).toBe("7 7 7");
  expect(said("{{#ctx.vars.alert.link}}at {{ctx.vars.alert.link}}{{/ctx.vars.alert.link}}!")).toBe("!");
  expect(said("{{^ctx.vars.alert.link}}none{{/ctx.vars.alert.link}}")).toBe("none");
  expect(said('{"t": {{#toJson}}ctx.vars.alert.title{{/toJson}}}')).toBe(
    '__json__::{"t": "A \\"{{ctx.payload.b}}\\""}',
  );
});

describe("pushing", () => {
  let fake: FakeWatcher;
  let engine: Engine;
  beforeAll(async () => {
    fake = await startFakeWatcher();
    engine = connectEngine({ urls: [fake.url], compress: false });
  });
  afterAll(async () => {
    await engine.close();
    await fake.close();
  });
  const { signal } = new AbortController();

  test("puts every shipped rule that has a schedule, in a form that Watcher takes", async () => {
    const pushed = await pushWatches({ engine, watches: SHIPPED, settings: SETTINGS, active: true, signal });
    expect(pushed.filter(({ outcome }) => outcome === "refused")).toEqual([]);
    const scheduled = SHIPPED.filter(({ trigger }) => trigger.kind === "schedule").map(({ id }) => id);
    expect([...fake.watches.keys()].sort()).toEqual(scheduled.sort());
    const streams = pushed.filter(({ outcome }) => outcome === "left_out");
    expect(streams).toHaveLength(SHIPPED.length - scheduled.length);
    for (const { reason } of streams) expect(reason).toContain("its trigger is `stream`");
  });

  test("replaces what is there, and tells what the cluster refuses with its reason", async () => {
    const watches = [read(DISKS), read(DISKS), read(DISKS, "inactive")];
    const first = await pushWatches({ engine, watches: watches.slice(0, 2), settings: SETTINGS, active: true, signal });
    expect(first.map(({ outcome }) => outcome)).toEqual(["created", "replaced"]);
    await pushWatches({ engine, watches: watches.slice(2), settings: SETTINGS, active: false, signal });
    expect([fake.watches.get("disks")?.active, fake.watches.get("inactive")?.active]).toEqual([true, false]);
    const odd = { ...DISKS, actions: { log: { logging: { text: "{{#join}}ctx.vars.alert.nodes.x{{/join}}" } } } };
    const [refused] = await pushWatches({
      engine,
      watches: [read(odd, "odd")],
      settings: undefined,
      active: true,
      signal,
    });
    expect(refused).toMatchObject({ outcome: "refused", reason: expect.stringContaining("[ctx.vars.alert]") });
    expect(refused?.remarks).toContainEqual(expect.stringContaining("in a way that is empty there"));
  });

  test("to a cluster without Watcher is refused with the cluster's reason", async () => {
    const basic = await startFakeWatcher({ license: "basic" });
    const other = connectEngine({ urls: [basic.url], compress: false });
    const asked = { engine: other, watches: [read(DISKS)], settings: undefined, active: true, signal };
    await expect(pushWatches(asked)).rejects.toMatchObject({
      code: "watcher_missing",
      message: expect.stringContaining("current license is non-compliant for [watcher]"),
    });
    await other.close();
    await basic.close();
  });
});
