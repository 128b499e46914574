import { describe, expect, test } from "vitest";
import { panelSchema } from "./panel.ts";

const PANEL = {
  id: "newest",
  title: "Newest",
  description: "What came last.",
  request: { index: "ethmon-slot-{network}", body: {} },
};
const ELSEWHERE = ["//host/x", "/\\host", "/\t/host", "\\\\host", "javascript:alert(1)", "blocks", ""];

function withLink(to: string): boolean {
  const view = { kind: "metric", value: "hits.total.value", format: "integer" };
  return panelSchema.safeParse({ ...PANEL, view, links: [{ title: "More", to }] }).success;
}

function withColumnLink(link: string): boolean {
  const view = { kind: "table", property: "hits.hits", columns: [{ title: "slot", path: "a", format: "text", link }] };
  return panelSchema.safeParse({ ...PANEL, view }).success;
}

describe("a panel's links", () => {
  test.each(["/", "/blocks", "/slot/7?node=n1", "https://example.org/a", "http://localhost:3000"])(
    "may lead to %j",
    (to) => expect(withLink(to)).toBe(true),
  );

  test.each(ELSEWHERE)("may not lead to %j", (to) => {
    expect(withLink(to)).toBe(false);
    expect(withColumnLink(to)).toBe(false);
  });

  test("lead from a table to our own pages alone", () => {
    expect(withColumnLink("/slot/{value}")).toBe(true);
    expect(withColumnLink("https://example.org/{value}")).toBe(false);
  });
});
