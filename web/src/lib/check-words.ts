import type { NodesCheck } from "../../../src/serve/views.ts";
import { formatCount } from "./format.ts";

export type CheckedNode = NodesCheck["nodes"][number];
export type Finding = CheckedNode["findings"][number];
export type Verdict = CheckedNode["verdict"];

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  ready: "nothing found missing",
  ready_with_less: "gives less",
  not_ready: "cannot be watched",
};

export const SEVERITY_WORDS: Readonly<Record<Finding["severity"], string>> = {
  fatal: "cannot be watched",
  lesser: "something is missing",
  note: "to know",
};

const SEVERITIES = Object.keys(SEVERITY_WORDS);

/** The worst first. */
export function bySeverity(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

const VERDICTS = Object.keys(VERDICT_WORDS);

export function worstFirst(nodes: readonly CheckedNode[]): CheckedNode[] {
  return nodes.toSorted((a, b) => VERDICTS.indexOf(b.verdict) - VERDICTS.indexOf(a.verdict));
}

/** One sentence on all nodes together. */
export function checkSentence({ nodes, findings }: NodesCheck): string {
  const all = [...findings, ...nodes.flatMap((node) => node.findings)];
  const fatal = all.filter(({ severity }) => severity === "fatal").length;
  const lesser = all.filter(({ severity }) => severity === "lesser").length;
  if (fatal + lesser === 0) return "Nothing was found that will be missing.";
  const parts = [
    ...(fatal > 0 ? [`${formatCount(fatal, "thing")} that must change`] : []),
    ...(lesser > 0 ? [`${formatCount(lesser, "thing")} that will be missing`] : []),
  ];
  return `${parts.join(", ")}.`;
}

export type Fact = { title: string; value: string; note: string; alarm: boolean };

/** What a node gave, in the order in which it matters; empty when it could not be reached. */
export function checkFacts({ network, sync, peers, events, paths, clock, findings }: CheckedNode): Fact[] {
  if (network === null) return [];
  const isMissed = findings.some(({ severity, code }) => severity === "lesser" && code === "topic_refused");
  return [syncFact(sync, peers), eventsFact(events, isMissed), pathsFact(paths), clockFact(clock)];
}

function syncFact(sync: CheckedNode["sync"], peers: number | null): Fact {
  const note = peers === null ? "peers not told" : formatCount(peers, "peer");
  if (sync === null) return { title: "sync", value: "not told", note, alarm: true };
  const { is_syncing, sync_distance, is_optimistic, el_offline } = sync;
  const behind = sync_distance === null ? "syncing" : `${formatCount(sync_distance, "slot")} behind`;
  const trouble = el_offline ? "execution offline" : is_optimistic ? "optimistic" : undefined;
  return {
    title: "sync",
    value: is_syncing ? behind : (trouble ?? "in sync"),
    note,
    alarm: is_syncing || trouble !== undefined || peers === 0,
  };
}

/** A topic that its fork does not have, or that nothing is computed from, may be refused without a loss. */
function eventsFact(events: CheckedNode["events"], isMissed: boolean): Fact {
  const title = "events";
  if (events === null || events.state === "failed") {
    return { title, value: "no stream", note: "it could not be opened", alarm: true };
  }
  const states = Object.values(events.topics).map(({ state }) => state);
  const refused = states.filter((state) => state === "refused").length;
  const value = `${states.length - refused} of ${states.length} topics`;
  const first = events.first_event;
  if (first === null) {
    return { title, value, note: `nothing in ${seconds(events.listened_ms)}`, alarm: events.state === "silent" };
  }
  if (refused === 0 && events.refuses_unknown === false) {
    return { title, value: "no topic refused", note: "nor one that does not exist", alarm: false };
  }
  if (refused === 0) return { title, value, note: `first event after ${seconds(first.after_ms)}`, alarm: false };
  const note = isMissed ? `${refused} refused` : `${refused} refused, none needed now`;
  return { title, value, note, alarm: isMissed };
}

function pathsFact(paths: CheckedNode["paths"]): Fact {
  const states = Object.values(paths);
  const answered = states.filter((state) => state === "ok").length;
  const failed = states.filter((state) => state === "failed").length;
  const missing = states.length - answered - failed;
  const note = [...(missing > 0 ? [`${missing} missing`] : []), ...(failed > 0 ? [`${failed} failed`] : [])].join(", ");
  return {
    title: "REST",
    value: `${answered} of ${states.length} paths`,
    note: note || "all are answered",
    alarm: answered < states.length,
  };
}

/** Of a `Date` header in whole seconds: what lies within its error is no difference. */
function clockFact(clock: CheckedNode["clock"]): Fact {
  const title = "its clock";
  if (clock === null) return { title, value: "not told", note: "no Date in its answers", alarm: false };
  const { offset_ms, error_ms } = clock;
  const note = `± ${seconds(error_ms)}, by its Date header`;
  if (Math.abs(offset_ms) <= error_ms) return { title, value: "as this one", note, alarm: false };
  const value = `${seconds(Math.abs(offset_ms))} ${offset_ms > 0 ? "ahead" : "behind"}`;
  return { title, value, note, alarm: Math.abs(offset_ms) - error_ms > GOSSIP_DISPARITY_MS };
}

/** MAXIMUM_GOSSIP_CLOCK_DISPARITY of the consensus specifications. */
const GOSSIP_DISPARITY_MS = 500;

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
