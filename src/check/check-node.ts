import { type Chain, createChain, type GenesisAnswer } from "../chain/chain.ts";
import { createBeaconClient } from "../collect/beacon-client.ts";
import { readNetwork } from "../collect/beacon-node.ts";
import { PATHS } from "../collect/beacon-poll.ts";
import type { Spec } from "../collect/network.ts";
import { type NodeUrl, parseNodeUrl } from "../collect/node-url.ts";
import type { TopicDataset } from "../events/dataset.ts";
import type { Clock } from "../lib/clock.ts";
import { isFault } from "../lib/fault.ts";
import { unreachedFinding } from "./advice.ts";
import { nodeClock, nodeClockFindings } from "./node-clock.ts";
import { eventFindings, listenToEvents, refusesUnknown } from "./node-events.ts";
import { type Asking, askPaths, createAsking } from "./node-paths.ts";
import { nodeState, stateFindings } from "./node-state.ts";
import { type NetworkReport, type NodeReport, verdictOf } from "./report.ts";
import { forkTimes } from "./topic-needs.ts";

const TIME_LIMIT_MS = 5_000;

export type CheckedNode = {
  report: NodeReport;
  /** What it said of its network; undefined when it could not be asked. */
  told: { spec: Spec; genesis: GenesisAnswer } | undefined;
};

/**
 * Reaches one node once, in bounded time: its REST interface, and beside that its event stream as `ethmon run` would
 * open it. Throws the signal's reason.
 */
export async function checkNode(input: {
  name: string;
  url: string;
  topics: readonly TopicDataset[];
  listenMs: number | undefined;
  clock: Clock;
  signal: AbortSignal;
  timeLimitMs?: number;
}): Promise<CheckedNode> {
  const { name, topics, listenMs, clock, signal, timeLimitMs = TIME_LIMIT_MS } = input;
  const url = parseNodeUrl(input.url);
  const client = createBeaconClient({ node: name, url, clock, signal });
  const asking = createAsking({ client, clock, timeLimitMs });
  try {
    const told = await askNetwork(name, asking);
    const chain = createChain(told);
    const forks = forkTimes(chain, clock.nowUs());
    const shared = { node: name, url, clock, signal };
    const [rest, heard, isStrict] = await Promise.all([
      askPaths({ asking, chain, clock }),
      listenToEvents({
        ...shared,
        topics: topics.map(({ topic }) => topic),
        slotDurationMs: chain.slotDurationMs,
        listenMs,
      }),
      refusesUnknown(shared),
    ]);
    heard.report.refuses_unknown = isStrict;
    const state = nodeState(asking.answers);
    const offset = nodeClock(asking.answers);
    const { slotDurationMs } = chain;
    const isSyncing = state.sync?.is_syncing ?? false;
    const findings = [
      ...stateFindings({ state, chain, nowUs: clock.nowUs() }),
      ...nodeClockFindings(offset),
      ...eventFindings({ heard, datasets: topics, forks, slotDurationMs, isSyncing }),
      ...rest.findings,
    ];
    const report: NodeReport = {
      name,
      url: url.redacted,
      verdict: verdictOf(findings),
      version: state.version === null ? null : plain(url, state.version),
      network: networkReport(chain, forks.now),
      sync: state.sync,
      peers: state.peers,
      clock: offset,
      events: heard.report,
      paths: rest.paths,
      findings,
    };
    return { report, told };
  } catch (error) {
    signal.throwIfAborted();
    if (!isFault(error)) throw error;
    return { report: unreached({ name, url, findings: [unreachedFinding(error)] }), told: undefined };
  } finally {
    client.close();
  }
}

async function askNetwork(name: string, { getJson }: Asking): Promise<{ spec: Spec; genesis: GenesisAnswer }> {
  const spec = await getJson(PATHS.spec);
  const genesis = await getJson(PATHS.genesis);
  return readNetwork({ name, spec: spec.body, genesis: genesis.body });
}

function unreached(known: { name: string; url: NodeUrl; findings: NodeReport["findings"] }): NodeReport {
  const { name, url, findings } = known;
  return {
    name,
    url: url.redacted,
    verdict: verdictOf(findings),
    version: null,
    network: null,
    sync: null,
    peers: null,
    clock: null,
    events: null,
    paths: {},
    findings,
  };
}

function networkReport(chain: Chain, fork: string): NetworkReport {
  const { network, genesisTimeS, genesisValidatorsRoot, slotDurationMs, slotsPerEpoch } = chain;
  return {
    name: network,
    genesis_time: genesisTimeS,
    genesis_validators_root: genesisValidatorsRoot ?? null,
    slot_duration_ms: slotDurationMs,
    slots_per_epoch: slotsPerEpoch,
    fork,
  };
}

/** A node's words on a terminal: no control characters, and nothing of the address that may be a credential. */
function plain(url: NodeUrl, text: string): string {
  return url.scrub(text).replace(/\p{Cc}+/gu, " ");
}
