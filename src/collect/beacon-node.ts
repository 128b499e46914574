import type { Chain, GenesisAnswer } from "../chain/chain.ts";
import type { Envelope } from "../events/envelope.ts";
import { root } from "../events/primitives.ts";
import { createBackoff } from "../lib/backoff.ts";
import type { Clock } from "../lib/clock.ts";
import { Fault, isAborted, isFault } from "../lib/fault.ts";
import type { Log } from "../lib/log.ts";
import { sleep } from "../lib/sleep.ts";
import { createBeaconClient, type JsonAnswer } from "./beacon-client.ts";
import { type BeaconPoll, createBeaconPoll, PATHS } from "./beacon-poll.ts";
import type { ReadableNode } from "./epoch-committees.ts";
import { createEventStream, type EventStream, type StreamLimits } from "./event-stream.ts";
import type { Network, Spec } from "./network.ts";
import { type NodeAnswers, readAnswer } from "./node-answers.ts";
import { type NodeStatus, statusOf } from "./node-status.ts";
import { parseNodeUrl } from "./node-url.ts";
import { createSilenceWatch } from "./silence-watch.ts";

export type BeaconNode = ReadableNode & {
  status(): NodeStatus;
  /** Settles with the first attempt to reach the node; its fault when the node was refused. */
  firstAttempt: Promise<Fault | undefined>;
  stopped: Promise<void>;
};

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

const START_MS = { firstMs: 1_000, maxMs: 30_000 };
/** Topics of which every chain that moves tells something. */
const HEAD_TOPICS = ["head", "head_v2", "block"];

/**
 * One node's life: it says which network it is on; then it is streamed and polled until `signal` aborts or it is
 * refused. Nothing of it is told before its network is known to be the right one.
 */
export function createBeaconNode(options: {
  name: string;
  url: string;
  topics: readonly string[];
  network: Network;
  clock: Clock;
  log: Log;
  emit(envelope: Envelope): void;
  signal: AbortSignal;
  gatherVotes?: boolean;
  startMs?: { firstMs: number; maxMs: number };
  streamLimits?: Partial<StreamLimits>;
}): BeaconNode {
  const { name, topics, network, clock, log, emit } = options;
  const url = parseNodeUrl(options.url);
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  const client = createBeaconClient({ node: name, url, clock, signal });
  const silence = createSilenceWatch();
  const startedAtUs = clock.nowUs();
  let answers: NodeAnswers = {};
  let refusal: { fault: Fault; atUs: number } | undefined;
  let startFault: { fault: Fault; atUs: number } | undefined;
  let live: { stream: EventStream; poll: BeaconPoll } | undefined;

  const tell = (path: string, { receivedAtUs, status, body }: JsonAnswer) => {
    answers = readAnswer(answers, path, body);
    emit({ kind: "rest", node: name, receivedAtUs, path, status, body });
  };

  /** Learns the node's network. Undefined when it could not be reached, or was refused. */
  const join = async (): Promise<Chain | undefined> => {
    try {
      const spec = await client.getJson(PATHS.spec);
      const genesis = await client.getJson(PATHS.genesis);
      const chain = network.join({ node: name, ...readNetwork({ name, spec: spec.body, genesis: genesis.body }) });
      tell(PATHS.spec, spec);
      tell(PATHS.genesis, genesis);
      return chain;
    } catch (error) {
      if (isAborted(error)) return undefined;
      if (!isFault(error)) throw error;
      if (error.code === "network_mismatch") refuse(error);
      else notReached(error);
      return undefined;
    }
  };

  const refuse = (fault: Fault) => {
    refusal = { fault, atUs: clock.nowUs() };
    const reason = fault.message;
    if (live !== undefined)
      emit({ kind: "stream", node: name, receivedAtUs: refusal.atUs, state: "closed", reason, cause: "closed" });
    log.error({ node: name, code: fault.code, reason: fault.message }, "The node was refused");
    ending.abort();
  };

  const notReached = (fault: Fault) => {
    if (live !== undefined) return;
    const reason = fault.message;
    emit({ kind: "stream", node: name, receivedAtUs: clock.nowUs(), state: "error", reason, cause: "error" });
    if (startFault === undefined) log.warn({ node: name, code: fault.code, reason }, "The node could not be reached");
    startFault = { fault, atUs: startFault?.atUs ?? clock.nowUs() };
  };

  const onAnswer = (path: string, answer: JsonAnswer) => {
    const before = answers;
    tell(path, answer);
    if (before.version !== undefined && before.version !== answers.version) {
      log.info({ node: name, version: answers.version, before: before.version }, "The node changed its version");
      void live?.stream.retryRefused();
    }
    // The same address may come back with the data of another network.
    if (path === PATHS.genesis && answers.genesisValidatorsRoot !== network.chain()?.genesisValidatorsRoot) void join();
    if (path === PATHS.head) watchSilence();
  };

  const watchSilence = () => {
    const stream = live?.stream.status();
    const { headSlot, syncing } = answers;
    // A node that syncs imports blocks by the hundred and need not tell each.
    if (stream === undefined || stream.state === "down" || headSlot === undefined || syncing !== false) return;
    if (!HEAD_TOPICS.some((topic) => (stream.topics[topic] ?? "refused") !== "refused")) return;
    // Not by moments: the clock may be set.
    const reason = silence.onHead({ headSlot, told: `${stream.events} ${stream.sinceUs}` });
    if (reason !== undefined) live?.stream.restart(reason);
  };

  const emitFromStream = (envelope: Envelope) => {
    emit(envelope);
    // A node that comes back may have become another one.
    const isBack =
      envelope.kind === "stream" && envelope.state === "open" && (live?.stream.status().reconnects ?? 0) > 0;
    if (isBack) live?.poll.hasten([PATHS.genesis, PATHS.version]);
  };

  const run = async (first: Promise<Chain | undefined>) => {
    const backoff = createBackoff(options.startMs ?? START_MS);
    let chain = await first;
    while (chain === undefined && !signal.aborted) {
      await sleep(backoff.nextMs(), signal);
      if (!signal.aborted) chain = await join();
    }
    if (chain === undefined || signal.aborted) return;
    await Promise.race([network.ready, aborted(signal)]);
    if (signal.aborted) return;
    if (startFault !== undefined) log.info({ node: name }, "The node was reached");
    startFault = undefined;
    const shared = { node: name, clock, log, signal };
    live = {
      stream: createEventStream({
        ...shared,
        url,
        topics,
        emit: emitFromStream,
        gatherVotes: options.gatherVotes ?? false,
        limits: options.streamLimits ?? {},
      }),
      poll: createBeaconPoll({ ...shared, client, chain, onAnswer, asked: [PATHS.spec, PATHS.genesis] }),
    };
    await Promise.all([live.stream.stopped, live.poll.stopped]);
  };

  const first = join();
  const stopped = run(first).finally(client.close);

  return {
    name,
    ready: () => live !== undefined && !signal.aborted && answers.syncing !== true && !live.poll.status().failing,
    getJson: (path) => client.getJson(path),
    read: (path, reader, limits) => client.read(path, reader, limits),
    status: () =>
      statusOf({
        name,
        url: url.redacted,
        startedAtUs,
        topics,
        refusal,
        startFault,
        answers,
        stream: live?.stream.status(),
        poll: live?.poll.status(),
      }),
    firstAttempt: first.then(() => refusal?.fault),
    stopped,
  };
}

/** What a node's answers to `config/spec` and `genesis` say; throws `spec_incomplete` for another form. */
export function readNetwork(input: { name: string; spec: unknown; genesis: unknown }): {
  spec: Spec;
  genesis: GenesisAnswer;
} {
  const spec = dataOf(input.spec);
  const genesis = dataOf(input.genesis);
  const time = genesis?.["genesis_time"];
  // A node that does not say which network it is on is compared by its genesis time; one that says it wrongly is not.
  const validatorsRoot = root.optional().safeParse(genesis?.["genesis_validators_root"]);
  if (spec === undefined || (typeof time !== "string" && typeof time !== "number") || !validatorsRoot.success) {
    throw new Fault(
      "spec_incomplete",
      `Node ${input.name} answered config/spec or genesis in a form that the Beacon API does not have.`,
      { retry: "retryable" },
    );
  }
  const told = validatorsRoot.data === undefined ? {} : { genesis_validators_root: validatorsRoot.data };
  return { spec, genesis: { genesis_time: time, ...told } };
}

function dataOf(body: unknown): Record<string, unknown> | undefined {
  const data = typeof body === "object" && body !== null ? (body as { data?: unknown }).data : undefined;
  return typeof data === "object" && data !== null && !Array.isArray(data)
    ? (data as Record<string, unknown>)
    : undefined;
}
