import { expect, it } from "vitest";
import type { JsonObject } from "../../events/foreign.ts";
import { parseWatch } from "../watch/parse-watch.ts";
import { createExecute } from "./execute.ts";

const NOW_MS = Date.UTC(2026, 10, 22, 10);

const RULE: JsonObject = {
  trigger: { stream: { dataset: "slot" } },
  condition: { compare: { "ctx.payload.late": { gte: 1 } } },
  metadata: {
    alert: {
      each: "payload.found",
      about: "{{ctx.payload.node}}",
      nodes: "{{ctx.payload.node}}",
      severity: [{ severity: "high", when: { compare: { "ctx.payload.by": { gt: 5 } } } }, { severity: "warning" }],
      title: "{{ctx.payload.node}} is late",
    },
  },
  actions: {
    log: { logging: { text: "{{ctx.vars.alert.stage}} {{ctx.vars.alert.severity}}: {{ctx.vars.alert.title}}" } },
    loud: {
      condition: { compare: { "ctx.vars.alert.severity": { eq: "high" } } },
      logging: { text: "{{ctx.payload.by}}" },
    },
    never: { condition: { never: {} }, logging: { text: "x" } },
  },
};
const DOCUMENT: JsonObject = {
  late: 1,
  found: [
    { node: "n1", by: 9 },
    { node: "n2", by: 3 },
  ],
};

const execute = (watch: JsonObject) =>
  createExecute({
    read: parseWatch,
    kept: () => {
      throw new Error("No rule is kept.");
    },
    newest: () => Promise.resolve([DOCUMENT]),
    ports: {
      search: () => Promise.reject(new Error("Nothing is searched.")),
      fetch: () => Promise.reject(new Error("Nobody is asked.")),
    },
    decide: () => {
      throw new Error("A test decides nothing.");
    },
    nowMs: () => NOW_MS,
  })(
    { watch, ignoreCondition: false, actionModes: { _all: "simulate" }, recordExecution: false },
    new AbortController().signal,
  );

it("tells of a tested rule its alerts, and what each action would say of them", async () => {
  const { record } = await execute(RULE);
  expect(record).toMatchObject({
    state: "executed",
    result: {
      alerts: [
        { about: "n1", severity: "high", title: "n1 is late", text: "", slot: null, nodes: ["n1"] },
        { about: "n2", severity: "warning", title: "n2 is late", nodes: ["n2"] },
      ],
      actions: [
        {
          id: "log",
          status: "simulated",
          logging: [{ text: "new high: n1 is late" }, { text: "new warning: n2 is late" }],
        },
        { id: "loud", status: "simulated", logging: [{ text: "9" }] },
        { id: "never", status: "condition_failed" },
      ],
    },
  });
});

it("tells of a plain watch no alerts, and of one that is not met no actions", async () => {
  const actions = { log: { logging: { text: "{{ctx.payload.late}}" } } };
  const { record } = await execute({ ...RULE, metadata: {}, actions });
  expect(record).toMatchObject({ result: { actions: [{ id: "log", logging: [{ text: "1" }] }] } });
  expect(record["result"]).not.toHaveProperty("alerts");
  const never = await execute({ ...RULE, condition: { never: {} } });
  expect(never.record).toMatchObject({ state: "execution_not_needed", result: { actions: [] } });
});
