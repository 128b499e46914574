import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadShipped } from "./shipped.ts";

const PANEL = {
  id: "late-slots",
  title: "Late slots",
  description: "How many.",
  request: { index: "ethmon-slot-{network}", body: { size: 0 } },
  view: { kind: "metric", value: "hits.total.value", format: "integer" },
};
const DASHBOARD = {
  id: "health",
  title: "Health",
  description: "How it is.",
  grid: [{ panel: "late-slots", x: 0, y: 0, w: 12, h: 6 }],
};

describe("the directory of panels", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "ethmon-panels-"));
    mkdirSync(join(directory, "dashboards"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const put = (name: string, value: unknown) =>
    writeFileSync(join(directory, name), typeof value === "string" ? value : JSON.stringify(value));

  test("is read by id", () => {
    put("late-slots.json", PANEL);
    put("dashboards/health.json", DASHBOARD);
    const { panels, dashboards } = loadShipped(directory);
    expect([...panels.keys()]).toEqual(["late-slots"]);
    expect(dashboards.get("health")?.time).toEqual({ from: "now-24h", to: "now" });
  });

  test.each([
    ["that is no JSON", "late-slots.json", "{", /late-slots\.json: /],
    ["with an unknown part", "late-slots.json", { ...PANEL, colour: "red" }, /late-slots\.json: .*colour/],
    ["of another name than its id", "other.json", PANEL, /other\.json: its id is 'late-slots'/],
    ["with a panel that is not there", "dashboards/health.json", DASHBOARD, /health\.json: there is no panel/],
    [
      "whose panel leaves the grid",
      "dashboards/health.json",
      { ...DASHBOARD, grid: [{ panel: "late-slots", x: 40, y: 0, w: 12, h: 6 }] },
      /health\.json: grid\.0: A panel must end within/,
    ],
  ])("is refused with the name of a file %s", (_, name, value, reason) => {
    put(name, value);
    expect(() => loadShipped(directory)).toThrow(reason);
  });

  test("that does not exist is refused", () => {
    expect(() => loadShipped(join(directory, "nowhere"))).toThrow(/nowhere/);
  });
});
