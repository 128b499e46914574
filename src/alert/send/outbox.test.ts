import { afterEach, describe, expect, test } from "vitest";
import { type HttpReceiver, startReceiver } from "../../../test/rigs/http-receiver.ts";
import { type OutboxRig, startOutbox } from "../../../test/rigs/outbox-rig.ts";
import { deliveryOf, lateBlock, NIGHT_MS } from "../../../test/rigs/sent-alerts.ts";
import { SMTP_AUTHORITY, type SmtpRig, startSmtp } from "../../../test/rigs/smtp-server.ts";
import { until } from "../../../test/rigs/until.ts";
import type { DeliveryContent } from "./delivery-content.ts";

const MINUTE_MS = 60_000;
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
async function smtp(...options: Parameters<typeof startSmtp>): Promise<SmtpRig> {
  const server = await startSmtp(...options);
  closers.push(server.stop);
  return server;
}
async function receiver(port?: number): Promise<HttpReceiver> {
  const server = await startReceiver(port);
  closers.push(server.stop);
  return server;
}
async function outbox(...options: Parameters<typeof startOutbox>): Promise<OutboxRig> {
  const rig = await startOutbox(...options);
  closers.push(rig.close);
  return rig;
}

const email = (port: number, more: object = {}) => ({
  host: "localhost",
  port,
  from: "ethmon@example.org",
  to: ["ops@example.org"],
  authority: SMTP_AUTHORITY,
  timeout_seconds: 5,
  ...more,
});
const chat = (url: string) => [
  {
    name: "chat",
    actions: {
      chat: { webhook: { url, method: "post", body: '{"content":"{{ctx.vars.alert.message}}"}' } },
    },
  },
];
/** An alert of its own for each number, a delivery each. */
const numbered = (number: number, decidedMs = NIGHT_MS) =>
  deliveryOf({ told: lateBlock({ id: `late-block/${number}`, title: `Slot ${number}` }), decided_ms: decidedMs });
const subjects = (server: SmtpRig) => server.mails.map(({ mail }) => mail.subject);
const saidTo = (server: HttpReceiver) => server.requests.map(({ body }) => JSON.parse(body).content as string);

describe("a message that is taken at once", () => {
  test("is delivered, and what became of it is durable before it is told", async () => {
    const server = await smtp();
    const rig = await outbox({ email: email(server.port) });
    rig.decide(deliveryOf());
    await rig.outbox.settled();
    const done = { status: "delivered", attempts: 1, done_ms: NIGHT_MS, reason: null, by_fallback: null };
    expect(rig.outcomes).toMatchObject([done]);
    expect([...rig.stored.values()]).toMatchObject([done]);
    expect(rig.outbox.state()).toMatchObject({ held: 0, postponed: 0 });
    expect(rig.outbox.state().channels).toContainEqual({
      kind: "email",
      name: "email",
      configured: true,
      delivered: 1,
      failed: 0,
      waiting: 0,
      last_failure: null,
      last_failure_ms: null,
      failing_since_ms: null,
    });
  });

  test("without an account is no failure, and one that says nothing readable is", async () => {
    const rig = await outbox({});
    rig.decide(deliveryOf(), deliveryOf({ number: 1, kind: "slack" }), {
      ...deliveryOf({ number: 2 }),
      content: { action: 7 },
    });
    await rig.outbox.settled();
    expect(rig.outcomes.map(({ status }) => status)).toEqual(["no_account", "no_account", "failed"]);
    expect(rig.outbox.state().channels).toMatchObject([
      { kind: "email", configured: false, failed: 0 },
      { kind: "slack", configured: false, failed: 0 },
    ]);
  });

  test("is taken once, however often it is handed over", async () => {
    const server = await smtp();
    const rig = await outbox({ email: email(server.port) });
    rig.decide(deliveryOf());
    rig.decide(deliveryOf());
    await rig.outbox.settled();
    expect(server.mails).toHaveLength(1);
  });
});

describe("a server that is away", () => {
  test("for ten minutes gets all of it after, in order, with the original times", async () => {
    const server = await smtp();
    await server.stop();
    const rig = await outbox({ email: email(server.port) });
    for (let minute = 0; minute < 10; minute += 1) {
      for (const part of [0, 1, 2]) rig.decide(numbered(minute * 3 + part, rig.nowMs()));
      await rig.pass(MINUTE_MS);
    }
    expect(rig.outcomes).toEqual([]);
    const [failing] = rig.outbox.state().channels.filter(({ kind }) => kind === "email");
    expect(failing).toMatchObject({
      waiting: 30,
      failing_since_ms: NIGHT_MS + 1_000,
      last_failure: expect.stringContaining("ECONNREFUSED"),
    });
    // One asks for all, and not every second.
    const attempts = [...rig.stored.values()].map((record) => record.attempts);
    expect(attempts.slice(1)).toEqual(attempts.slice(1).map(() => 0));
    expect(attempts[0]).toBeLessThan(20);
    expect(rig.logged).toEqual(["Messages could not be delivered"]);

    const back = await smtp({ port: server.port });
    await rig.pass(MINUTE_MS);
    expect(subjects(back)).toEqual(Array.from({ length: 30 }, (_, number) => `[high] Slot ${number}`));
    const dates = back.mails.map(({ mail }) => Date.parse(mail.date ?? ""));
    expect(dates).toEqual(Array.from({ length: 30 }, (_, number) => NIGHT_MS + Math.floor(number / 3) * MINUTE_MS));
    expect(back.mails[0]?.mail.text).toMatch(/Decided at 2026-11-28 03:12:11 UTC, delivered 10 min.* late/);
    expect(new Set(rig.outcomes.map(({ status }) => status))).toEqual(new Set(["delivered"]));
    expect(rig.logged.at(-1)).toBe("Messages got through again");
  });

  test("for a day, with no other way, is given up", async () => {
    const rig = await outbox({ email: email(1) });
    rig.decide(numbered(1), numbered(2));
    await rig.pass(24 * 60 * MINUTE_MS - MINUTE_MS, 5 * MINUTE_MS);
    expect(rig.outcomes).toEqual([]);
    await rig.pass(10 * MINUTE_MS, MINUTE_MS);
    expect(rig.outcomes).toMatchObject([
      { status: "failed", reason: expect.stringContaining("ECONNREFUSED"), by_fallback: null },
      { status: "failed" },
    ]);
    expect(rig.outbox.state().channels.find(({ kind }) => kind === "email")).toMatchObject({ failed: 2, waiting: 0 });
  });
});

test("greylisting puts one message off, and holds up no other", async () => {
  const server = await smtp();
  server.refuse = (recipient, times) =>
    recipient === "grey@example.org" && times <= 2 ? [451, "4.7.1 Greylisted"] : undefined;
  const rig = await outbox({ email: email(server.port) });
  const to = { action: { to: ["ops@example.org", "grey@example.org"] } };
  rig.decide(deliveryOf({ content: to }), deliveryOf({ told: lateBlock({ id: "other/1" }), content: to }));
  await rig.pass(2_000);
  expect(server.mails.map(({ to: [address] }) => address)).toEqual(["ops@example.org", "ops@example.org"]);
  const content = [...rig.stored.values()][0]?.content as DeliveryContent;
  expect(content.delivered_to).toEqual(["ops@example.org"]);
  await rig.pass(5 * MINUTE_MS);
  expect(rig.outcomes).toMatchObject([{ status: "delivered" }, { status: "delivered" }]);
  expect(server.mails).toHaveLength(4);
});

describe("the fallback", () => {
  test("sends at once what was refused for good, and says why", async () => {
    const [server, other] = [await smtp(), await receiver()];
    server.refuse = () => [550, "5.1.1 No such user"];
    const rig = await outbox({ email: email(server.port), routes: chat(other.url), fallback: "chat" });
    rig.decide(deliveryOf());
    await rig.outbox.settled();
    expect(saidTo(other)).toEqual([expect.stringContaining("HIGH: The block of slot 12345678")]);
    expect(rig.outcomes).toMatchObject([
      { status: "delivered", attempts: 2, by_fallback: true, reason: expect.stringContaining("No such user") },
    ]);
  });

  test("sends what could not be delivered for a quarter of an hour, those that waited, too", async () => {
    const other = await receiver();
    const rig = await outbox({ email: email(1), routes: chat(other.url), fallback: "chat" });
    rig.decide(numbered(1), numbered(2), numbered(3));
    await rig.pass(14 * MINUTE_MS);
    expect(other.requests).toEqual([]);
    await rig.pass(3 * MINUTE_MS);
    expect(saidTo(other).map((text) => text.split("\n", 1)[0])).toEqual([
      "HIGH: Slot 1",
      "HIGH: Slot 2",
      "HIGH: Slot 3",
    ]);
    expect(rig.outcomes.map(({ by_fallback }) => by_fallback)).toEqual([true, true, true]);
  });

  test("sends at once, too, while a login is refused", async () => {
    const [server, other] = [await smtp({ login: { user: "a", password: "b" } }), await receiver()];
    const account = email(server.port, { user: "a", password: "c" });
    const rig = await outbox({ email: account, routes: chat(other.url), fallback: "chat" });
    rig.decide(numbered(1), numbered(2));
    await rig.pass(2_000);
    expect(other.requests).toHaveLength(2);
  });

  test("by e-mail tells which action could not be used", async () => {
    const [server, other] = [await smtp(), await receiver()];
    other.answer = () => ({ status: 404, body: "Unknown Webhook" });
    const rig = await outbox({ email: email(server.port), routes: chat(other.url), fallback: "email" });
    rig.decide(
      deliveryOf({
        action: "chat",
        kind: "webhook",
        content: { route: "chat", action: { url: other.url, method: "post" } },
      }),
      deliveryOf({
        action: "hook",
        kind: "webhook",
        told: null,
        content: { action: { url: other.url, method: "post", body: "Slot 7 <b>" } },
      }),
    );
    await rig.outbox.settled();
    expect(server.mails.map(({ mail }) => mail.text).join("\n")).toContain(
      "Sent by the fallback, since the action chat (webhook) could not be used: " +
        "chat answered with status 404: Unknown Webhook.",
    );
    expect(server.mails.map(({ mail }) => mail.subject).toSorted()).toEqual([
      "[ethmon] plain: Slot 7 <b>",
      "[high] The block of slot 12345678 came 6.2 s late",
    ]);
  });

  test("that is away as well gives the first way another try", async () => {
    const server = await smtp();
    await server.stop();
    const other = await startReceiver();
    await other.stop();
    const rig = await outbox({ email: email(server.port), routes: chat(other.url), fallback: "chat" });
    rig.decide(deliveryOf());
    await rig.pass(20 * MINUTE_MS, 5_000);
    expect([...rig.stored.values()][0]).toMatchObject({ status: "pending", by_fallback: true });
    const back = await smtp({ port: server.port });
    await rig.pass(20 * MINUTE_MS, 5_000);
    expect(back.mails).toHaveLength(1);
    expect(rig.outcomes).toMatchObject([{ status: "delivered", by_fallback: null }]);
  });

  test("that refuses it, too, leaves it failed, once", async () => {
    const [server, other] = [await smtp(), await receiver()];
    server.refuse = () => [550, "5.1.1 No such user"];
    other.answer = () => ({ status: 410 });
    const rig = await outbox({ email: email(server.port), routes: chat(other.url), fallback: "chat" });
    rig.decide(deliveryOf());
    await rig.pass(60 * MINUTE_MS, MINUTE_MS);
    expect(rig.outcomes).toMatchObject([{ status: "failed", reason: expect.stringContaining("410"), attempts: 2 }]);
  });

  test("is not needed where a message is for no people", async () => {
    const server = await smtp();
    const failure = { _index: "x", _id: null, status: 400, error: { type: "mapper", reason: "no" } };
    const rig = await outbox({ email: email(server.port), fallback: "email" }, { write: async () => [failure] });
    rig.decide(deliveryOf({ kind: "index", told: null, content: { action: { index: "x", payload: {} } } }));
    await rig.outbox.settled();
    expect(rig.outcomes).toMatchObject([
      { status: "failed", reason: expect.stringContaining("refused a document for x: no") },
    ]);
    expect(server.mails).toEqual([]);
  });
});

describe("after a kill", () => {
  test("what was pending is delivered once, in the order in which it was decided, and says that it is late", async () => {
    const server = await smtp();
    server.hang = true;
    const first = await outbox({ email: email(server.port) });
    first.decide(numbered(1, NIGHT_MS), numbered(2, NIGHT_MS + 1_000), numbered(3, NIGHT_MS + 2_000));
    await first.kill();
    expect([...first.stored.values()].map(({ status }) => status)).toEqual(["pending", "pending", "pending"]);
    server.hang = false;
    const nowMs = NIGHT_MS + 90 * MINUTE_MS;
    const second = await outbox({ email: email(server.port) }, { stored: first.stored, nowMs });
    second.outbox.restore([...first.stored.values()].reverse());
    await second.outbox.settled();
    expect(subjects(server)).toEqual(["[high] Slot 1", "[high] Slot 2", "[high] Slot 3"]);
    expect(server.mails[0]?.mail.text).toContain("Decided at 2026-11-28 03:12:11 UTC, delivered 1 h 30 min late.");
    expect(second.outcomes.map(({ status }) => status)).toEqual(["delivered", "delivered", "delivered"]);
  });

  test("what a run before left is read at the first tick, before what comes new", async () => {
    const server = await smtp();
    const left = numbered(1);
    const stored = new Map([[left.id, left]]);
    const rig = await outbox({ email: email(server.port) }, { stored, resume: true, nowMs: NIGHT_MS + 5_000 });
    rig.decide(numbered(2, NIGHT_MS + 5_000));
    await rig.pass(1_000);
    expect(subjects(server)).toEqual(["[high] Slot 1", "[high] Slot 2"]);
  });

  test("a message that went to the fallback goes on there", async () => {
    const other = await receiver();
    other.answer = () => ({ status: 503 });
    const settings = { email: email(1), routes: chat(other.url), fallback: "chat" };
    const first = await outbox(settings);
    first.decide(deliveryOf());
    await first.pass(20 * MINUTE_MS, 5_000);
    await first.kill();
    other.answer = undefined;
    const asked = other.requests.length;
    const second = await outbox(settings, { stored: first.stored, nowMs: first.nowMs() });
    second.outbox.restore([...first.stored.values()]);
    await second.outbox.settled();
    expect(other.requests).toHaveLength(asked + 1);
    expect(second.outcomes).toMatchObject([{ status: "delivered", by_fallback: true }]);
  });
});

describe("a storm", () => {
  test("becomes a summary each minute after the first ten, and what it holds is told to be in it", async () => {
    const server = await smtp();
    const rig = await outbox({ email: email(server.port), public_url: "https://monitor.example.org" });
    for (let number = 0; number < 30; number += 1) rig.decide(numbered(number, rig.nowMs() + number));
    rig.decide(
      deliveryOf({
        told: lateBlock({ id: "x/1", title: "Finality is lost", severity: "critical" }),
        decided_ms: NIGHT_MS + 31,
      }),
    );
    await rig.pass(9_000);
    expect(server.mails).toHaveLength(11);
    for (let number = 30; number < 40; number += 1) rig.decide(numbered(number, rig.nowMs()));
    await rig.pass(2 * MINUTE_MS);
    const summaries = server.mails.map(({ mail }) => mail).filter(({ subject }) => subject?.startsWith("[storm]"));
    expect(summaries.map(({ subject }) => subject)).toEqual([
      "[storm] 21 messages: 1 critical, 20 high",
      "[storm] 10 messages: 10 high",
    ]);
    expect(summaries[0]?.text).toMatch(/\n\nCRITICAL: Finality is lost \(.*\nHIGH: Slot 10 \(/);
    expect(summaries[0]?.text).toContain("All alerts: https://monitor.example.org/alerts");
    const told = [...rig.stored.values()];
    expect(told.filter(({ status }) => status === "delivered")).toHaveLength(12);
    const summarised = told.filter(({ status }) => status === "summarised");
    expect(summarised).toHaveLength(31);
    const ids = told.filter(({ watch }) => watch === "_storm").map(({ id }) => `It stands in the summary ${id}.`);
    expect(new Set(summarised.map(({ reason }) => reason))).toEqual(new Set(ids));
    expect(rig.outcomes).toHaveLength(43);
  });

  test("reaches a route's webhook by its own template", async () => {
    const other = await receiver();
    const rig = await outbox({ routes: chat(other.url), storm_per_minute: 2 });
    const content = { route: "chat", action: { url: other.url, method: "post", body: '{"content":"one"}' } };
    for (let number = 0; number < 6; number += 1) {
      const told = lateBlock({ id: `late-block/${number}`, title: `Slot "${number}"` });
      rig.decide(deliveryOf({ action: "chat", kind: "webhook", told, content }));
    }
    await rig.pass(MINUTE_MS);
    expect(saidTo(other)).toEqual([
      "one",
      "one",
      expect.stringMatching(/^HIGH: Storm of 4 messages: 4 high\n[\s\S]*HIGH: Slot "2" \(late-block/),
    ]);
  });

  test("does not hold a watch's own webhook, which a machine reads", async () => {
    const other = await receiver();
    const rig = await outbox({ storm_per_minute: 2 });
    for (let number = 0; number < 6; number += 1) {
      const action = { url: other.url, method: "post", body: String(number) };
      rig.decide(deliveryOf({ kind: "webhook", told: null, number, content: { action } }));
    }
    await rig.outbox.settled();
    expect(other.requests.map(({ body }) => body)).toEqual(["0", "1", "2", "3", "4", "5"]);
  });

  test("while nothing gets through is gathered into few summaries", async () => {
    const server = await smtp();
    await server.stop();
    const rig = await outbox({ email: email(server.port), storm_per_minute: 1 });
    for (let number = 0; number < 60; number += 1) {
      rig.decide(numbered(number, rig.nowMs()));
      await rig.pass(10_000);
    }
    const back = await smtp({ port: server.port });
    await rig.pass(3 * MINUTE_MS);
    expect(back.mails.length).toBeLessThan(5);
    const held = subjects(back).map((subject) => Number(/\[storm\] (\d+)/.exec(subject ?? "")?.[1] ?? 1));
    expect(held.reduce((sum, count) => sum + count, 0)).toBe(60);
  });
});

test("what does not fit stays in the store, and is taken from there in order", async () => {
  const server = await smtp();
  await server.stop();
  const limits = { held: 6, stormPerMinute: 1_000 };
  const rig = await outbox({ email: email(server.port) }, { limits });
  for (let number = 0; number < 40; number += 1) rig.decide(numbered(number, rig.nowMs() + number));
  await rig.pass(5_000);
  expect(rig.outbox.state()).toMatchObject({ held: 6, postponed: 34 });
  const back = await smtp({ port: server.port });
  await rig.pass(MINUTE_MS);
  rig.decide(numbered(40, rig.nowMs()));
  await rig.pass(5_000);
  expect(subjects(back)).toEqual(Array.from({ length: 41 }, (_, number) => `[high] Slot ${number}`));
  expect(rig.outbox.state().held).toBe(0);
});

test("what the store does not take at once is not sent again, and told only when it has it", async () => {
  const server = await smtp();
  const rig = await outbox({ email: email(server.port) });
  rig.decide(deliveryOf());
  rig.refuse = new Error("full");
  await until("the mail to arrive", () => server.mails.length === 1);
  await rig.pass(3_000);
  expect(rig.outcomes).toEqual([]);
  rig.refuse = undefined;
  await rig.pass(2_000);
  expect(rig.outcomes).toMatchObject([{ status: "delivered" }]);
  expect(server.mails).toHaveLength(1);
});

test("messages of one alert keep their order though others pass them, four at once", async () => {
  const server = await receiver();
  let failures = 3;
  server.answer = ({ body }) => (body === "0/0" && failures-- > 0 ? { status: 500 } : undefined);
  const rig = await outbox({});
  for (const number of [0, 1, 2]) {
    for (const alert of [0, 1, 2]) {
      const action = { url: server.url, method: "post", body: `${alert}/${number}` };
      rig.decide(
        deliveryOf({
          kind: "webhook",
          told: lateBlock({ id: `a/${alert}` }),
          number,
          content: { action, alert: undefined },
        }),
      );
    }
  }
  await rig.pass(5 * MINUTE_MS);
  const bodies = server.requests.map(({ body }) => body);
  for (const alert of [1, 2])
    expect(bodies.filter((body) => body.startsWith(`${alert}/`))).toEqual([0, 1, 2].map((n) => `${alert}/${n}`));
  expect(bodies.filter((body) => body.startsWith("0/"))).toEqual(["0/0", "0/0", "0/0", "0/0", "0/1", "0/2"]);
  expect(bodies.indexOf("1/2")).toBeLessThan(bodies.indexOf("0/1"));
  const keys = server.requests.filter(({ body }) => body === "0/0").map(({ headers }) => headers["idempotency-key"]);
  expect(new Set(keys).size).toBe(1);
});
