import { describe, expect, test } from "vitest";
import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import type { WatchContext } from "../context.ts";
import { parseAlert } from "./parse-alert.ts";
import { refusalOf, rigContext } from "./watch-rig.ts";

const parse = (body: Json) => parseAlert(body, { watchId: "late_block", path: "metadata.alert" });

const ctx: WatchContext = rigContext({
  ethereum: { slot: "12345", delay_ms: 5200.5 },
  nodes: ["a", "b", "a"],
  rows: [{ node: "a", ms: 1 }, { node: "b", ms: 9 }, 7],
  word: "late",
});

describe("what a watch's alerts say", () => {
  test("is filled in from what was found", () => {
    const rule = parse({
      scope: "node",
      severity: [
        { severity: "critical", when: { compare: { "ctx.payload.ethereum.delay_ms": { gte: 8000 } } } },
        { severity: "high", when: { script: "ctx.payload.ethereum.delay_ms > 4000" } },
        { severity: "warning" },
      ],
      about: "slot {{ctx.payload.ethereum.slot}}",
      title: "Block of slot {{ctx.payload.ethereum.slot}} came {{ctx.payload.word}}",
      text: "After {{ctx.payload.ethereum.delay_ms}} ms.",
      check_first: "The proposer's relay.",
      link: "/slot/{{ctx.payload.ethereum.slot}}",
      slot: "{{ctx.payload.ethereum.slot}}",
      nodes: "{{#join}}ctx.payload.nodes{{/join}}",
      needs_nodes: 2,
      needs_clock: true,
      holds_for: "30s",
      over_after: "4 slots",
      tell_over: false,
      metric: { value: "payload.ethereum.delay_ms", title: "Delay", unit: "ms" },
    });
    expect(rule).toMatchObject({
      scope: "node",
      event: false,
      needsNodes: 2,
      needsClock: true,
      holdsFor: { unit: "ms", count: 30_000 },
      overAfter: { unit: "slots", count: 4 },
      tellOver: false,
      checkFirst: "The proposer's relay.",
      metric: { title: "Delay", unit: "ms" },
    });
    expect(rule.about(ctx)).toBe("slot 12345");
    expect(rule.severity(ctx)).toBe("high");
    expect(rule.title(ctx)).toBe("Block of slot 12345 came late");
    expect(rule.text(ctx)).toBe("After 5200.5 ms.");
    expect(rule.link(ctx)).toBe("/slot/12345");
    expect(rule.slot(ctx)).toBe(12345);
    expect(rule.nodes(ctx)).toEqual(["a", "b"]);
    expect(rule.metric?.value(ctx)).toBe(5200.5);
    expect(rule.each(ctx)).toEqual([ctx]);
  });

  test("has sensible words where nothing is said", () => {
    const rule = parse({});
    expect(rule).toMatchObject({
      scope: "network",
      needsNodes: "majority",
      needsClock: false,
      holdsFor: undefined,
      overAfter: { unit: "ms", count: 0 },
      event: false,
      tellOver: true,
      checkFirst: undefined,
      metric: undefined,
    });
    expect([rule.about(ctx), rule.title(ctx), rule.text(ctx), rule.severity(ctx)]).toEqual([
      "late_block",
      "late_block",
      "",
      "warning",
    ]);
    expect([rule.link(ctx), rule.slot(ctx), rule.nodes(ctx)]).toEqual([undefined, undefined, []]);
    expect(parse({ scope: "host" }).needsNodes).toBe(0);
    expect(parse({ event: true, over_after: "1 epoch" })).toMatchObject({
      tellOver: false,
      overAfter: { unit: "epochs", count: 1 },
    });
  });

  test("is info where none of its severities is met, also where one cannot be judged", () => {
    const rule = parse({ severity: [{ severity: "high", when: { script: "ctx.payload.absent.x > 1" } }] });
    expect(rule.severity(ctx)).toBe("info");
  });

  test("is said of each element of a list", () => {
    const rule = parse({
      each: "payload.rows",
      about: "{{ctx.payload.node}}{{ctx.payload._value}}",
      metric: { value: "ctx.payload.ms", title: "t", unit: "ms" },
    });
    const each = rule.each(ctx);
    expect(each.map((one) => rule.about(one))).toEqual(["a", "b", "7"]);
    expect(each.map((one) => rule.metric?.value(one))).toEqual([1, 9, undefined]);
    expect(rule.each(rigContext({}))).toEqual([]);
  });

  test("has a metric of a script, and none where that fails", () => {
    const rule = parse({
      metric: {
        value: { source: "100.0 * ctx.payload.ethereum.delay_ms / params.of", params: { of: 12000 } },
        title: "Share",
        unit: "%",
      },
    });
    expect(rule.metric?.value(ctx)).toBeCloseTo(43.3375);
    expect(rule.metric?.value(rigContext({}))).toBe(undefined);
    expect(parse({ metric: { value: "ctx.payload.rows.size() + 0", title: "Rows" } }).metric?.value(ctx)).toBe(3);
  });

  test("takes names of nodes from several texts", () => {
    const rule = parse({
      nodes: ["{{ctx.payload.rows.0.node}}", "{{ctx.payload.rows.1.node}},c", "{{ctx.payload.absent}}"],
    });
    expect(rule.nodes(ctx)).toEqual(["a", "b", "c"]);
  });

  test.each<[Json, string, string]>([
    [5, "expected an object", ""],
    [{ severities: "high" }, "[severities] is unknown, expected one of [scope, severity,", ".severities"],
    [
      { scope: "galaxy" },
      "[scope] must be one of [network, node, validators, host, monitor], but is [galaxy]",
      ".scope",
    ],
    [
      { severity: "awful" },
      "[severity] must be one of [info, warning, high, critical, emergency], but is [awful]",
      ".severity",
    ],
    [{ severity: [{ when: { always: {} } }] }, '[severity] must be a list of {"severity": …, "when": …}', ".severity"],
    [
      { severity: [{ severity: "high", when: { sometimes: {} } }] },
      "unknown condition type [sometimes]",
      ".severity.0.when.sometimes",
    ],
    [{ title: 5 }, "[title] must be a text", ".title"],
    [{ title: "{{#open}}" }, "compile error", ".title"],
    [{ over_after: "a while" }, "[over_after] must be a time or a number of slots or epochs", ".over_after"],
    [{ holds_for: 5 }, "[holds_for] must be a time", ".holds_for"],
    [{ needs_nodes: "all" }, "[needs_nodes] must be a number of nodes or [majority], but is [all]", ".needs_nodes"],
    [{ needs_clock: "yes" }, "[needs_clock] must be true or false", ".needs_clock"],
    [{ nodes: [5] }, "[nodes] must be a text or a list of texts", ".nodes"],
    [{ metric: { value: "payload.x" } }, "[metric] must be", ".metric"],
    [{ metric: { value: "1 +", title: "x" } }, "compile error", ".metric.value"],
  ])("%j is refused", (body, reason, path) => {
    const refusal = refusalOf(() => parse(body)) as JsonObject;
    expect(refusal["reason"]).toContain(reason);
    expect(refusal["path"]).toBe(`metadata.alert${path}`);
  });
});
