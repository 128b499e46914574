import { expect, test } from "vitest";
import { readJson } from "./json-problems.ts";
import { checkDashboard, checkPanel, checkRequest } from "./panel-check.ts";

const panel = {
  id: "late-slots",
  title: "Late slots",
  description: "How many slots were late.",
  time_field: "@timestamp",
  request: { index: "ethmon-slot-{network}", body: { size: 0 } },
  view: { kind: "metric", value: "hits.total.value", format: "integer" },
};

test("a panel that fits is given back whole, with what was left out", () => {
  expect(checkPanel(panel).value).toMatchObject({ ...panel, variables: {}, links: [] });
});

test("what is wrong is told by its path", () => {
  expect(checkPanel({ ...panel, id: "Late Slots" }).problems).toEqual([
    { path: "id", sentence: "An id is lower-case words joined by '-'." },
  ]);
  expect(checkPanel({ ...panel, view: { kind: "pie" } }).problems?.[0]?.path).toBe("view.kind");
  expect(checkRequest({ index: "", body: {} }).problems?.[0]?.path).toBe("index");
  const grid = [{ panel: "late-slots", x: 40, y: 0, w: 24, h: 8 }];
  expect(checkDashboard({ id: "a", title: "A", description: "B.", grid }).problems).toEqual([
    { path: "grid[0]", sentence: "A panel must end within the grid's 48 columns." },
  ]);
});

test("JSON that cannot be read is told with its line", () => {
  expect(readJson('{\n  "a": }').problems?.[0]?.sentence).toBe(
    'This is no JSON: "}" is not expected in line 2, column 8.',
  );
  expect(readJson('{"a": 1').problems?.[0]?.sentence).toBe("This is no JSON: it ends too early.");
  expect(readJson("").problems?.[0]?.sentence).toBe("This is no JSON: it ends too early.");
  expect(readJson('{"a":1}').value).toEqual({ a: 1 });
});
