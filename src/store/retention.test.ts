import fc from "fast-check";
import { expect, test } from "vitest";
import { DAY_US, type DayOfDocuments, expiredDays, nextToGo, type RetentionLimits } from "./retention.ts";

const HOUR_US = 3_600_000_000;
const limits: RetentionLimits = { votesMs: 24 * 3_600_000, rawMs: 30 * 86_400_000, diskBytes: 1 };
const day = (keep: DayOfDocuments["keep"], number: number): DayOfDocuments => ({ keep, dayStartUs: number * DAY_US });

test("votes stay until the last moment of their day is 24 hours old", () => {
  const days = [day("votes", 10)];
  const nowUs = 12 * DAY_US;
  expect(expiredDays({ days, nowUs: nowUs - 1, limits })).toEqual([]);
  expect(expiredDays({ days, nowUs, limits })).toEqual(days);
});

test("a limit below a day drops a day once it is over for that long", () => {
  const days = [day("votes", 10), day("votes", 11)];
  const short = { ...limits, votesMs: 3_600_000 };
  expect(expiredDays({ days, nowUs: 11 * DAY_US + HOUR_US - 1, limits: short })).toEqual([]);
  expect(expiredDays({ days, nowUs: 11 * DAY_US + HOUR_US, limits: short })).toEqual([days[0]]);
});

test("votes go before others, and of each the oldest day whole", () => {
  const days = [day("raw", 1), day("votes", 3), day("votes", 2), day("votes", 2), day("raw", 9), day("ever", 0)];
  expect(nextToGo(days)).toEqual([days[2], days[3]]);
  expect(nextToGo([days[4], days[5], days[0]].flatMap((one) => one ?? []))).toEqual([days[0]]);
  expect(nextToGo([day("ever", 0)])).toEqual([]);
});

const anyDays = fc.array(
  fc.record({ keep: fc.constantFrom("votes", "raw", "ever" as const), dayStartUs: fc.nat(60).map((n) => n * DAY_US) }),
);

test("no document is dropped before its time, and none is kept a day longer", () => {
  fc.assert(
    fc.property(anyDays, fc.nat(100 * 24), (days, hours) => {
      const nowUs = hours * HOUR_US;
      const gone = new Set(expiredDays({ days, nowUs, limits }));
      for (const one of days) {
        const keptUs = one.keep === "votes" ? DAY_US : 30 * DAY_US;
        const newestUs = one.dayStartUs + DAY_US - 1;
        if (one.keep === "ever" || nowUs - newestUs <= keptUs) expect(gone.has(one)).toBe(false);
        else expect(gone.has(one)).toBe(true);
      }
    }),
  );
});

test("what goes next for room ends with everything but what is kept for ever gone", () => {
  fc.assert(
    fc.property(anyDays, (days) => {
      let left = days;
      const order: DayOfDocuments[] = [];
      for (let next = nextToGo(left); next.length > 0; next = nextToGo(left)) {
        order.push(...next);
        left = left.filter((one) => !next.includes(one));
      }
      expect(left).toEqual(days.filter(({ keep }) => keep === "ever"));
      const rank = ({ keep, dayStartUs }: DayOfDocuments) => (keep === "votes" ? 0 : 1e18) + dayStartUs;
      expect(order.map(rank)).toEqual(order.map(rank).toSorted((a, b) => a - b));
    }),
  );
});
