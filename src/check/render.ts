import type { CheckReport, Finding, NodeReport, OffsetReport, Verdict } from "./report.ts";

const WIDTH = 110;
const LABEL_WIDTH = 10;
const MARKS: Readonly<Record<Finding["severity"], string>> = { fatal: "x", lesser: "!", note: "-" };

/** The report for people: a block a node, then this machine, then the verdict. */
export function renderReport(report: CheckReport): string {
  const { nodes, clock, findings } = report;
  const offset = clock?.offset ?? null;
  const own = [
    ...(clock === null ? [row("clock", "not compared: no time server is named")] : []),
    ...(clock !== null && offset !== null ? [row("clock", `${ownOffset(offset)}, by ${clock.server}`)] : []),
    ...(clock !== null && offset === null ? [row("clock", "not known")] : []),
    ...findingsLines(findings),
  ];
  return `${[...nodes.flatMap(nodeLines), "this machine", ...own, "", verdictLine(report)].join("\n")}\n`;
}

function nodeLines(node: NodeReport): string[] {
  const { name, url, version, network, sync, peers, clock, events, paths, findings } = node;
  const rows: string[] = [];
  const add = (label: string, text: string | undefined) => {
    if (text !== undefined) rows.push(row(label, text));
  };
  if (network !== null) {
    const { name: network_name, genesis_time, slot_duration_ms, slots_per_epoch, fork } = network;
    const genesis = new Date(genesis_time * 1000).toISOString().replace(".000", "");
    add("client", version ?? "not told");
    add(
      "network",
      `${network_name}, ${fork}, slots of ${slot_duration_ms / 1000} s, ${slots_per_epoch} an epoch, genesis ${genesis}`,
    );
    add("sync", sync === null ? "not told" : syncWords(sync));
    add("peers", peers === null ? "not told" : String(peers));
    add("clock", clock === null ? "not told" : nodeOffset(clock));
    add("events", events === null ? undefined : eventWords(events));
    add("REST", pathWords(paths));
  }
  return [`${name}  ${url}  ${verdictWords(node.verdict)}`, ...rows, ...findingsLines(findings), ""];
}

function syncWords({
  head_slot,
  sync_distance,
  is_syncing,
  is_optimistic,
  el_offline,
}: NonNullable<NodeReport["sync"]>) {
  const words = is_syncing ? `syncing, ${sync_distance ?? "unknown"} slots behind` : "in sync";
  const more = [...(is_optimistic ? ["optimistic"] : []), ...(el_offline ? ["execution client offline"] : [])];
  return [words, `head at slot ${head_slot}`, ...more].join(", ");
}

function eventWords({
  state,
  first_event,
  topics,
  listened_ms,
  refuses_unknown,
}: NonNullable<NodeReport["events"]>): string {
  const states = Object.values(topics);
  const refused = states.filter((topic) => topic.state === "refused").length;
  const count = states.reduce((sum, topic) => sum + topic.events, 0);
  const heard = states.filter((topic) => topic.state === "streaming").length;
  const taken =
    refuses_unknown === false && refused === 0
      ? `no topic refused, ${heard} of ${states.length} heard`
      : `${states.length - refused} of ${states.length} topics taken`;
  if (state === "failed") return "could not be listened to";
  if (first_event === null) return `${taken}, nothing came in ${(listened_ms / 1000).toFixed(1)} s`;
  const { topic, after_ms } = first_event;
  const more = count > 1 ? `, ${count} events in ${(listened_ms / 1000).toFixed(1)} s` : "";
  return `${taken}, first event after ${(after_ms / 1000).toFixed(1)} s (${topic})${more}`;
}

function pathWords(paths: NodeReport["paths"]): string {
  const states = Object.values(paths);
  const answered = states.filter((state) => state === "ok").length;
  return answered === states.length ? "every path is answered" : `${answered} of ${states.length} paths are answered`;
}

function nodeOffset({ offset_ms, error_ms }: OffsetReport): string {
  const error = `± ${(error_ms / 1000).toFixed(1)} s, by its Date header`;
  if (Math.abs(offset_ms) <= error_ms) return `as this machine's (${error})`;
  return `${(Math.abs(offset_ms) / 1000).toFixed(1)} s ${offset_ms > 0 ? "ahead of" : "behind"} this machine's (${error})`;
}

function ownOffset({ offset_ms, error_ms }: OffsetReport): string {
  const side = offset_ms > 0 ? "behind" : "ahead";
  return `${Math.abs(offset_ms).toFixed(1)} ms ${side} (± ${error_ms.toFixed(1)} ms)`;
}

function verdictLine({ verdict, temporary, nodes, findings }: CheckReport): string {
  const all = [...findings, ...nodes.flatMap((node) => node.findings)];
  const lesser = all.filter(({ severity }) => severity === "lesser").length;
  if (verdict === "ready_with_less")
    return `ready, with less: ${lesser} ${lesser === 1 ? "thing" : "things"} (!) to know`;
  if (verdict === "not_ready" && temporary) return "not ready; it may pass by itself, so try again";
  return verdictWords(verdict);
}

function verdictWords(verdict: Verdict): string {
  return { ready: "ready", ready_with_less: "ready, with less", not_ready: "not ready" }[verdict];
}

function row(label: string, text: string): string {
  return `  ${label.padEnd(LABEL_WIDTH)}${text}`;
}

/** The worst first. */
function findingsLines(findings: readonly Finding[]): string[] {
  const order = Object.keys(MARKS);
  return findings.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity)).flatMap(findingLines);
}

/** A finding under a hanging indent, its advice on lines of its own. */
function findingLines({ severity, sentence, advice }: Finding): string[] {
  return [
    ...wrap(sentence).map((line, index) => `  ${index === 0 ? MARKS[severity] : " "} ${line}`),
    ...(advice === undefined ? [] : wrap(advice).map((line, index) => `    ${index === 0 ? "> " : "  "}${line}`)),
  ];
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > WIDTH - 6) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
