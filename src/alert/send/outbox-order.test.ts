import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { startOutbox } from "../../../test/rigs/outbox-rig.ts";
import { deliveryOf, lateBlock, NIGHT_MS } from "../../../test/rigs/sent-alerts.ts";
import { deferred, placeDown, refused } from "./send-faults.ts";
import type { Sender } from "./sender.ts";

const HOUR_MS = 3_600_000;
const trouble = fc.constantFrom("down", "deferred", "refused", "ok", "ok", "ok");
const message = fc.record({
  lane: fc.nat(3),
  waitMs: fc.constantFrom(0, 0, 1_000, 20_000, 400_000),
  // What befalls its first attempts; then it is taken.
  troubles: fc.array(trouble, { maxLength: 4 }),
});

test("whatever befalls, each message has one outcome, and those of one alert in their order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(message, { maxLength: 25 }), fc.integer({ min: 1, max: 4 }), async (messages, atOnce) => {
      const script = new Map<string, string[]>();
      const taken: string[] = [];
      const underWay = new Set<string>();
      const sender: Sender = {
        configured: () => true,
        place: () => "there",
        forPeople: () => false,
        atOnce: () => atOnce,
        async send({ delivery }) {
          expect(underWay.has(delivery.alert ?? "")).toBe(false);
          underWay.add(delivery.alert ?? "");
          expect(underWay.size).toBeLessThanOrEqual(atOnce);
          await nextTurn();
          underWay.delete(delivery.alert ?? "");
          const next = script.get(delivery.id)?.shift();
          if (next === "down") throw placeDown("down");
          if (next === "deferred") throw deferred("later");
          if (next === "refused") throw refused("never");
          taken.push(delivery.id);
          return {};
        },
      };
      const rig = await startOutbox({}, { senders: { webhook: sender } });
      const wanted: string[] = [];
      for (const [number, { lane, waitMs, troubles }] of messages.entries()) {
        const told = lateBlock({ id: `alert-${lane}` });
        const delivery = deliveryOf({ kind: "webhook", told, number, decided_ms: rig.nowMs() });
        script.set(delivery.id, [...troubles]);
        wanted.push(delivery.id);
        rig.decide(delivery);
        if (waitMs > 0) await rig.pass(waitMs, 20_000);
      }
      await rig.pass(3 * HOUR_MS, 30_000);
      rig.close();
      expect(rig.outcomes.map(({ id }) => id).toSorted()).toEqual(wanted.toSorted());
      for (const lane of [0, 1, 2, 3]) {
        const of = (ids: readonly string[]) => ids.filter((id) => id.startsWith(`alert-${lane}/`));
        expect(of(rig.outcomes.map(({ id }) => id))).toEqual(of(wanted));
      }
      const delivered = rig.outcomes.filter(({ status }) => status === "delivered").map(({ id }) => id);
      expect(taken.toSorted()).toEqual(delivered.toSorted());
      expect(rig.outbox.state().held).toBe(0);
      expect(rig.nowMs()).toBeGreaterThan(NIGHT_MS);
    }),
    { numRuns: 40 },
  );
});

test("a message that brings the server down itself does not hold up the others for ever", async () => {
  const taken: string[] = [];
  const sender: Sender = {
    configured: () => true,
    place: () => "there",
    forPeople: () => false,
    atOnce: () => 1,
    async send({ delivery }) {
      if (delivery.alert === "poison") throw placeDown("The connection was reset");
      taken.push(delivery.id);
      return {};
    },
  };
  const rig = await startOutbox({}, { senders: { webhook: sender } });
  for (const id of ["poison", "a", "b"]) rig.decide(deliveryOf({ kind: "webhook", told: lateBlock({ id }) }));
  await rig.pass(HOUR_MS, 5_000);
  rig.close();
  expect(taken).toEqual(["a/email/0", "b/email/0"]);
});
