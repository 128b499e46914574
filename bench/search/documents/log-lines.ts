import type { Random } from "../../../src/lib/random.ts";
import { isBadSlot, type JsonObject, type Moment, rootOf } from "./day.ts";
import { beatFields, type Host } from "./hosts.ts";

/** What a line says, in its client's words; `fields` are those that the client prints behind. */
type Said = {
  message: string;
  logger: string;
  level: string;
  type?: string;
  fields?: Readonly<Record<string, unknown>>;
};
type Sayer = (moment: Moment) => Said;

const ERROR_SHARE = 0.004;
const ERROR_SHARE_OF_BAD_SLOTS = 0.3;
const WARNING_SHARE = 0.03;
/** Something that is looked for by a word that hardly any line has. */
const RARE_SHARE = 1 / 20_000;

/** A line of a client's log as Filebeat sends it, and as our pipelines read it: neither store runs a pipeline. */
export function logLine(moment: Moment, host: Host): JsonObject {
  const { random, slot, at, number, ethereum } = moment;
  const isConsensus = random.chance(0.6);
  const client = isConsensus ? host.consensus : host.execution;
  const errors = isBadSlot(slot, host.number) ? ERROR_SHARE_OF_BAD_SLOTS : ERROR_SHARE;
  const { message, logger, level, type, fields = {} } = sayerFor({ random, isConsensus, errors })(moment);
  const { slot: saidSlot, root, peers } = fields;
  const printed = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
  return {
    "@timestamp": at,
    ...beatFields("filebeat", host),
    message,
    event: {
      original: `${at} ${level.toUpperCase().padEnd(5)} ${logger}: ${message} ${printed.join(" ")}`.trimEnd(),
      kind: "event",
      category: ["process"],
      type: [type === undefined ? "info" : "error"],
    },
    input: { type: "filestream" },
    log: {
      level,
      logger,
      offset: number * 180,
      file: { path: `/var/log/ethereum/${client}.log`, device_id: "64513", inode: String(8_783_591 + host.number) },
    },
    service: { type: client },
    ...(type === undefined ? {} : { error: { type, message } }),
    ethereum: {
      ...ethereum,
      ...(saidSlot === undefined ? {} : { slot: saidSlot }),
      ...(root === undefined ? {} : { block: { root } }),
      ...(peers === undefined ? {} : { peers }),
    },
  };
}

function sayerFor(input: { random: Random; isConsensus: boolean; errors: number }): Sayer {
  const { random, isConsensus, errors } = input;
  if (random.chance(RARE_SHARE)) return corruption;
  if (random.chance(errors)) return random.pick(ERRORS);
  if (random.chance(WARNING_SHARE)) return random.pick(WARNINGS);
  return random.pick(isConsensus ? CONSENSUS : EXECUTION);
}

const corruption: Sayer = ({ random }) => ({
  ...{ level: "error", logger: "database", type: "database" },
  message: `Checksum mismatch in block ${random.integer(1, 99_999)}: corruption of column family beacon_state_${random.integer(0, 9)}`,
});

const peerOf = (random: Random) => `16Uiu2HA${random.integer(2 ** 31, 2 ** 32 - 1).toString(36)}`;
const addressOf = (random: Random) =>
  `${random.integer(20, 199)}.${random.integer(0, 255)}.${random.integer(0, 255)}.7`;

const ERRORS: readonly Sayer[] = [
  ({ random }) => ({
    ...{ level: "error", logger: "p2p", type: "peer" },
    message: `Could not dial peer: dial tcp ${addressOf(random)}:13000: connection refused`,
    fields: { peer: peerOf(random) },
  }),
  ({ random }) => ({
    ...{ level: "error", logger: "exec", type: "execution" },
    message: `Execution engine call failed: operation timed out after ${random.integer(1, 12)} s`,
    fields: { service: "exec" },
  }),
  ({ random, slot }) => ({
    ...{ level: "error", logger: "validator", type: "validator" },
    message: `Failed to produce attestation: no head block within ${random.integer(4000, 9000)} ms`,
    fields: { slot, validators: random.integer(1, 90) },
  }),
  ({ slot, random }) => ({
    ...{ level: "error", logger: "chain", type: "block" },
    message: `Block was rejected: parent unknown, request to ${addressOf(random)} timeout`,
    fields: { slot, root: rootOf(slot) },
  }),
];

const WARNINGS: readonly Sayer[] = [
  ({ random }) => ({
    ...{ level: "warn", logger: "network", type: "peer" },
    message: "Low peer count",
    fields: { peers: random.integer(0, 9) },
  }),
  ({ slot, random }) => ({
    ...{ level: "warn", logger: "chain" },
    message: `Late block import, arrival ${random.integer(4000, 9000)} ms, processed in ${random.integer(20, 400)} ms`,
    fields: { slot, root: rootOf(slot) },
  }),
  ({ random }) => ({
    ...{ level: "warn", logger: "rpc", type: "execution" },
    message: `Served engine_forkchoiceUpdatedV3 from 127.0.0.1:${random.integer(32_768, 60_999)}: Invalid forkchoice state`,
  }),
];

const CONSENSUS: readonly Sayer[] = [
  ({ slot }) => ({
    ...{ level: "info", logger: "chain", message: "Synced new block" },
    fields: { slot, root: rootOf(slot) },
  }),
  ({ slot, random }) => ({
    ...{ level: "info", logger: "slot-notifier", message: "Slot Event" },
    fields: { slot, root: rootOf(slot), peers: random.integer(40, 110) },
  }),
  ({ slot, random }) => ({
    ...{ level: "debug", logger: "gossip" },
    message: `New ${random.pick(["block", "aggregate", "sync committee message", "data column"])} from gossip`,
    fields: { slot, peer: peerOf(random) },
  }),
  ({ slot, random }) => ({
    ...{ level: "info", logger: "validator" },
    message: `Published attestation of ${random.integer(1, 60)} validators for block ${rootOf(slot).slice(0, 10)}`,
    fields: { slot },
  }),
  ({ random }) => ({
    ...{ level: "debug", logger: "p2p" },
    message: `Peer disconnected: ${random.pick(["goodbye, too many peers", "rate limited", "stream reset by remote"])}`,
    fields: { peer: peerOf(random), peers: random.integer(40, 110) },
  }),
];

const EXECUTION: readonly Sayer[] = [
  ({ slot, random }) => ({
    ...{ level: "info", logger: "engine" },
    message: `Imported new potential chain segment number ${slot + 9_000_000} with ${random.integer(20, 400)} txs in ${random.integer(30, 400)} ms`,
  }),
  ({ slot }) => ({
    ...{ level: "info", logger: "engine" },
    message: `Chain head was updated to ${slot + 9_000_000} ${rootOf(slot + 9_000_000).slice(0, 14)}`,
  }),
  ({ random }) => ({
    ...{ level: "info", logger: "net" },
    message: `Looking for peers, ${random.integer(10, 60)} static, ${random.integer(0, 900)} tried`,
    fields: { peers: random.integer(20, 60) },
  }),
  ({ random }) => ({
    ...{ level: "debug", logger: "txpool" },
    message: `Transaction pool: ${random.integer(100, 9000)} pending, ${random.integer(0, 900)} queued, ${random.integer(0, 40)} dropped as underpriced`,
  }),
  ({ random }) => ({
    ...{ level: "info", logger: "db" },
    message: `Committed state in ${random.integer(1, 90)} ms, compaction of level ${random.integer(0, 6)} done`,
  }),
];
