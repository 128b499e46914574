import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type HttpReceiver, startReceiver } from "../../../test/rigs/http-receiver.ts";
import { startOutbox } from "../../../test/rigs/outbox-rig.ts";
import { deliveryOf, lateBlock, NIGHT_MS } from "../../../test/rigs/sent-alerts.ts";
import { alertsSchema } from "../schema.ts";
import { compileAction } from "../watch/compile-action.ts";
import { createRoutes } from "./routes.ts";

/** The examples of docs/alerts.md, as they stand there. */
const page = readFileSync(new URL("../../../docs/alerts.md", import.meta.url), "utf8");
const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = ""]) => JSON.parse(text).alerts);

test("every example of the page is a configuration", () => {
  expect(examples).toHaveLength(2);
  for (const alerts of examples) alertsSchema.parse(alerts);
});

test("chats and the pager get what they take, whatever strangers wrote, and the end closes what the beginning opened", async () => {
  const receivers: Record<string, HttpReceiver> = {};
  for (const name of ["discord", "telegram", "slack", "pagerduty"]) receivers[name] = await startReceiver();
  const local = JSON.parse(
    JSON.stringify(examples[1])
      .replace("https://api.telegram.org", receivers["telegram"]?.url ?? "")
      .replace("https://events.pagerduty.com", receivers["pagerduty"]?.url ?? ""),
  );
  const secrets = {
    DISCORD_WEBHOOK: `${receivers["discord"]?.url}/api/webhooks/1/x`,
    SLACK_WEBHOOK: `${receivers["slack"]?.url}/services/x`,
    TELEGRAM_TOKEN: "7:abc",
    TELEGRAM_CHAT: "-100",
    PAGERDUTY_KEY: "key",
  };
  const routes = createRoutes({ settings: { ...alertsSchema.parse(local), secrets }, compile: compileAction });
  const rig = await startOutbox(local, { secrets });
  const alert = lateBlock({
    severity: "critical",
    title: 'Graffiti "@everyone" \n\\ {{x}}',
    text: "long ".repeat(2_000),
  });
  for (const [number, stage] of (["new", "over"] as const).entries()) {
    const told = stage === "over" ? { ...alert, state: "over" as const, until_ms: NIGHT_MS + 60_000 } : alert;
    for (const action of routes.matching(told)) {
      const content = await action.content({ alert: told, stage, decidedMs: NIGHT_MS });
      rig.decide(deliveryOf({ action: action.name, kind: action.kind, told, stage, number, content }));
    }
  }
  await rig.outbox.settled();
  expect(rig.outcomes.map(({ status }) => status)).toEqual(Array(8).fill("delivered"));
  const sent = (name: string) =>
    receivers[name]?.requests.map(({ path, body }) => ({ path, body: JSON.parse(body) })) ?? [];
  expect(sent("discord")[0]).toMatchObject({ path: "/api/webhooks/1/x", body: { allowed_mentions: { parse: [] } } });
  expect(sent("discord")[0]?.body.content.length).toBeLessThanOrEqual(2_000);
  expect(sent("telegram")[0]).toMatchObject({
    path: "/bot7:abc/sendMessage",
    body: { chat_id: "-100", text: expect.stringMatching(/^CRITICAL: Graffiti "@everyone" \\ \{\{x\}\}\nSince/) },
  });
  expect(sent("slack")[1]?.body.text).toMatch(/^OVER AFTER 1 MIN: Graffiti/);
  expect(sent("pagerduty").map(({ body }) => [body.event_action, body.dedup_key, body.payload.severity])).toEqual([
    ["trigger", alert.id, "critical"],
    ["resolve", alert.id, "critical"],
  ]);
  rig.close();
  for (const receiver of Object.values(receivers)) await receiver.stop();
});
