import { describe, expect, test } from "vitest";
import { schemas } from "../../src/serve/api/schemas.ts";
import { until } from "../rigs/until.ts";

/** Rules over the native API of the program itself: what it answers has the form that is described. */
export function describeRules(url: () => Promise<string>): void {
  const ask = async (path: string, method = "GET", body?: object) => {
    const json = { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
    const response = await fetch(`${await url()}/api/v1${path}`, { method, ...(body === undefined ? {} : json) });
    return { status: response.status, body: (await response.json()) as unknown };
  };
  const watch = {
    trigger: { schedule: { interval: "1h" } },
    input: { simple: { found: [{ node: "n1", full: 97 }] } },
    metadata: {
      name: "Disks",
      alert: {
        scope: "host",
        each: "payload.found",
        about: "{{ctx.payload.node}}",
        title: "Disk of {{ctx.payload.node}}",
        nodes: "{{ctx.payload.node}}",
        metric: { value: "payload.full", title: "Full", unit: "%" },
      },
    },
    actions: { log: { logging: { text: "{{ctx.vars.alert.title}}" } } },
  };

  describe("rules of the program", () => {
    test("are listed, those that it comes with among them, and tell their watches", async () => {
      await until("the rules are taken up", async () => (await ask("/rules")).status === 200);
      const { rules, running } = schemas.Rules.parse((await ask("/rules")).body);
      expect([running, rules.find(({ id }) => id === "late-blocks")?.origin]).toEqual([true, "shipped"]);
      const detail = schemas.RuleDetail.parse((await ask("/rules/late-blocks")).body);
      expect(detail.watch["trigger"]).toMatchObject({ stream: { dataset: "slot" } });
      expect(schemas.Channels.parse((await ask("/channels")).body).channels.length).toBeGreaterThan(0);
    });

    test("are saved, tested, held against the past, switched off, acknowledged and deleted", async () => {
      const put = schemas.RulePut.parse((await ask("/rules/disks", "PUT", watch)).body);
      expect(put).toMatchObject({
        created: true,
        rule: { title: "Disks", scope: "host", origin: "own", active: true },
      });
      const { record } = schemas.RuleTest.parse((await ask("/rules/test", "POST", { watch })).body);
      expect(record).toMatchObject({
        state: "executed",
        result: { actions: [{ id: "log", status: "simulated", logging: [{ text: "Disk of n1" }] }] },
      });
      const now = Date.now();
      const span = { from_ms: now - 6 * 3_600_000, until_ms: now };
      const result = schemas.Backtest.parse((await ask("/rules/backtest", "POST", { watch, ...span })).body);
      expect(result).toMatchObject({ failures: 0, alerts: [{ about: "n1", until_ms: null }], metric: { unit: "%" } });
      expect(result.checks).toBeGreaterThanOrEqual(5);

      expect(await ask("/rules/disks", "PUT", { ...watch, trigger: {} })).toMatchObject({
        status: 400,
        body: { error: { code: "watch_invalid" } },
      });
      const off = schemas.RuleDetail.parse((await ask("/rules/disks/deactivate", "POST")).body);
      expect([off.rule.active, off.status["state"]]).toMatchObject([false, { active: false }]);
      expect((await ask("/rules/disks/acknowledge", "POST")).status).toBe(200);
      expect(schemas.RuleHistory.parse((await ask("/rules/disks/history")).body).executions).toEqual([]);
      expect((await ask("/rules/disks", "DELETE")).body).toEqual({ id: "disks", restored: false });
      expect(await ask("/rules/late-blocks", "DELETE")).toMatchObject({ status: 409 });
    });

    test("are silenced for a while, and tell nobody's alerts where there are none", async () => {
      const asked = { rules: ["*"], until_ms: Date.now() + 3_600_000, reason: "test" };
      const silence = schemas.Silence.parse((await ask("/silences", "POST", asked)).body);
      expect(schemas.Silences.parse((await ask("/silences")).body).silences).toEqual([silence]);
      expect((await ask(`/silences/${silence.id}`, "DELETE")).body).toEqual({ id: silence.id });
      const tooLong = { ...asked, until_ms: Date.now() + 400 * 86_400_000 };
      expect(await ask("/silences", "POST", tooLong)).toMatchObject({ status: 400 });
      expect(schemas.Alerts.parse((await ask("/alerts?rule=disks")).body).alerts).toEqual([]);
    });
  });
}
