import { expect, test } from "vitest";
import type { JsonObject } from "../../events/foreign.ts";
import { keptForMs, type LifecycleBook } from "./kept-for.ts";

const DAY_MS = 86_400_000;
type Section = Parameters<LifecycleBook["all"]>[0];
type Put = Partial<Record<Section, Record<string, JsonObject>>>;

function kept(put: Put, settings: JsonObject = {}, kind: "stream" | "index" = "stream"): number | undefined {
  const all = (section: Section) => new Map(Object.entries(put[section] ?? {}));
  return keptForMs({ name: "logs-a-default", kind, mapping: {}, createdMs: 0, settings }, { all });
}

const template = (more: JsonObject): JsonObject => ({
  index_patterns: ["logs-a-*"],
  priority: 200,
  data_stream: {},
  ...more,
});
const lifecycle = (data_retention: string, more: JsonObject = {}): JsonObject => ({
  lifecycle: { data_retention, ...more },
});
const policy = (phases: JsonObject): Put => ({ ilm_policy: { p: { policy: { phases } } } });
const underPolicy: JsonObject = { index: { lifecycle: { name: "p" } } };

test("nothing that was put, nothing that ends, and what cannot be read, end nothing", () => {
  expect(kept({})).toBeUndefined();
  expect(kept({ data_stream: { "logs-a-default": {} } })).toBeUndefined();
  expect(kept({ data_stream: { "logs-a-default": { lifecycle: { enabled: true } } } })).toBeUndefined();
  expect(kept({ data_stream: { "logs-a-default": lifecycle("7d", { enabled: false }) } })).toBeUndefined();
  expect(kept({ data_stream: { "logs-a-default": lifecycle("soon") } })).toBeUndefined();
  expect(kept({}, underPolicy)).toBeUndefined();
  expect(kept(policy({ hot: { actions: { rollover: { max_age: "1d" } } } }), underPolicy)).toBeUndefined();
  expect(kept(policy({ delete: { min_age: "some" } }), underPolicy)).toBeUndefined();
});

test("a stream's own lifecycle goes before its template's, whose own goes before its components'", () => {
  const component_template = { c: { template: lifecycle("3d") } };
  const composed = { t: template({ composed_of: ["c"] }) };
  expect(kept({ component_template, index_template: composed })).toBe(3 * DAY_MS);
  const index_template = { t: template({ composed_of: ["c"], template: lifecycle("5d") }) };
  expect(kept({ component_template, index_template })).toBe(5 * DAY_MS);
  const data_stream = { "logs-a-default": lifecycle("12h"), "logs-b-default": lifecycle("1h") };
  expect(kept({ component_template, index_template, data_stream })).toBe(DAY_MS / 2);
});

test("a policy counts from the rollover, so what may pass before it is added, and it goes before a lifecycle", () => {
  expect(kept(policy({ delete: { min_age: "7d" } }), underPolicy)).toBe(7 * DAY_MS);
  expect(kept(policy({ delete: { actions: { delete: {} } } }), underPolicy)).toBe(0);
  const phases = { hot: { actions: { rollover: { max_age: "30d", max_size: "1gb" } } }, delete: { min_age: "2d" } };
  expect(kept(policy(phases), underPolicy)).toBe(32 * DAY_MS);
  const both = { ...policy(phases), data_stream: { "logs-a-default": lifecycle("1d") } };
  expect(kept(both, underPolicy)).toBe(32 * DAY_MS);
  expect(kept(both)).toBe(DAY_MS);
});

test("of a plain index nothing ends", () => {
  expect(kept(policy({ delete: { min_age: "7d" } }), underPolicy, "index")).toBeUndefined();
});
