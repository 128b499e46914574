import { afterEach, describe, expect, test } from "vitest";
import { chatTo, emailBy, numbered, outboxStage, saidTo, subjectsOf } from "../../../test/rigs/outbox-rig.ts";
import { deliveryOf, lateBlock, NIGHT_MS } from "../../../test/rigs/sent-alerts.ts";

const MINUTE_MS = 60_000;
const { smtp, receiver, outbox, close } = outboxStage();
afterEach(close);

describe("a storm", () => {
  test("becomes a summary each minute after the first ten, and what it holds is told to be in it", async () => {
    const server = await smtp();
    const rig = await outbox({ email: emailBy(server.port), public_url: "https://monitor.example.org" });
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
    const rig = await outbox({ routes: chatTo(other.url), storm_per_minute: 2 });
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

  test("is told message by message where a route says so", async () => {
    const other = await receiver();
    const [route] = chatTo(other.url);
    const rig = await outbox({ routes: [{ ...route, summarise: false }], storm_per_minute: 2 });
    for (let number = 0; number < 6; number += 1) {
      const content = { route: "chat", action: { url: other.url, method: "post", body: `{"content":"${number}"}` } };
      rig.decide(deliveryOf({ action: "chat", kind: "webhook", number, content }));
    }
    await rig.outbox.settled();
    expect(saidTo(other)).toEqual(["0", "1", "2", "3", "4", "5"]);
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
    const rig = await outbox({ email: emailBy(server.port), storm_per_minute: 1 });
    for (let number = 0; number < 60; number += 1) {
      rig.decide(numbered(number, rig.nowMs()));
      await rig.pass(10_000);
    }
    const back = await smtp({ port: server.port });
    await rig.pass(3 * MINUTE_MS);
    expect(back.mails.length).toBeLessThan(5);
    const held = subjectsOf(back).map((subject) => Number(/\[storm\] (\d+)/.exec(subject ?? "")?.[1] ?? 1));
    expect(held.reduce((sum, count) => sum + count, 0)).toBe(60);
  });
});
