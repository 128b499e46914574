import type { Chain } from "../chain/chain.ts";
import { PATHS } from "../collect/beacon-poll.ts";
import { answerOf } from "../events/answers/answers.ts";
import type { TimedAnswer } from "./node-paths.ts";
import type { Finding, NodeReport } from "./report.ts";

/** What a node says of itself in the answers it gave; null for what it did not say in the API's form. */
export function nodeState(answers: readonly TimedAnswer[]): Pick<NodeReport, "version" | "sync" | "peers"> {
  const version = readingOf(answers, PATHS.version)?.answer;
  const peers = readingOf(answers, PATHS.peerCount)?.answer;
  const syncing = readingOf(answers, PATHS.syncing);
  const distance = syncing?.fields["ethereum.sync_distance"];
  return {
    version: version?.kind === "version" ? version.version.slice(0, 200) : null,
    peers: peers?.kind === "peers" ? peers.connected : null,
    sync:
      syncing?.answer.kind === "syncing"
        ? {
            head_slot: syncing.answer.headSlot,
            sync_distance: distance === undefined ? null : Number(distance),
            is_syncing: syncing.answer.isSyncing,
            is_optimistic: syncing.fields["ethereum.execution_optimistic"] === true,
            el_offline: syncing.fields["ethereum.execution_offline"] === true,
          }
        : null,
  };
}

/** What its state means for what it tells. */
export function stateFindings(input: {
  state: Pick<NodeReport, "sync" | "peers">;
  chain: Chain;
  nowUs: number;
}): Finding[] {
  const { state, chain, nowUs } = input;
  const { sync, peers } = state;
  const findings: Finding[] = [];
  const add = (code: string, sentence: string) =>
    findings.push({ severity: "lesser", code, sentence, temporary: true });
  if (peers === 0) add("no_peers", "It has no peers: it hears nothing of the network.");
  if (sync === null) return findings;
  const behind = Math.max(0, chain.slotAt(nowUs)) - sync.head_slot;
  if (sync.is_syncing) {
    const slots = sync.sync_distance ?? behind;
    add("syncing", `It is syncing, ${slots} slots behind: its events are late for the network until it is done.`);
  } else if (behind > chain.slotsPerEpoch) {
    add("head_behind", `It says that it is in sync, but its head is ${behind} slots behind: its events would be old.`);
  }
  if (sync.is_optimistic) {
    add("optimistic", "Its head's payload is not verified by its execution client: it may follow an invalid block.");
  }
  if (sync.el_offline) {
    add("el_offline", "Its execution client does not answer: it imports blocks without verifying their payloads.");
  }
  return findings;
}

function readingOf(answers: readonly TimedAnswer[], path: string) {
  const body = answers.find((one) => one.path === path)?.answer.body;
  const { dataset, match } = answerOf(path) ?? {};
  if (body === undefined || dataset === undefined || match === undefined) return undefined;
  const parsed = dataset.parse(body, match);
  return parsed.success ? parsed.data : undefined;
}
