import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../events/foreign.ts";
import { Fault } from "../../lib/fault.ts";
import type { ExecuteAsked } from "../desk.ts";
import type { Decision } from "../engine/decisions.ts";
import { keepWatch } from "../engine/kept-watch.ts";
import { parseWatch } from "../watch/parse-watch.ts";
import { createExecute } from "./execute.ts";

const NOW_MS = Date.UTC(2026, 10, 22, 10);
const PLAIN = {
  trigger: { schedule: { interval: "1m" } },
  input: {
    simple: {
      disks: [
        { node: "n1", share: 0.97 },
        { node: "n2", share: 0.5 },
      ],
    },
  },
  actions: {
    log: { logging: { text: "{{ctx.payload.disks.0.node}}" } },
    never: { condition: { never: {} }, logging: { text: "no" } },
  },
};
const RULE = {
  ...PLAIN,
  metadata: {
    alert: {
      scope: "host",
      each: "payload.disks",
      about: "{{ctx.payload.node}}",
      title: "Disk of {{ctx.payload.node}}",
      text: "It is full.",
      nodes: "{{ctx.payload.node}}",
      severity: [{ severity: "high", when: { compare: { "ctx.payload.share": { gt: 0.9 } } } }, { severity: "info" }],
    },
  },
  actions: {
    log: { logging: { text: "{{ctx.vars.alert.stage}}: {{ctx.vars.alert.title}}" } },
    mail: { condition: { compare: { "ctx.vars.alert.severity": { not_eq: "info" } } }, email: { to: "me@a.example" } },
  },
};

function carryOut(asked: Partial<ExecuteAsked>, kept?: JsonObject) {
  const decided: Decision[] = [];
  const known = keepWatch({
    watch: parseWatch({ id: "kept", body: kept ?? PLAIN }),
    active: true,
    version: 1,
    state: undefined,
    nowMs: NOW_MS,
  });
  const execute = createExecute({
    read: parseWatch,
    kept(id) {
      if (id === "kept") return known;
      throw new Fault("watch_unknown", `There is no watch '${id}'.`);
    },
    newest: async () => [{ slot: 1 }, { slot: 2 }],
    ports: { search: () => Promise.reject(new Error("none")), fetch: () => Promise.reject(new Error("none")) },
    decide: (decision) => decided.push(decision),
    nowMs: () => NOW_MS,
  });
  const usual = { ignoreCondition: false, actionModes: { _all: "simulate" as const }, recordExecution: false };
  const run = (more: Partial<ExecuteAsked>) => execute({ ...usual, ...more }, new AbortController().signal);
  return { decided, known, run, answer: run(asked) };
}
const resultOf = ({ record }: { record: JsonObject }) =>
  record["result"] as { actions: JsonObject[]; alerts?: JsonObject[] };

describe("a watch that is carried out", () => {
  test("runs each action once, and keeps nothing of what is simulated", async () => {
    const { answer, decided } = carryOut({ watch: PLAIN });
    const { id, record } = await answer;
    expect([id, record["state"]]).toEqual([`_inlined__${NOW_MS}`, "executed"]);
    expect(resultOf({ record }).actions).toEqual([
      { id: "log", type: "logging", status: "simulated", logging: [{ level: "info", text: "n1" }] },
      { id: "never", type: "logging", status: "condition_failed" },
    ]);
    expect(decided).toEqual([]);
  });

  test("with alerts runs its actions for each of them, as it would live", async () => {
    const { actions, alerts } = resultOf(await carryOut({ watch: RULE }).answer);
    expect(alerts).toMatchObject([
      { about: "n1", severity: "high", title: "Disk of n1", nodes: ["n1"] },
      { about: "n2", severity: "info" },
    ]);
    expect(actions).toMatchObject([
      { id: "log", logging: [{ text: "new: Disk of n1" }, { text: "new: Disk of n2" }] },
      { id: "mail", status: "simulated", email: [{ to: ["me@a.example"] }] },
    ]);
  });

  test("sends what is not simulated, a mail with the alert that its texts are made from", async () => {
    const { answer, decided, known } = carryOut(
      { id: "kept", actionModes: { mail: "execute", log: "skip" }, recordExecution: true },
      RULE,
    );
    await answer;
    expect(decided).toHaveLength(1);
    expect(decided[0]?.deliveries).toMatchObject([
      { watch: "kept", action: "mail", status: "pending", alert: null, content: { alert: { title: "Disk of n1" } } },
    ]);
    expect(decided[0]?.documents.map(({ dataset }) => dataset)).toEqual([
      "delivery",
      "ethereum.watch_history",
      "watch_state",
    ]);
    expect(known.statuses.view()).toMatchObject({ mail: { ack: { state: "ackable" } } });
  });

  test("holds back what is throttled or acknowledged, unless it is forced", async () => {
    const { answer, run, known } = carryOut({ id: "kept", actionModes: { _all: "execute" }, recordExecution: true });
    await answer;
    const statusOf = async (mode: "execute" | "force_execute" | "force_simulate") =>
      resultOf(await run({ id: "kept", actionModes: { log: mode, _all: "skip" } })).actions.map(({ status }) => status);
    expect(await statusOf("execute")).toEqual(["throttled"]);
    known.statuses.acknowledge(undefined, NOW_MS);
    expect(await statusOf("execute")).toEqual(["acknowledged"]);
    expect(await statusOf("force_simulate")).toEqual(["simulated"]);
    expect(await statusOf("force_execute")).toEqual(["success"]);
  });

  test("sends what logs in only where it is kept", async () => {
    const hook = { webhook: { url: "http://a/", auth: { basic: { username: "u", password: "geheim" } } } };
    const watch = { ...PLAIN, actions: { hook, open: { webhook: { url: "http://a/" } } } };
    const actionModes = { _all: "execute" as const };
    const { answer, decided, run } = carryOut({ watch, actionModes }, watch);
    const { actions } = resultOf(await answer);
    expect(actions).toMatchObject([
      { id: "hook", status: "failure", reason: "an inline watch cannot log in: put it first" },
      { id: "open", status: "success" },
    ]);
    expect(decided.flatMap(({ deliveries }) => deliveries.map(({ action }) => action))).toEqual(["open"]);
    expect(resultOf(await run({ watch })).actions).toMatchObject([{ status: "simulated" }, { status: "simulated" }]);
    expect(resultOf(await run({ id: "kept", actionModes })).actions).toMatchObject([{ status: "success" }, {}]);
    expect(JSON.stringify(decided)).not.toContain("geheim");
  });

  test("over a stream begins with the newest document, or the one that is given", async () => {
    const watch = {
      trigger: { stream: { dataset: "slot", last: 5 } },
      transform: { script: "['slot': ctx.payload.slot, 'before': ctx.vars.last.size()]" },
      actions: { log: { logging: { text: "{{ctx.payload.slot}} of {{ctx.payload.before}}" } } },
    };
    const { actions } = resultOf(await carryOut({ watch }).answer);
    expect(actions).toMatchObject([{ logging: [{ text: "2 of 2" }] }]);
    const given = resultOf(await carryOut({ watch, alternativeInput: { slot: 9 } }).answer);
    expect(given.actions).toMatchObject([{ logging: [{ text: "9 of 3" }] }]);
  });

  test("that is not met, fails, or is not there says so", async () => {
    expect((await carryOut({ watch: { ...PLAIN, condition: { never: {} } } }).answer).record["state"]).toBe(
      "execution_not_needed",
    );
    const ignored = carryOut({ watch: { ...PLAIN, condition: { never: {} } }, ignoreCondition: true });
    expect((await ignored.answer).record["state"]).toBe("executed");
    const search = { search: { request: { indices: ["a"], body: {} } } };
    const { record } = await carryOut({ watch: { ...PLAIN, input: search } }).answer;
    expect([record["state"], record["messages"]]).toEqual(["failed", [expect.stringContaining("none")]]);
    await expect(carryOut({ id: "gone" }).answer).rejects.toMatchObject({ code: "watch_unknown" });
  });
});
