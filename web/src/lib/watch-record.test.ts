import { expect, test } from "vitest";
import { executionWords, readRecord } from "./watch-record.ts";

test("a record is read: what was found, what was compared, and what would be sent", () => {
  const view = readRecord({
    watch_id: "late",
    state: "executed",
    condition: { compare: { "ctx.payload.hits.total": { gt: 0 } } },
    result: {
      input: { type: "search", status: "success", payload: { hits: { total: 3 } } },
      condition: {
        type: "compare",
        status: "success",
        met: true,
        compare: { resolved_values: { "ctx.payload.hits.total": 3 } },
      },
      alerts: [{ about: "n1", severity: "high", title: "Late", text: "By 5 s.", slot: 12, nodes: ["n1"] }],
      actions: [
        {
          id: "mail",
          type: "email",
          status: "simulated",
          email: [{ to: ["a@b.example", "c@d.example"], subject: "Late", body: { text: "By 5 s." } }],
        },
        { id: "log", type: "logging", status: "failure", reason: "no such path" },
      ],
    },
    messages: [],
  });
  expect(view).toMatchObject({
    state: "executed",
    met: true,
    condition: "hits.total is more than 0",
    resolved: [{ path: "ctx.payload.hits.total", value: "3" }],
    input: { type: "search", payload: { hits: { total: 3 } } },
    alerts: [{ severity: "high", title: "Late", slot: 12, nodes: ["n1"] }],
  });
  expect(view.actions).toEqual([
    {
      id: "mail",
      type: "email",
      status: "simulated",
      reason: undefined,
      contents: [
        [
          { key: "to", text: "a@b.example, c@d.example" },
          { key: "subject", text: "Late" },
          { key: "body text", text: "By 5 s." },
        ],
      ],
    },
    { id: "log", type: "logging", status: "failure", reason: "no such path", contents: [] },
  ]);
});

test("a record that is cut, that failed or that is none is read as far as it goes", () => {
  expect(readRecord({ watch_id: "late", state: "failed", messages: ["no index"] })).toMatchObject({
    state: "failed",
    met: undefined,
    messages: ["no index"],
  });
  expect(readRecord({ watch_id: "late", state: "executed", cut: '{"a' }).cut).toBe('{"a');
  for (const record of [null, 1, "x", [], {}]) expect(readRecord(record)).toMatchObject({ actions: [], alerts: [] });
});

test("an execution is told by what it came to", () => {
  expect(executionWords({ state: "executed", met: true }).words).toBe("told");
  expect(executionWords({ state: "executed", met: false }).words).toBe("its end was told");
  expect(executionWords({ state: "cannot_judge", met: true })).toEqual({ words: "cannot judge", tone: "warn" });
  expect(executionWords({ state: "something", met: true }).words).toBe("something");
});
