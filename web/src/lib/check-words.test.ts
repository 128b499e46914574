import { expect, test } from "vitest";
import { bySeverity, type CheckedNode, checkFacts, checkSentence, type Finding, worstFirst } from "./check-words.ts";

const finding = (severity: Finding["severity"], code = "code"): Finding => ({ severity, code, sentence: code });

const node = (changes: Partial<CheckedNode> = {}): CheckedNode => ({
  name: "n1",
  url: "http://n1.example",
  verdict: "ready",
  version: "Lighthouse/v8.0.0",
  network: {
    name: "mainnet",
    genesis_time: 0,
    genesis_validators_root: null,
    slot_duration_ms: 12_000,
    slots_per_epoch: 32,
    fork: "fulu",
  },
  sync: { head_slot: 5, sync_distance: 0, is_syncing: false, is_optimistic: false, el_offline: false },
  peers: 1,
  clock: { offset_ms: 300, error_ms: 501 },
  events: {
    state: "open",
    listened_ms: 800,
    first_event: { topic: "head", after_ms: 750 },
    topics: { head: { state: "streaming", events: 1 }, block: { state: "unknown", events: 0 } },
    refuses_unknown: true,
  },
  paths: { "/a": "ok", "/b": "ok" },
  findings: [],
  ...changes,
});

const told = (changes: Partial<CheckedNode>) =>
  Object.fromEntries(checkFacts(node(changes)).map(({ title, value, note, alarm }) => [title, { value, note, alarm }]));

test("a node that gives everything has no fact that stands out", () => {
  expect(told({})).toEqual({
    sync: { value: "in sync", note: "1 peer", alarm: false },
    events: { value: "2 of 2 topics", note: "first event after 0.8 s", alarm: false },
    REST: { value: "2 of 2 paths", note: "all are answered", alarm: false },
    "its clock": { value: "as this one", note: "± 0.5 s, by its Date header", alarm: false },
  });
});

test("a node that was not reached has no facts", () => {
  expect(checkFacts(node({ network: null }))).toEqual([]);
});

test("syncing, an offline execution client and no peers stand out", () => {
  const sync = { head_slot: 5, sync_distance: 7, is_syncing: true, is_optimistic: true, el_offline: true };
  expect(told({ sync })["sync"]).toEqual({ value: "7 slots behind", note: "1 peer", alarm: true });
  expect(told({ sync: { ...sync, is_syncing: false } })["sync"]?.value).toBe("execution offline");
  expect(told({ peers: 0 })["sync"]).toEqual({ value: "in sync", note: "0 peers", alarm: true });
});

test("a refused topic stands out only where it is missed", () => {
  const events = { ...node().events, topics: { head: { state: "refused", events: 0 } } } as CheckedNode["events"];
  expect(told({ events })["events"]).toMatchObject({ note: "1 refused, none needed now", alarm: false });
  const findings = [finding("lesser", "topic_refused")];
  expect(told({ events, findings })["events"]).toMatchObject({ note: "1 refused", alarm: true });
});

test("a node that refuses nothing, not even what does not exist, is not said to have every topic", () => {
  const events = { ...node().events, refuses_unknown: false } as CheckedNode["events"];
  expect(told({ events })["events"]).toEqual({
    value: "no topic refused",
    note: "nor one that does not exist",
    alarm: false,
  });
});

test("paths that are missing are told from those that failed", () => {
  expect(told({ paths: { "/a": "ok", "/b": "missing", "/c": "failed" } })["REST"]).toEqual({
    value: "1 of 3 paths",
    note: "1 missing, 1 failed",
    alarm: true,
  });
});

test("a node's clock differs only by more than its error, and stands out beyond what gossip allows", () => {
  expect(told({ clock: { offset_ms: -900, error_ms: 501 } })["its clock"]).toMatchObject({
    value: "0.9 s behind",
    alarm: false,
  });
  expect(told({ clock: { offset_ms: 10_000, error_ms: 501 } })["its clock"]).toMatchObject({
    value: "10.0 s ahead",
    alarm: true,
  });
});

test("nodes that cannot be watched come first, the others stay in their order", () => {
  const nodes = [node(), node({ name: "n2" }), node({ name: "n3", verdict: "not_ready" })];
  expect(worstFirst(nodes).map(({ name }) => name)).toEqual(["n3", "n1", "n2"]);
});

test("findings stand with the worst first, and are counted over all nodes", () => {
  const findings = [finding("note"), finding("lesser"), finding("fatal")];
  expect(bySeverity(findings).map(({ severity }) => severity)).toEqual(["fatal", "lesser", "note"]);
  const report = { verdict: "not_ready" as const, temporary: false, checked_ms: 0 };
  expect(checkSentence({ ...report, nodes: [node({ findings })], findings: [finding("lesser")] })).toBe(
    "1 thing that must change, 2 things that will be missing.",
  );
  expect(checkSentence({ ...report, nodes: [node({ findings: [finding("note")] })], findings: [] })).toMatch(
    /^Nothing was found/,
  );
});
