import { join } from "node:path";
import type { FaultLine } from "../../devnet/fault-log.ts";
import type { SearchHit } from "../../src/search/request.ts";
import type { ElasticStoreSettings } from "../../src/store/elastic/settings.ts";
import { storedHits, valueAt } from "../rigs/stored.ts";
import { gapsMade } from "./compare.ts";
import type { Row } from "./row.ts";
import type { Told } from "./told.ts";
import type { Truth } from "./truth.ts";
import type { RawEvent } from "./witness.ts";

/** As the Fulu nodes name it, in the names of the store's indices. */
const NETWORK = "ethmon_devnet";

/** What makes an event the same one, in the node's words and in the store's: its slot first. */
type Identity = { ofEvent: readonly string[]; ofDocument: readonly string[] };

const IDENTITIES: Readonly<Record<string, Identity>> = {
  single_attestation: {
    ofEvent: ["data.slot", "attester_index", "data.beacon_block_root"],
    ofDocument: ["ethereum.slot", "ethereum.validator.index", "ethereum.vote.head"],
  },
  attestation: {
    ofEvent: ["data.slot", "committee_bits", "aggregation_bits", "data.beacon_block_root"],
    ofDocument: ["ethereum.slot", "ethereum.committee_bits", "ethereum.aggregation_bits", "ethereum.vote.head"],
  },
  blob_sidecar: {
    ofEvent: ["slot", "block_root", "index"],
    ofDocument: ["ethereum.slot", "ethereum.block.root", "ethereum.blob.index"],
  },
  data_column_sidecar: {
    ofEvent: ["slot", "block_root", "index"],
    ofDocument: ["ethereum.slot", "ethereum.block.root", "ethereum.column.index"],
  },
};

/** Topics that are compared event by event, beside those of blocks and heads. */
export const RAW_TOPICS = Object.keys(IDENTITIES);

const OF_BLOBS = ["blob_sidecar", "data_column_sidecar"];

/** Every event of these topics, on every node: what the witness heard is stored, and nothing else. */
export async function rawRows(input: {
  rawEvents: readonly RawEvent[];
  truth: Truth;
  told: Told;
  faults: readonly FaultLine[];
  directory: string;
  /** Where the monitor stored; undefined: the embedded store. */
  cluster: ElasticStoreSettings | undefined;
  hasBlobs: boolean;
}): Promise<Row[]> {
  const { rawEvents, truth, told, faults, directory, cluster, hasBlobs } = input;
  const topics = RAW_TOPICS.filter((topic) => hasBlobs || !OF_BLOBS.includes(topic));
  const inGap = gapsMade(told.gaps, faults);
  const isJudged = (key: string) => {
    const slot = Number(key.split(" ")[1]);
    return slot >= truth.firstSlot && slot <= truth.lastSlot;
  };
  const stored = await storedHits({
    directory: join(directory, "monitor"),
    network: NETWORK,
    cluster,
    patterns: topics.map((topic) => `logs-ethereum.${topic}-*`),
  });
  return topics.map((topic, index) => {
    const heard = new Map<string, boolean>();
    for (const event of rawEvents) {
      if (event.topic !== topic) continue;
      const key = keyOf(event.node, topic, event.data);
      if (isJudged(key)) heard.set(key, (heard.get(key) ?? false) || !inGap(event.node, event.atMs));
    }
    const kept = new Set((stored[index] ?? []).map((hit) => keyOfHit(topic, hit)).filter(isJudged));
    const wanted = [...heard].flatMap(([key, wasToBeHeard]) => (wasToBeHeard ? key : []));
    const missing = wanted.filter((key) => !kept.has(key));
    const extra = [...kept].filter((key) => !heard.has(key));
    return {
      what: `events ${topic}`,
      expected: `${wanted.length} stored, and at most ${heard.size - wanted.length} of the gaps`,
      found: `${kept.size} stored, ${missing.length} missing, ${extra.length} that none heard`,
      ok: wanted.length > 0 && missing.length === 0 && extra.length === 0,
    };
  });
}

function keyOf(node: string, topic: string, data: unknown): string {
  const valueOfPath = (path: string) =>
    path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], data);
  return [node, ...(IDENTITIES[topic]?.ofEvent ?? []).map((path) => String(valueOfPath(path)))].join(" ");
}

function keyOfHit(topic: string, hit: SearchHit): string {
  const paths = ["observer.name", ...(IDENTITIES[topic]?.ofDocument ?? [])];
  return paths.map((path) => String(valueAt(hit, path))).join(" ");
}
