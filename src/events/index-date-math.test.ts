import fc from "fast-check";
import { expect, test } from "vitest";
import { resolveDateMath } from "./index-date-math.ts";

const NOW_MS = Date.parse("2024-03-22T12:00:00Z");

// The first five are the examples of Elasticsearch's page "Date math support in index and index alias names".
test.each([
  ["<logstash-{now/d}>", "logstash-2024.03.22"],
  ["<logstash-{now/M}>", "logstash-2024.03.01"],
  ["<logstash-{now/M{yyyy.MM}}>", "logstash-2024.03"],
  ["<logstash-{now/M-1M{yyyy.MM}}>", "logstash-2024.02"],
  ["<logstash-{now/d{yyyy.MM.dd|+12:00}}>", "logstash-2024.03.23"],
  ["<elastic\\{ON\\}-{now/M}>", "elastic{ON}-2024.03.01"],
  ["<a-{now+1w/w}-b>", "a-2024.03.25-b"],
  ["<a-{now-1y+2d{uuuu-MM-dd'T'HH:mm:ss.SSS}}>", "a-2023-03-24T12:00:00.000"],
  ["<a-{now{HH|America/New_York}}>", "a-08"],
  ["<a-{now}-{now-1d}>", "a-2024.03.22-2024.03.21"],
  ["plain-*", "plain-*"],
  ["<open", "<open"],
])("%s is %s", (expression, name) => {
  expect(resolveDateMath(expression, NOW_MS)).toBe(name);
});

test("the last of a month and a month is the last of the next one", () => {
  expect(resolveDateMath("<{now+1M}>", Date.parse("2024-01-31T00:00:00Z"))).toBe("2024.02.29");
});

test.each([
  "<a-{now/d>",
  "<a-}>",
  "<a-{yesterday}>",
  "<a-{now/q}>",
  "<a-{now{EEEE}}>",
  "<a-{now{dd|Nowhere/At}}>",
  "<>",
  "<{now+999999y}>",
])("%s is refused", (expression) => {
  expect(() => resolveDateMath(expression, NOW_MS)).toThrow(expect.objectContaining({ code: "elastic_refused" }));
});

test("whatever comes is a name or refused", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("<", ">", "{", "}", "n", "now", "/d", "|", "\\", "a", "yyyy", "+1M") }),
      (text) => {
        try {
          expect(typeof resolveDateMath(`<${text}>`, NOW_MS)).toBe("string");
        } catch (error) {
          expect(error).toMatchObject({ code: "elastic_refused" });
        }
      },
    ),
  );
});
