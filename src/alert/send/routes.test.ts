import { describe, expect, test } from "vitest";
import { startReceiver } from "../../../test/rigs/http-receiver.ts";
import { startOutbox } from "../../../test/rigs/outbox-rig.ts";
import { deliveryOf, lateBlock, NIGHT_MS } from "../../../test/rigs/sent-alerts.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { alertsSchema } from "../schema.ts";
import { compileAction } from "../watch/compile-action.ts";
import { hideContentSecrets } from "../watch-secrets.ts";
import { createRoutes } from "./routes.ts";

type RouteSettings = Record<string, unknown> & { actions: Record<string, JsonObject> };

function routes(settings: RouteSettings[], secrets: Record<string, string> = {}, publicUrl = "https://m.example.org") {
  const parsed = alertsSchema.parse({ routes: settings, public_url: publicUrl });
  return createRoutes({ settings: { ...parsed, secrets }, compile: compileAction });
}
const told = { alert: lateBlock(), stage: "new", decidedMs: NIGHT_MS } as const;

test("a route takes what matches its rules, scopes and least severity", () => {
  const names = (alert: Parameters<typeof lateBlock>[0]) =>
    routes([
      { name: "all", min_severity: "info", actions: { a: { email: {} } } },
      {
        name: "late",
        rules: ["late-*", "reorg"],
        min_severity: "info",
        actions: { b: { email: {} }, c: { slack: {} } },
      },
      { name: "bad", scopes: ["network"], min_severity: "critical", actions: { d: { email: {} } } },
    ])
      .matching(lateBlock(alert))
      .map(({ name, kind }) => `${name} ${kind}`);
  expect(names({})).toEqual(["a email", "b email", "c slack"]);
  expect(names({ rule: "reorg", severity: "emergency" })).toEqual(["a email", "b email", "c slack", "d email"]);
  expect(names({ rule: "clock", scope: "monitor", severity: "emergency" })).toEqual(["a email"]);
});

describe("a template of a route", () => {
  const body = (text: string, alert = lateBlock()) =>
    routes([{ name: "r", actions: { hook: { webhook: { url: "https://x.example/", method: "post", body: text } } } }])
      .named("hook")
      ?.content({ ...told, alert });

  test("sees the alert in words and in figures, and a name for it that stays the same", async () => {
    const text =
      '{"dedup_key":"{{ctx.vars.alert.id}}","event_action":"{{#ctx.vars.alert.is_over}}resolve{{/ctx.vars.alert.is_over}}' +
      '{{^ctx.vars.alert.is_over}}trigger{{/ctx.vars.alert.is_over}}","summary":"{{ctx.vars.alert.subject}}",' +
      '"slot":{{ctx.vars.alert.slot}},"severity":"{{ctx.vars.alert.level}}","link":"{{ctx.vars.alert.url}}","message":"{{ctx.vars.alert.message}}"}';
    const content = await body(text);
    expect(JSON.parse(String(content?.action["body"]))).toEqual({
      dedup_key: lateBlock().id,
      event_action: "trigger",
      summary: "[high] The block of slot 12345678 came 6.2 s late",
      slot: 12345678,
      severity: "error",
      link: "https://m.example.org/slots/12345678",
      message: expect.stringMatching(/^HIGH: The block[\s\S]*Page: https:\/\/m\.example\.org\/slots\/12345678/),
    });
  });

  test("is JSON whatever strangers wrote", async () => {
    const title = '"},{"x":"${SECRET}\n\\ \u2028 {{ctx.vars.alert.id}}';
    const content = await body('{"content":"{{ctx.vars.alert.title}}"}', lateBlock({ title }));
    expect(JSON.parse(String(content?.action["body"]))).toEqual({ content: title });
  });
});

describe("secrets of a route", () => {
  const secrets = { TOKEN: "s3cret", CHAT: "42", HOOK: "https://discord.example/api/webhooks/1/abc" };
  const actions: Record<string, JsonObject> = {
    telegram: {
      webhook: {
        url: "https://api.telegram.example/bot${TOKEN}/sendMessage",
        method: "post",
        headers: { authorization: "Bearer ${TOKEN}" },
        auth: { basic: { username: "me", password: "in plain text" } },
        body: '{"chat_id":"${CHAT}","text":"{{ctx.vars.alert.title}}"}',
      },
    },
    discord: { webhook: { url: "${HOOK}", method: "post", body: "x" } },
    slack: { slack: { url: "${HOOK}", message: { to: ["#ops"] } } },
  };

  test("stand in nothing that is stored, and in all that is sent", async () => {
    const all = routes([{ name: "r", actions }], secrets);
    for (const name of Object.keys(actions)) {
      const content = await all.named(name)?.content(told);
      const stored = JSON.stringify(content);
      for (const secret of [...Object.values(secrets).slice(0, 1), secrets.HOOK, "in plain text"]) {
        expect(stored).not.toContain(secret);
      }
      expect(stored).not.toMatch(/ethmonSecret/);
    }
    const open = async (name: string) => {
      const action = all.named(name);
      return action?.open(JSON.parse(JSON.stringify(await action.content(told))));
    };
    expect(await open("telegram")).toMatchObject({
      url: "https://api.telegram.example/bots3cret/sendMessage",
      headers: { authorization: "Bearer s3cret" },
      auth: { basic: { username: "me", password: "in plain text" } },
      body: '{"chat_id":"42","text":"The block of slot 12345678 came 6.2 s late"}',
    });
    expect(await open("discord")).toMatchObject({ url: secrets.HOOK });
    expect(await open("slack")).toMatchObject({ url: secrets.HOOK, message: { to: ["#ops"] } });
  });

  test("are given to no text that only looks like one", async () => {
    const hook = routes([{ name: "r", actions }], secrets).named("telegram");
    for (const title of ["${TOKEN}", '{"$secret":"TOKEN"}', "ethmonSecret00n0e"]) {
      const content = await hook?.content({ ...told, alert: lateBlock({ title }) });
      expect(content === undefined ? "" : JSON.parse(String(hook?.open(content)["body"])).text).toBe(title);
    }
  });

  test("are not opened for another action's content", async () => {
    const discord = routes([{ name: "r", actions }], secrets).named("discord");
    const content = { action: { url: { $parts: [{ $secret: "TOKEN" }] } }, route: "discord" };
    expect(JSON.stringify(discord?.open(content))).not.toContain("s3cret");
  });
});

test("a login that stands in a watch is stored with the watch alone, and sent", async () => {
  const server = await startReceiver();
  const webhook = {
    url: server.url,
    method: "post",
    auth: { basic: { username: "u", password: "geheim" } },
    headers: { "X-Api-Key": "geheim-2", Cookie: "a=geheim-3", "X-Own": "shown" },
    body: "x",
  };
  const source = { actions: { hook: { webhook } } };
  const rig = await startOutbox({}, { watchSource: (id) => (id === "late-block" ? source : undefined) });
  const content = { action: hideContentSecrets(webhook) };
  rig.decide(deliveryOf({ action: "hook", kind: "webhook", content }));
  rig.decide(deliveryOf({ action: "hook", kind: "webhook", told: lateBlock({ rule: "gone", id: "gone/1" }), content }));
  await rig.outbox.settled();
  expect(JSON.stringify([...rig.stored.values()])).not.toContain("geheim");
  expect(JSON.stringify([...rig.stored.values()])).toContain("shown");
  const sent = { "x-api-key": "geheim-2", cookie: "a=geheim-3", "x-own": "shown" };
  expect(server.requests).toMatchObject([{ headers: { authorization: `Basic ${btoa("u:geheim")}`, ...sent } }]);
  expect(rig.outcomes.map(({ status, reason }) => [status, reason])).toContainEqual([
    "failed",
    "The action hook can no longer log in, since the rule gone was deleted before this message could be sent.",
  ]);
  rig.close();
  await server.stop();
});

test("a template that is none is refused when the program starts", () => {
  const bad = { name: "r", actions: { hook: { webhook: { url: "https://x.example/", body: "{{#a}}" } } } };
  expect(() => routes([bad])).toThrow(expect.objectContaining({ code: "watch_invalid" }));
});
