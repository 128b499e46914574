import { afterEach, describe, expect, test } from "vitest";
import { chatTo, emailBy, numbered, outboxStage, subjectsOf } from "../../../test/rigs/outbox-rig.ts";
import { deliveryOf, lateBlock, NIGHT_MS } from "../../../test/rigs/sent-alerts.ts";
import { until } from "../../../test/rigs/until.ts";
import type { DeliveryContent } from "./delivery-content.ts";

const MINUTE_MS = 60_000;
const { smtp, receiver, outbox, close } = outboxStage();
afterEach(close);

describe("a message that is taken at once", () => {
  test("is delivered, and what became of it is durable before it is told", async () => {
    const server = await smtp();
    const rig = await outbox({ email: emailBy(server.port) });
    rig.decide(deliveryOf());
    await rig.outbox.settled();
    const done = { status: "delivered", attempts: 1, done_ms: NIGHT_MS, reason: null, by_fallback: null };
    expect(rig.outcomes).toMatchObject([done]);
    expect([...rig.stored.values()]).toMatchObject([done]);
    expect(rig.outbox.state()).toMatchObject({ held: 0, postponed: 0 });
    expect(rig.outbox.state().channels).toContainEqual({
      kind: "email",
      name: "email",
      to: ["ops@example.org"],
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
    const rig = await outbox({ email: emailBy(server.port) });
    rig.decide(deliveryOf());
    rig.decide(deliveryOf());
    await rig.outbox.settled();
    expect(server.mails).toHaveLength(1);
  });
});

test("mails to different people are channels of their own, whose names tell no address", async () => {
  const server = await smtp();
  const rig = await outbox({ email: emailBy(server.port) });
  const content = { action: { to: ["Someone <someone@example.org>"], cc: "other@example.org" } };
  rig.decide(deliveryOf(), deliveryOf({ told: lateBlock({ id: "other/1" }), content }));
  await rig.outbox.settled();
  const channels = rig.outbox.state().channels.filter(({ kind }) => kind === "email");
  expect(channels.map(({ name, to, delivered }) => [name, to, delivered])).toEqual([
    ["email", ["ops@example.org"], 1],
    ["email", ["someone@example.org", "other@example.org"], 1],
  ]);
});

describe("a server that is away", () => {
  test("for ten minutes gets all of it after, in order, with the original times", async () => {
    const server = await smtp();
    await server.stop();
    const rig = await outbox({ email: emailBy(server.port) });
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
    expect(subjectsOf(back)).toEqual(Array.from({ length: 30 }, (_, number) => `[high] Slot ${number}`));
    const dates = back.mails.map(({ mail }) => Date.parse(mail.date ?? ""));
    expect(dates).toEqual(Array.from({ length: 30 }, (_, number) => NIGHT_MS + Math.floor(number / 3) * MINUTE_MS));
    expect(back.mails[0]?.mail.text).toMatch(/Decided at 2026-11-28 03:12:11 UTC, delivered 10 min.* late/);
    expect(new Set(rig.outcomes.map(({ status }) => status))).toEqual(new Set(["delivered"]));
    expect(rig.logged.at(-1)).toBe("Messages got through again");
  });

  test("for a day, with no other way, is given up", async () => {
    const rig = await outbox({ email: emailBy(1) });
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

test("a receiver that asks for patience gets it, for all messages", async () => {
  const server = await receiver();
  server.answer = () =>
    server.requests.length === 1 ? { status: 429, headers: { "retry-after": "120" }, body: "slow down" } : undefined;
  const rig = await outbox({});
  const content = { action: { url: server.url, method: "post", body: "x" } };
  for (const id of ["a", "b"]) rig.decide(deliveryOf({ kind: "webhook", told: lateBlock({ id }), content }));
  await rig.pass(119_000);
  const asked = server.requests.length;
  await rig.pass(5_000);
  expect(asked).toBeLessThanOrEqual(2);
  expect(rig.outcomes).toMatchObject([{ status: "delivered" }, { status: "delivered" }]);
});

test("greylisting puts one message off, and holds up no other", async () => {
  const server = await smtp();
  server.refuse = (recipient, times) =>
    recipient === "grey@example.org" && times <= 2 ? [451, "4.7.1 Greylisted"] : undefined;
  const rig = await outbox({ email: emailBy(server.port) });
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

describe("after a kill", () => {
  test("what was pending is delivered once, in the order in which it was decided, and says that it is late", async () => {
    const server = await smtp();
    server.hang = true;
    const first = await outbox({ email: emailBy(server.port) });
    first.decide(numbered(1, NIGHT_MS), numbered(2, NIGHT_MS + 1_000), numbered(3, NIGHT_MS + 2_000));
    await first.kill();
    expect([...first.stored.values()].map(({ status }) => status)).toEqual(["pending", "pending", "pending"]);
    server.hang = false;
    const nowMs = NIGHT_MS + 90 * MINUTE_MS;
    const second = await outbox({ email: emailBy(server.port) }, { stored: first.stored, nowMs });
    second.outbox.restore([...first.stored.values()].reverse());
    await second.outbox.settled();
    expect(subjectsOf(server)).toEqual(["[high] Slot 1", "[high] Slot 2", "[high] Slot 3"]);
    expect(server.mails[0]?.mail.text).toContain("Decided at 2026-11-28 03:12:11 UTC, delivered 1 h 30 min late.");
    expect(second.outcomes.map(({ status }) => status)).toEqual(["delivered", "delivered", "delivered"]);
  });

  test("what a run before left is read at the first tick, before what comes new", async () => {
    const server = await smtp();
    const left = numbered(1);
    const stored = new Map([[left.id, left]]);
    const rig = await outbox({ email: emailBy(server.port) }, { stored, resume: true, nowMs: NIGHT_MS + 5_000 });
    rig.decide(numbered(2, NIGHT_MS + 5_000));
    await rig.pass(1_000);
    expect(subjectsOf(server)).toEqual(["[high] Slot 1", "[high] Slot 2"]);
  });

  test("a message that went to the fallback goes on there", async () => {
    const other = await receiver();
    other.answer = () => ({ status: 503 });
    const settings = { email: emailBy(1), routes: chatTo(other.url), fallback: "chat" };
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

test("what does not fit stays in the store, and is taken from there in order", async () => {
  const server = await smtp();
  await server.stop();
  const limits = { held: 6, stormPerMinute: 1_000 };
  const rig = await outbox({ email: emailBy(server.port) }, { limits });
  for (let number = 0; number < 40; number += 1) rig.decide(numbered(number, rig.nowMs() + number));
  await rig.pass(5_000);
  expect(rig.outbox.state()).toMatchObject({ held: 6, postponed: 34 });
  const back = await smtp({ port: server.port });
  await rig.pass(MINUTE_MS);
  rig.decide(numbered(40, rig.nowMs()));
  await rig.pass(5_000);
  expect(subjectsOf(back)).toEqual(Array.from({ length: 41 }, (_, number) => `[high] Slot ${number}`));
  expect(rig.outbox.state().held).toBe(0);
});

test("what the store does not take at once is not sent again, and told only when it has it", async () => {
  const server = await smtp();
  const rig = await outbox({ email: emailBy(server.port) });
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
