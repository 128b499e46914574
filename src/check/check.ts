import { createNetwork } from "../collect/network.ts";
import { nameNodes } from "../collect/node-url.ts";
import { topicDatasets } from "../events/catalogue.ts";
import type { Clock } from "../lib/clock.ts";
import { Fault, isFault } from "../lib/fault.ts";
import { type CheckedNode, checkNode } from "./check-node.ts";
import { checkOwnClock } from "./own-clock.ts";
import { type CheckReport, type Finding, verdictOf } from "./report.ts";

/**
 * The doctor: reaches every node once, all at the same time, and says what would be missing if they were watched.
 * Throws `node_url_invalid`, `node_name_taken`, `no_nodes`, or the signal's reason.
 */
export async function check(input: {
  nodes: readonly { name?: string | undefined; url: string }[];
  ntpServers: readonly string[];
  /** Listen to every node for exactly so long; without it until the first event, two slots at most. */
  listenMs?: number | undefined;
  clock: Clock;
  signal: AbortSignal;
  /** For one question to a node. */
  timeLimitMs?: number;
}): Promise<CheckReport> {
  const { nodes, ntpServers, listenMs, clock, signal } = input;
  if (nodes.length === 0) {
    throw new Fault("no_nodes", "No node was named: try ethmon check --node http://localhost:5052.");
  }
  const checkedMs = clock.nowUs() / 1000;
  const limits = input.timeLimitMs === undefined ? {} : { timeLimitMs: input.timeLimitMs };
  const [checked, own] = await Promise.all([
    Promise.all(
      nameNodes(nodes).map(({ name, url }) =>
        checkNode({ name, url, topics: topicDatasets, listenMs, clock, signal, ...limits }),
      ),
    ),
    checkOwnClock({ servers: ntpServers, clock, signal }),
  ]);
  const findings = [...networkFindings(checked), ...own.findings];
  const all = [...findings, ...checked.flatMap(({ report }) => report.findings)];
  const fatal = all.filter(({ severity }) => severity === "fatal");
  return {
    verdict: verdictOf(all),
    temporary: fatal.length > 0 && fatal.every(({ temporary }) => temporary === true),
    checked_ms: checkedMs,
    nodes: checked.map(({ report }) => report),
    clock: own.clock,
    findings,
  };
}

/** Nodes of another network than the first's. */
function networkFindings(checked: readonly CheckedNode[]): Finding[] {
  const network = createNetwork({ onChain: () => undefined });
  const findings: Finding[] = [];
  for (const { report, told } of checked) {
    if (told === undefined) continue;
    try {
      network.join({ node: report.name, ...told });
    } catch (error) {
      if (!isFault(error)) throw error;
      const { code, message } = error;
      const advice = "Watch each network with a monitor of its own, each with its own --data directory and --port.";
      findings.push({ severity: "fatal", code, sentence: message, advice });
    }
  }
  return findings;
}
