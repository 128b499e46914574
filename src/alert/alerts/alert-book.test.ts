import fc from "fast-check";
import { expect, test } from "vitest";
import type { AlertRecord, Severity } from "../../events/alert-records.ts";
import { type AlertBook, type AlertLife, createAlertBook, type Found } from "./alert-book.ts";

const CHAIN = { slotDurationMs: 12_000, slotsPerEpoch: 32 };
const STATE: AlertLife = {
  id: "node-down",
  scope: "node",
  holdsFor: undefined,
  overAfter: { unit: "slots", count: 2 },
  event: false,
};
const EVENT: AlertLife = { ...STATE, id: "reorg", scope: "network", event: true };

const found = (about: string, severity: Severity = "warning", slot?: number): Found => ({
  about,
  severity,
  title: `About ${about}`,
  text: "What it means",
  checkFirst: undefined,
  link: undefined,
  slot,
  nodes: [about],
  ctx: {
    watch_id: "w",
    id: "w_1",
    execution_time: "",
    trigger: { triggered_time: "", scheduled_time: "" },
    metadata: {},
    vars: {},
    payload: {},
  },
});

type Said = {
  book: AlertBook;
  rule?: AlertLife;
  met?: readonly Found[];
  notMet?: "all" | readonly string[];
  document?: string;
};

const say = ({ book, rule = STATE, met = [], notMet = "all", document }: Said, nowMs: number) =>
  book.judge({ rule, found: met, notMet, document, nowMs }).map(({ kind, alert }) => ({ kind, alert }));
const opened = (changes: readonly { alert: AlertRecord }[]): AlertRecord => {
  const [first] = changes;
  if (first === undefined) throw new Error("nothing was opened");
  return first.alert;
};
const kinds = (changes: readonly { kind: string }[]) => changes.map(({ kind }) => kind);

test("what is met again is the same alert, and over once it was not met for long enough", () => {
  const book = createAlertBook(CHAIN);
  const [first] = say({ book, met: [found("n1")] }, 1_000);
  expect(first).toMatchObject({ kind: "new", alert: { rule: "node-down", about: "n1", since_ms: 1_000, met: 1 } });
  expect(say({ book, met: [found("n1")] }, 2_000)).toMatchObject([
    { kind: "again", alert: { met: 2, last_ms: 2_000 } },
  ]);
  expect(say({ book }, 3_000)).toEqual([]);
  expect(kinds(say({ book, met: [found("n1")] }, 4_000))).toEqual(["again"]);
  expect(say({ book }, 5_000)).toEqual([]);
  expect(book.advance(28_999)).toEqual([]);
  expect(book.advance(29_000)).toMatchObject([
    { kind: "over", alert: { id: first?.alert.id, state: "over", until_ms: 5_000 } },
  ]);
  expect(book.open()).toEqual([]);
});

test("a state lasts while nothing says that it ended; an event ends by itself", () => {
  const book = createAlertBook(CHAIN);
  say({ book, met: [found("n1")] }, 0);
  say({ book, rule: EVENT, met: [found("0xaa")] }, 0);
  expect(book.advance(24_000)).toMatchObject([{ kind: "over", alert: { rule: "reorg", until_ms: 0 } }]);
  expect(book.advance(86_400_000)).toEqual([]);
  expect(book.open().map(({ rule }) => rule)).toEqual(["node-down"]);
});

test("what is worse is told and breaks an acknowledgement; what is milder is neither", () => {
  const book = createAlertBook(CHAIN);
  const alert = opened(say({ book, met: [found("n1")] }, 0));
  expect(book.acknowledge(alert.id, 5)).toMatchObject({ state: "acknowledged", acknowledged_ms: 5 });
  expect(say({ book, met: [found("n1", "info")] }, 10)).toMatchObject([
    { kind: "again", alert: { severity: "warning", state: "acknowledged" } },
  ]);
  expect(say({ book, met: [found("n1", "critical")] }, 20)).toMatchObject([
    { kind: "worse", alert: { severity: "critical", state: "open" } },
  ]);
  expect(() => book.acknowledge("node-down/none/0", 30)).toThrow("There is no open alert");
});

test("a condition that must hold begins an alert only then, by time alone, and since it was first met", () => {
  const rule: AlertLife = { ...STATE, holdsFor: { unit: "ms", count: 5_000 } };
  const book = createAlertBook(CHAIN);
  expect(say({ book, rule, met: [found("n1")] }, 0)).toEqual([]);
  expect(say({ book, rule }, 1_000)).toEqual([]);
  expect(say({ book, rule, met: [found("n1")] }, 2_000)).toEqual([]);
  expect(book.advance(6_999)).toEqual([]);
  expect(book.advance(7_000)).toMatchObject([{ kind: "new", alert: { since_ms: 2_000 } }]);
});

test("a document that was judged opens nothing anew unless it is worse now, after a restart, too", () => {
  const book = createAlertBook(CHAIN);
  const judged = { book, rule: EVENT, document: "0xaa@1" };
  say({ ...judged, met: [found("0xaa")] }, 0);
  book.advance(60_000);
  expect(say({ ...judged, met: [found("0xaa")] }, 61_000)).toEqual([]);
  expect(kinds(say({ ...judged, met: [found("0xaa", "critical")] }, 62_000))).toEqual(["new"]);
  const restarted = createAlertBook(CHAIN);
  restarted.prime({ rule: EVENT, found: [found("0xaa")], document: "0xaa@1" });
  expect(say({ ...judged, book: restarted, met: [found("0xaa")] }, 70_000)).toEqual([]);
});

test("a state that was over and comes back is an alert anew, by the same document, too", () => {
  const book = createAlertBook(CHAIN);
  const judged = { book, document: "6@1" };
  expect(kinds(say({ ...judged, met: [found("finality")] }, 0))).toEqual(["new"]);
  say(judged, 1_000);
  expect(kinds(book.advance(60_000))).toEqual(["over"]);
  expect(kinds(say({ ...judged, met: [found("finality")] }, 61_000))).toEqual(["new"]);
});

test("several things of one rule are alerts of their own, and nodes of one thing are gathered", () => {
  const book = createAlertBook(CHAIN);
  expect(say({ book, met: [found("n1"), found("n2")] }, 0)).toHaveLength(2);
  const also = { ...found("n1"), nodes: ["n3", "n1"] };
  expect(say({ book, met: [also], notMet: [] }, 1)).toMatchObject([{ alert: { nodes: ["n1", "n3"] } }]);
  expect(book.open("node-down")).toHaveLength(2);
  expect(book.end("node-down", 2).map(({ state, until_ms }) => [state, until_ms])).toEqual([
    ["over", 2],
    ["over", 2],
  ]);
});

test("a restarted book goes on where it was", () => {
  const before = createAlertBook(CHAIN);
  const alert = opened(say({ book: before, met: [found("n1")] }, 0));
  const book = createAlertBook(CHAIN);
  book.restore([alert, { ...alert, id: "gone/1/0", rule: "gone" }], (rule) =>
    rule === "node-down" ? STATE : undefined,
  );
  expect(book.open()).toEqual([alert]);
  expect(say({ book, met: [found("n1")] }, 10)).toMatchObject([{ kind: "again", alert: { id: alert.id, met: 2 } }]);
});

test("whatever is met and not met, an alert of one thing is new once, then over once", () => {
  const step = fc.record({
    about: fc.constantFrom("a", "b"),
    met: fc.boolean(),
    afterMs: fc.integer({ min: 0, max: 30_000 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.boolean(), (steps, event) => {
      const book = createAlertBook(CHAIN);
      const open = new Set<string>();
      let nowMs = 0;
      const note = (changes: readonly { kind: string; alert: AlertRecord }[]) => {
        for (const { kind, alert } of changes) {
          expect(open.has(alert.about)).toBe(kind !== "new");
          if (kind === "new") open.add(alert.about);
          if (kind === "over") {
            open.delete(alert.about);
            expect(alert.until_ms).toBeGreaterThanOrEqual(alert.since_ms);
          }
        }
      };
      for (const { about, met, afterMs } of steps) {
        nowMs += afterMs;
        note(book.advance(nowMs));
        const rule = { ...STATE, event };
        note(say({ book, rule, met: met ? [found(about)] : [], notMet: [about] }, nowMs));
        expect(new Set(book.open().map((alert) => alert.about))).toEqual(open);
      }
    }),
  );
});
