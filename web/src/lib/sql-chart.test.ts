import { expect, test } from "vitest";
import { chartRows, chartSpec, firstChoice } from "./sql-chart.ts";

const answer = {
  columns: [
    { name: "at", type: "TIMESTAMP WITH TIME ZONE" },
    { name: "node", type: "VARCHAR" },
    { name: "delay ms", type: "BIGINT" },
  ],
  rows: [["2026-11-28T10:00:00Z", "n1", 120]],
  truncated: false,
  took_ms: 1,
};

test("a chart begins with time along and the first number up", () => {
  const choice = firstChoice(answer);
  expect(choice).toEqual({ kind: "line", x: "at", y: "delay ms" });
  if (choice === undefined) return;
  expect(chartRows(answer, choice)).toEqual([{ x: "2026-11-28T10:00:00Z", y: 120 }]);
  expect(chartSpec(answer, choice)).toHaveProperty("encoding.x.type", "temporal");
});

test("without a number there is no chart, and names are bars", () => {
  expect(firstChoice({ ...answer, columns: [{ name: "node", type: "VARCHAR" }] })).toBeUndefined();
  const named = { ...answer, columns: answer.columns.slice(1) };
  expect(firstChoice(named)).toEqual({ kind: "bar", x: "node", y: "delay ms" });
});
