import { createHash } from "node:crypto";
import type { Chain } from "../../chain/chain.ts";
import { type AlertRecord, type AlertScope, SEVERITIES, type Severity } from "../../events/alert-records.ts";
import { Fault } from "../../lib/fault.ts";
import type { Span } from "../alert-rule.ts";
import type { WatchContext } from "../context.ts";
import { createSeenDocuments } from "./seen-documents.ts";
import { spanMs } from "./spans.ts";

/** One thing that a check found its condition met for. */
export type Found = {
  about: string;
  severity: Severity;
  title: string;
  text: string;
  checkFirst: string | undefined;
  link: string | undefined;
  slot: number | undefined;
  nodes: readonly string[];
  /** What actions are rendered with. */
  ctx: WatchContext;
};

/** How the alerts of a rule live. */
export type AlertLife = {
  id: string;
  scope: AlertScope;
  holdsFor: Span | undefined;
  overAfter: Span;
  event: boolean;
};

/** What one check says of a rule's alerts. */
export type Judgement = {
  rule: AlertLife;
  found: readonly Found[];
  /** What was judged beside `found`, and not met: all that is open, or these. */
  notMet: "all" | readonly string[];
  /** The document that was judged, by its id and time; undefined where it has none. */
  document: string | undefined;
  nowMs: number;
};

export type AlertChange = {
  /** `again`: still met, and no worse. */
  kind: "new" | "worse" | "again" | "over";
  alert: AlertRecord;
  /** Of the check that last met the condition; undefined after a restart. */
  ctx: WatchContext | undefined;
};

/** The alerts of all rules: one at a time for what each is about. Pure; time comes with what is asked. */
export type AlertBook = {
  judge(judgement: Judgement): AlertChange[];
  /**
   * Time passed: what held long enough begins, what was not met for long enough is over; of rules that cannot be judged
   * now everything stays as it is.
   */
  advance(nowMs: number, mayJudge?: (rule: string) => boolean): AlertChange[];
  /** Notes a document that was judged by an earlier run. */
  prime(judgement: Pick<Judgement, "rule" | "found" | "document">): void;
  /** Throws `alert_unknown` where it is not open. */
  acknowledge(id: string, nowMs: number): AlertRecord;
  /** Ends the alerts of a rule that is no longer checked. */
  end(rule: string, nowMs: number): AlertRecord[];
  /** Takes over what became of an alert's messages. */
  update(id: string, change: (alert: AlertRecord) => AlertRecord): AlertRecord | undefined;
  restore(alerts: readonly AlertRecord[], lifeOf: (rule: string) => AlertLife | undefined): void;
  get(id: string): AlertRecord | undefined;
  open(rule?: string): AlertRecord[];
  /** Found beyond the bound of a rule, and not kept. */
  dropped(): number;
};

type Entry = {
  life: AlertLife;
  found: Found | undefined;
  sinceMs: number;
  lastMetMs: number;
  notMetSinceMs: number | undefined;
  /** Undefined while the condition does not hold long enough. */
  alert: AlertRecord | undefined;
};

/** A rule may have so many alerts at once; a storm of more is the same news. */
const MOST_OF_A_RULE = 1_000;

export function rankOf(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

export function createAlertBook(chain: Pick<Chain, "slotDurationMs" | "slotsPerEpoch">): AlertBook {
  const rules = new Map<string, Map<string, Entry>>();
  const seen = createSeenDocuments();
  /** What ends and begins again within a millisecond is another alert. */
  const lastIds = new Map<string, string>();
  let dropped = 0;

  const entriesOf = (rule: string): Map<string, Entry> => {
    let entries = rules.get(rule);
    if (entries === undefined) {
      entries = new Map();
      rules.set(rule, entries);
    }
    return entries;
  };

  const begin = (entry: Entry, found: Found, nowMs: number): AlertChange[] => {
    const { life, sinceMs } = entry;
    const holdsMs = life.holdsFor === undefined ? 0 : spanMs(life.holdsFor, chain);
    if (nowMs - sinceMs < holdsMs) return [];
    entry.alert = newAlert({
      life,
      found,
      sinceMs,
      nowMs,
      isUsed: (id) => id === lastIds.get(`${life.id}/${found.about}`),
    });
    lastIds.set(`${life.id}/${found.about}`, entry.alert.id);
    if (lastIds.size > MOST_OF_A_RULE) lastIds.delete(lastIds.keys().next().value ?? "");
    return [{ kind: "new", alert: entry.alert, ctx: found.ctx }];
  };

  const goOn = (entry: Entry, alert: AlertRecord, found: Found): AlertChange[] => {
    const isWorse = rankOf(found.severity) > rankOf(alert.severity);
    entry.alert = {
      ...alert,
      // It is told as it was at its worst.
      ...(rankOf(found.severity) < rankOf(alert.severity) ? {} : wordsOf(found)),
      severity: isWorse ? found.severity : alert.severity,
      // What gets worse is news, though somebody knew of the milder form.
      state: isWorse ? "open" : alert.state,
      nodes: union(alert.nodes, found.nodes),
      last_ms: entry.lastMetMs,
      met: alert.met + 1,
    };
    return [{ kind: isWorse ? "worse" : "again", alert: entry.alert, ctx: found.ctx }];
  };

  const meet = (judgement: Judgement, found: Found): AlertChange[] => {
    const { rule, document, nowMs } = judgement;
    const entries = entriesOf(rule.id);
    let entry = entries.get(found.about);
    const rank = rankOf(found.severity);
    if (entry === undefined) {
      if (seen.covers(rule.id, document, rank)) return [];
      if (entries.size >= MOST_OF_A_RULE) {
        dropped += 1;
        return [];
      }
      entry = { life: rule, found, sinceMs: nowMs, lastMetMs: nowMs, notMetSinceMs: undefined, alert: undefined };
      entries.set(found.about, entry);
    }
    // A moment is over once; a state may come back within what one document is about.
    if (rule.event) seen.note(rule.id, document, rank);
    Object.assign(entry, { life: rule, found, lastMetMs: nowMs, notMetSinceMs: undefined });
    return entry.alert === undefined ? begin(entry, found, nowMs) : goOn(entry, entry.alert, found);
  };

  /** Ends what is over by now; undefined while it is not. */
  const expire = (entries: Map<string, Entry>, about: string, nowMs: number): AlertChange | undefined => {
    const entry = entries.get(about);
    if (entry?.alert === undefined) return undefined;
    const { life, alert, lastMetMs, notMetSinceMs, found } = entry;
    const sinceMs = life.event ? lastMetMs : notMetSinceMs;
    if (sinceMs === undefined || nowMs - sinceMs < spanMs(life.overAfter, chain)) return undefined;
    entries.delete(about);
    return { kind: "over", alert: { ...alert, state: "over", until_ms: sinceMs }, ctx: found?.ctx };
  };

  const miss = (entries: Map<string, Entry>, about: string, nowMs: number): AlertChange[] => {
    const entry = entries.get(about);
    if (entry === undefined) return [];
    if (entry.alert === undefined) {
      entries.delete(about);
      return [];
    }
    if (!entry.life.event) entry.notMetSinceMs ??= nowMs;
    const over = expire(entries, about, nowMs);
    return over === undefined ? [] : [over];
  };

  return {
    judge(judgement) {
      const { rule, found, notMet, nowMs } = judgement;
      const changes = found.flatMap((one) => meet(judgement, one));
      const entries = entriesOf(rule.id);
      const met = new Set(found.map(({ about }) => about));
      const missed = notMet === "all" ? [...entries.keys()] : notMet;
      for (const about of missed) {
        if (!met.has(about)) changes.push(...miss(entries, about, nowMs));
      }
      return changes;
    },
    advance(nowMs, mayJudge = () => true) {
      const changes: AlertChange[] = [];
      for (const [rule, entries] of rules) {
        if (entries.size === 0 || !mayJudge(rule)) continue;
        for (const [about, entry] of [...entries]) {
          if (entry.alert === undefined && entry.found !== undefined) changes.push(...begin(entry, entry.found, nowMs));
          const over = expire(entries, about, nowMs);
          if (over !== undefined) changes.push(over);
        }
      }
      return changes;
    },
    prime({ rule, found, document }) {
      for (const { severity } of found) seen.note(rule.id, document, rankOf(severity));
    },
    acknowledge(id, nowMs) {
      const entry = entryOf(id);
      if (entry?.alert === undefined) throw new Fault("alert_unknown", `There is no open alert '${id}'.`);
      if (entry.alert.state === "open") {
        entry.alert = { ...entry.alert, state: "acknowledged", acknowledged_ms: nowMs };
      }
      return entry.alert;
    },
    end(rule, nowMs) {
      const entries = [...entriesOf(rule).values()];
      rules.delete(rule);
      return entries.flatMap(({ alert }) =>
        alert === undefined ? [] : [{ ...alert, state: "over" as const, until_ms: nowMs }],
      );
    },
    update(id, change) {
      const entry = entryOf(id);
      if (entry?.alert === undefined) return undefined;
      entry.alert = change(entry.alert);
      return entry.alert;
    },
    restore(alerts, lifeOf) {
      for (const alert of alerts) {
        const life = lifeOf(alert.rule);
        if (life === undefined) continue;
        entriesOf(alert.rule).set(alert.about, {
          life,
          found: undefined,
          sinceMs: alert.since_ms,
          lastMetMs: alert.last_ms,
          notMetSinceMs: undefined,
          alert,
        });
      }
    },
    get: (id) => entryOf(id)?.alert,
    open(rule) {
      const of = rule === undefined ? [...rules.values()] : [entriesOf(rule)];
      return of.flatMap((entries) =>
        [...entries.values()].flatMap(({ alert }) => (alert === undefined ? [] : [alert])),
      );
    },
    dropped: () => dropped,
  };

  function entryOf(id: string): Entry | undefined {
    const entries = rules.get(id.slice(0, id.indexOf("/")));
    for (const entry of entries?.values() ?? []) if (entry.alert?.id === id) return entry;
    return undefined;
  }
}

/** An alert as it begins. */
export function newAlert(input: {
  life: AlertLife;
  found: Found;
  sinceMs: number;
  nowMs: number;
  isUsed?(id: string): boolean;
}): AlertRecord {
  const { life, found, sinceMs, nowMs, isUsed = () => false } = input;
  const idOf = (ms: number) => `${life.id}/${hashOf(found.about)}/${Math.round(ms)}`;
  return {
    id: isUsed(idOf(sinceMs)) ? idOf(sinceMs + 1) : idOf(sinceMs),
    rule: life.id,
    about: found.about,
    scope: life.scope,
    state: "open",
    severity: found.severity,
    ...wordsOf(found),
    slot: found.slot ?? null,
    nodes: found.nodes,
    since_ms: sinceMs,
    last_ms: nowMs,
    until_ms: null,
    met: 1,
    acknowledged_ms: null,
    told: [],
  };
}

function wordsOf({
  title,
  text,
  checkFirst,
  link,
}: Found): Pick<AlertRecord, "title" | "text" | "check_first" | "link"> {
  return { title, text, check_first: checkFirst ?? null, link: link ?? null };
}

function hashOf(about: string): string {
  return createHash("sha256").update(about).digest("hex").slice(0, 16);
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  const more = b.filter((name) => !a.includes(name));
  return more.length === 0 ? a : [...a, ...more];
}
