import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createChain } from "../chain/chain.ts";
import { parseValidatorLabels, type ValidatorLabels } from "../chain/validator-labels.ts";
import { type RecordingMeta, readRecording, readRecordingMeta, specOf } from "../collect/recording.ts";
import type { RestEnvelope } from "../events/envelope.ts";
import { Fault } from "../lib/fault.ts";

/** A block as the recording's nodes told it. Of blocks before the recording began only the links are known. */
export type RecordedBlock = {
  root: string;
  slot: number;
  parentRoot: string;
  stateRoot?: string;
  executionBlockHash?: string;
  executionBlockNumber?: number;
  /** `data.header` of the header's answer: `{message, signature}`. */
  header?: unknown;
  /** The whole answer to `/eth/v2/beacon/blocks/{root}`. */
  answer?: unknown;
};

/** Offsets are milliseconds from genesis. */
export type RecordedEvent = { offsetMs: number; topic: string; text: string };
export type RecordedAnswer = { offsetMs: number; body: unknown };

export type RecordedNode = {
  name: string;
  /** Without the recorder's own, by arrival. */
  events: readonly RecordedEvent[];
  /** By path and query; oldest first. */
  answers: ReadonlyMap<string, readonly RecordedAnswer[]>;
  /** When the node was stopped, and answered nothing. */
  frozen: readonly { fromMs: number; toMs: number }[];
};

export type RecordedNetwork = {
  genesisTimeS: number;
  slotMs: number;
  slotsPerEpoch: number;
  nodes: readonly RecordedNode[];
  /** The validators that used each node, by its name, where the recording says so. */
  labels: ValidatorLabels | undefined;
  blocks: ReadonlyMap<string, RecordedBlock>;
};

type MutableNode = { name: string; events: RecordedEvent[]; answers: Map<string, RecordedAnswer[]> };

/** Reads a recording that holds the nodes' REST answers. Throws what the reader throws, and `recording_unusable`. */
export async function readRecordedNetwork(directory: string): Promise<RecordedNetwork> {
  const meta = await readRecordingMeta(directory);
  const { slotDurationMs, slotsPerEpoch } = createChain({
    spec: specOf(meta),
    genesis: { genesis_time: meta.genesis_time },
  });
  const nodes = new Map(meta.nodes.map(({ name }): [string, MutableNode] => [name, newNode(name)]));
  const blocks = new Map<string, RecordedBlock>();
  for await (const line of readRecording(directory)) {
    if (line.kind === "unreadable") continue;
    const { envelope } = line;
    const node = nodes.get(envelope.node);
    const offsetMs = envelope.receivedAtUs / 1000 - meta.genesis_time * 1000;
    if (envelope.kind === "rest" && node !== undefined) keepAnswer({ node, blocks, offsetMs, envelope });
    if (envelope.kind === "event") node?.events.push({ offsetMs, topic: envelope.topic, text: envelope.text });
  }
  if (![...blocks.values()].some((block) => block.header !== undefined)) {
    throw new Fault("recording_unusable", `The recording in ${directory} cannot be served: it holds no block headers.`);
  }
  const frozen = await readFreezes(directory, meta.genesis_time * 1000);
  return {
    genesisTimeS: meta.genesis_time,
    slotMs: slotDurationMs,
    slotsPerEpoch,
    blocks,
    labels: labelsOf(meta),
    nodes: [...nodes.values()].map((node) => ({
      ...node,
      events: node.events.sort((a, b) => a.offsetMs - b.offsetMs),
      frozen: frozen.filter((span) => span.node === node.name),
    })),
  };
}

type HeaderBody = {
  data: { root: string; header: { message: { slot: string; parent_root: string; state_root: string } } };
};
type Payload = { block_hash: string; block_number: string };
type BlockBody = { data: { message: { body: { execution_payload?: Payload } } } };
type ForkChoiceBody = {
  fork_choice_nodes: { slot: string; block_root: string; parent_root: string; execution_block_hash?: string }[];
};

function keepAnswer(input: {
  node: MutableNode;
  blocks: Map<string, RecordedBlock>;
  offsetMs: number;
  envelope: RestEnvelope;
}): void {
  const { node, blocks, offsetMs } = input;
  const { path, status, body } = input.envelope;
  if (status !== 200) return;
  const [, kind, id] = /^\/eth\/v[12]\/beacon\/(headers|blocks)\/(0x[0-9a-f]{64})$/.exec(path) ?? [];
  if (kind === "headers") keepHeader(blocks, body as HeaderBody);
  else if (kind === "blocks" && id !== undefined) keepBlock(blocks, id, body as BlockBody);
  else {
    if (path === "/eth/v1/debug/fork_choice") keepLinks(blocks, body as ForkChoiceBody);
    const answers = node.answers.get(path) ?? [];
    answers.push({ offsetMs, body });
    node.answers.set(path, answers);
  }
}

function keepHeader(blocks: Map<string, RecordedBlock>, body: HeaderBody): void {
  const { root, header } = body.data;
  const { slot, parent_root, state_root } = header.message;
  blocks.set(root, {
    ...blocks.get(root),
    root,
    slot: Number(slot),
    parentRoot: parent_root,
    stateRoot: state_root,
    header,
  });
}

/** The recorder asks for a block right after its header. */
function keepBlock(blocks: Map<string, RecordedBlock>, root: string, answer: BlockBody): void {
  const block = blocks.get(root);
  if (block === undefined) return;
  const payload = answer.data.message.body.execution_payload;
  blocks.set(root, {
    ...block,
    answer,
    ...(payload === undefined
      ? {}
      : { executionBlockHash: payload.block_hash, executionBlockNumber: Number(payload.block_number) }),
  });
}

function keepLinks(blocks: Map<string, RecordedBlock>, body: ForkChoiceBody): void {
  for (const node of body.fork_choice_nodes) {
    if (blocks.has(node.block_root)) continue;
    blocks.set(node.block_root, {
      root: node.block_root,
      slot: Number(node.slot),
      parentRoot: node.parent_root,
      ...(node.execution_block_hash === undefined ? {} : { executionBlockHash: node.execution_block_hash }),
    });
  }
}

/** From the journal of faults: `stop_start` and `stop_end` (SIGSTOP, SIGCONT) of a node. */
async function readFreezes(
  directory: string,
  genesisMs: number,
): Promise<{ node: string; fromMs: number; toMs: number }[]> {
  const text = await readFile(join(directory, "faults.jsonl"), "utf8").catch(() => "");
  const faults = text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as { t_ms: number; kind: string; node?: string });
  return faults.flatMap((fault, index) => {
    if (fault.kind !== "stop_start" || fault.node === undefined) return [];
    const end = faults.slice(index).find(({ kind, node }) => kind === "stop_end" && node === fault.node);
    return end === undefined ? [] : [{ node: fault.node, fromMs: fault.t_ms - genesisMs, toMs: end.t_ms - genesisMs }];
  });
}

/** The validators that used each node, by its name, where the recording says so. */
export function labelsOf({ nodes }: Pick<RecordingMeta, "nodes">): ValidatorLabels | undefined {
  const lines = nodes.flatMap(({ name, validators }) =>
    validators === undefined ? [] : `${validators[0]}-${validators[1]} ${name} @${name}`,
  );
  return lines.length === 0 ? undefined : parseValidatorLabels(lines.join("\n"), "meta.json");
}

function newNode(name: string): MutableNode {
  return { name, events: [], answers: new Map() };
}
