import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import type { CalendarUnit } from "../../dates/calendar.ts";
import { timeZone } from "../../dates/time-zone.ts";
import { calendarRounding, durationMs, fixedRounding, type Rounding } from "./rounding.ts";

const ZONES = ["UTC", "+05:30", "-11:00", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe"];
const UNITS: CalendarUnit[] = ["minute", "hour", "day", "week", "month", "quarter", "year"];
const moments = fc.integer({ min: Date.parse("2005-01-01T00:00:00Z"), max: Date.parse("2035-01-01T00:00:00Z") });
/** The clocks of Berlin change on these days. */
const changes = fc
  .tuple(fc.constantFrom("2026-03-29T00:00:00Z", "2026-10-25T00:00:00Z"), fc.integer({ min: 0, max: 10_800_000 }))
  .map(([day, ms]) => Date.parse(day) + ms);

const instance = await DuckDBInstance.create(":memory:");
const connection = await instance.connect();
await connection.run("SET TimeZone = 'UTC'");
afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

/** The beginnings of the spans of some moments, as the database and then the program find them. */
async function startsInSql(rounding: Rounding, momentsMs: readonly number[]): Promise<number[]> {
  const rows = momentsMs.map((ms, index) => `(${index}, ${ms * 1000}::BIGINT)`);
  const sql = `SELECT ${rounding.keySql("us")} FROM (VALUES ${rows.join()}) moments(index, us) ORDER BY index`;
  const reader = await connection.runAndReadAll(sql);
  return reader.getRows().map(([key]) => rounding.startMs(key as bigint));
}

test.each(ZONES)("the database rounds by the calendar of %s as the program does", async (zone) => {
  for (const unit of UNITS) {
    const rounding = calendarRounding(unit, timeZone(zone), 3_600_000);
    const sample = fc.sample(fc.oneof(moments, changes), 40);
    expect(await startsInSql(rounding, sample)).toEqual(sample.map(rounding.floorMs));
  }
});

test.each(ZONES)("and by fixed intervals, local to %s", async (zone) => {
  for (const interval of ["90s", "30m", "6h", "1d", "7d"]) {
    const rounding = fixedRounding(durationMs(interval, "interval"), timeZone(zone), -1000);
    const sample = fc.sample(fc.oneof(moments, changes), 40);
    expect(await startsInSql(rounding, sample)).toEqual(sample.map(rounding.floorMs));
  }
});

test("a span holds its moments and ends where the next one begins", () => {
  const rounding = fc
    .tuple(fc.constantFrom(...ZONES), fc.constantFrom(...UNITS))
    .map(([zone, unit]) => calendarRounding(unit, timeZone(zone), 0));
  fc.assert(
    fc.property(rounding, moments, ({ floorMs, nextMs }, ms) => {
      const start = floorMs(ms);
      expect(start).toBeLessThanOrEqual(ms);
      expect(floorMs(start)).toBe(start);
      expect(nextMs(start)).toBeGreaterThan(ms);
      expect(floorMs(nextMs(start))).toBe(nextMs(start));
    }),
  );
});
