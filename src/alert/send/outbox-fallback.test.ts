import { afterEach, describe, expect, test } from "vitest";
import { startReceiver } from "../../../test/rigs/http-receiver.ts";
import { chatTo, emailBy, numbered, outboxStage, saidTo } from "../../../test/rigs/outbox-rig.ts";
import { deliveryOf, NIGHT_MS } from "../../../test/rigs/sent-alerts.ts";

const MINUTE_MS = 60_000;
const { smtp, receiver, outbox, close } = outboxStage();
afterEach(close);

describe("the fallback", () => {
  test("sends at once what was refused for good, and says why", async () => {
    const [server, other] = [await smtp(), await receiver()];
    server.refuse = () => [550, "5.1.1 <ops@example.org>: No such user"];
    const rig = await outbox({ email: emailBy(server.port), routes: chatTo(other.url), fallback: "chat" });
    rig.decide(deliveryOf());
    await rig.outbox.settled();
    expect(saidTo(other)).toEqual([expect.stringContaining("HIGH: The block of slot 12345678")]);
    const byKind = (kind: string) => rig.outbox.state().channels.find((one) => one.kind === kind);
    expect(byKind("email")).toMatchObject({ failing_since_ms: NIGHT_MS, delivered: 0, waiting: 0 });
    expect(byKind("email")?.last_failure).toMatch(/<…>: No such user/);
    expect(byKind("webhook")).toMatchObject({ failing_since_ms: null, delivered: 1 });
    server.refuse = undefined;
    rig.decide(numbered(2));
    await rig.outbox.settled();
    expect(byKind("email")).toMatchObject({ failing_since_ms: null, delivered: 1 });
    expect(rig.outcomes).toMatchObject([
      { status: "delivered", attempts: 2, by_fallback: true, reason: expect.stringContaining("No such user") },
      { status: "delivered", attempts: 1, by_fallback: null },
    ]);
  });

  test("sends what could not be delivered for a quarter of an hour, those that waited, too", async () => {
    const other = await receiver();
    const rig = await outbox({ email: emailBy(1), routes: chatTo(other.url), fallback: "chat" });
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
    const account = emailBy(server.port, { user: "a", password: "c" });
    const rig = await outbox({ email: account, routes: chatTo(other.url), fallback: "chat" });
    rig.decide(numbered(1), numbered(2));
    await rig.pass(2_000);
    expect(other.requests).toHaveLength(2);
  });

  test("by e-mail tells which action could not be used", async () => {
    const [server, other] = [await smtp(), await receiver()];
    other.answer = () => ({ status: 404, body: "Unknown Webhook" });
    const rig = await outbox({ email: emailBy(server.port), routes: chatTo(other.url), fallback: "email" });
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
    const rig = await outbox({ email: emailBy(server.port), routes: chatTo(other.url), fallback: "chat" });
    rig.decide(deliveryOf());
    await rig.pass(20 * MINUTE_MS, 5_000);
    expect([...rig.stored.values()][0]).toMatchObject({ status: "pending", by_fallback: true });
    const back = await smtp({ port: server.port });
    await rig.pass(20 * MINUTE_MS, 5_000);
    expect(back.mails).toHaveLength(1);
    expect(rig.outcomes).toMatchObject([{ status: "delivered", by_fallback: null }]);
  });

  test("that some recipients have already is not sent to them again after a kill", async () => {
    const [server, other] = [await smtp(), await receiver()];
    other.answer = () => ({ status: 404 });
    server.refuse = (recipient) => (recipient === "grey@example.org" ? [451, "4.7.1 Greylisted"] : undefined);
    const email = emailBy(server.port, { to: ["ops@example.org", "grey@example.org"] });
    const settings = { email, routes: chatTo(other.url), fallback: "email" };
    const first = await outbox(settings);
    const content = { action: { url: other.url, method: "post", body: "x" } };
    first.decide(deliveryOf({ action: "hook", kind: "webhook", content }));
    await first.outbox.settled();
    await first.kill();
    expect(server.mails.map(({ to }) => to)).toEqual([["ops@example.org"]]);
    expect([...first.stored.values()]).toMatchObject([{ status: "pending", by_fallback: true }]);

    server.refuse = undefined;
    const second = await outbox(settings, { stored: first.stored });
    second.outbox.restore([...first.stored.values()]);
    await second.outbox.settled();
    expect(server.mails.map(({ to }) => to)).toEqual([["ops@example.org"], ["grey@example.org"]]);
    expect(second.outcomes).toMatchObject([{ status: "delivered", by_fallback: true }]);
  });

  test("that refuses it, too, leaves it failed, once", async () => {
    const [server, other] = [await smtp(), await receiver()];
    server.refuse = () => [550, "5.1.1 No such user"];
    other.answer = () => ({ status: 410 });
    const rig = await outbox({ email: emailBy(server.port), routes: chatTo(other.url), fallback: "chat" });
    rig.decide(deliveryOf());
    await rig.pass(60 * MINUTE_MS, MINUTE_MS);
    expect(rig.outcomes).toMatchObject([{ status: "failed", reason: expect.stringContaining("410"), attempts: 2 }]);
  });

  test("is not needed where a message is for no people", async () => {
    const server = await smtp();
    const failure = { _index: "x", _id: null, status: 400, error: { type: "mapper", reason: "no" } };
    const rig = await outbox({ email: emailBy(server.port), fallback: "email" }, { write: async () => [failure] });
    rig.decide(deliveryOf({ kind: "index", told: null, content: { action: { index: "x", payload: {} } } }));
    await rig.outbox.settled();
    expect(rig.outcomes).toMatchObject([
      { status: "failed", reason: expect.stringContaining("refused a document for x: no") },
    ]);
    expect(server.mails).toEqual([]);
  });
});
