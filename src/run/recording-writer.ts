import { createWriteStream } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { constants, createZstdCompress } from "node:zlib";
import type { Chain } from "../chain/chain.ts";
import { committeeEntries } from "../chain/committees.ts";
import { recordedValidators } from "../collect/recorded-validators.ts";
import type { RecordedEnvelope } from "../events/envelope.ts";
import { Fault, messageOf } from "../lib/fault.ts";
import type { Log } from "../lib/log.ts";

export type RecordingHead = { chain: Chain; spec: Readonly<Record<string, unknown>>; nodes: readonly string[] };

/** Writes what the pipeline is fed, in that order, as a recording that `ethmon replay` reads. */
export type RecordingWriter = {
  /** Writes `meta.json`; what is written before it is kept back. */
  begin(head: RecordingHead): void;
  write(envelope: RecordedEnvelope): void;
  counts(): { written: number; dropped: number };
  /** Writes what is left and closes the file. */
  close(): Promise<void>;
};

/** A disk that is slower than the nodes costs lines, never memory. */
const MAX_BUFFERED_BYTES = 64 * 1024 * 1024;
/** What a kill may cost of the recording. */
const FLUSH_EVERY_MS = 1_000;

/** Opens a recording in a directory that is new or empty. Throws `recording_exists` or `recording_unwritable`. */
export async function createRecordingWriter(input: { directory: string; log: Log }): Promise<RecordingWriter> {
  const { directory, log } = input;
  await prepare(directory);
  const compress = createZstdCompress();
  const file = createWriteStream(join(directory, "events.jsonl.zst"), { flags: "wx" });
  let failed = false;
  const done = pipeline(compress, file).catch((error: unknown) => {
    failed = true;
    log.error({ directory, error: messageOf(error) }, "The recording could not be written any more");
  });
  const timer = setInterval(() => {
    if (!failed && !compress.writableEnded) compress.flush(constants.ZSTD_e_flush);
  }, FLUSH_EVERY_MS);
  timer.unref();
  let meta = Promise.resolve();
  let written = 0;
  let dropped = 0;

  return {
    begin({ chain: { network, genesisTimeS, genesisValidatorsRoot }, spec, nodes }) {
      const head = {
        format: "ethmon-recording/1",
        network,
        genesis_time: genesisTimeS,
        ...(genesisValidatorsRoot === undefined ? {} : { genesis_validators_root: genesisValidatorsRoot }),
        nodes: nodes.map((name) => ({ name })),
        config_spec: spec,
      };
      meta = writeFile(join(directory, "meta.json"), `${JSON.stringify(head, null, 1)}\n`, { flag: "wx" }).catch(
        (error: unknown) =>
          log.error({ directory, error: messageOf(error) }, "The recording's meta.json was not written"),
      );
      log.info({ directory, network }, "The recording began");
    },
    write(envelope) {
      if (failed || compress.writableLength > MAX_BUFFERED_BYTES) {
        dropped += 1;
        return;
      }
      compress.write(`${lineOf(envelope)}\n`);
      written += 1;
    },
    counts: () => ({ written, dropped }),
    async close() {
      clearInterval(timer);
      compress.end();
      await Promise.all([done, meta]);
      log.info({ directory, written, dropped }, "The recording ended");
    },
  };
}

async function prepare(directory: string): Promise<void> {
  let names: string[];
  try {
    await mkdir(directory, { recursive: true });
    names = await readdir(directory);
  } catch (cause) {
    throw new Fault("recording_unwritable", `The recording cannot be written to ${directory}.`, { cause });
  }
  if (names.length > 0)
    throw new Fault("recording_exists", `${directory} is not empty: a recording wants a directory of its own.`);
}

/** One line of `events.jsonl`. Data that are no JSON stand as `text`, so that a replay quarantines them again. */
function lineOf(envelope: RecordedEnvelope): string {
  const { node, receivedAtUs } = envelope;
  const head = `{"recv_ms":${receivedAtUs / 1000},"node":${JSON.stringify(node)}`;
  switch (envelope.kind) {
    case "event": {
      const { topic, text } = envelope;
      const data = isJson(text) ? `"data":${text.replaceAll("\n", " ")}` : `"text":${JSON.stringify(text)}`;
      // The recorder's own events begin with `_`; a node's that do are of no dataset, under any name.
      return `${head},"event":${JSON.stringify(topic.replace(/^_/, "topic _"))},${data}}`;
    }
    case "rest": {
      const { path, status, body } = envelope;
      return `${head},"event":"_rest","data":${JSON.stringify({ path, status, body: body ?? null })}}`;
    }
    case "committees": {
      const { committees, dependentRoot } = envelope;
      const path = `/eth/v1/beacon/states/head/committees?epoch=${committees.epoch}`;
      const body = { dependent_root: dependentRoot, data: committeeEntries(committees) };
      return `${head},"event":"_rest","data":${JSON.stringify({ path, status: 200, body })}}`;
    }
    case "validators":
      return `${head},"event":"_validators","data":${JSON.stringify(recordedValidators(envelope.validators))}}`;
    case "stream": {
      const { state, reason, sinceUs, cause } = envelope;
      const data = {
        ...(state === "open" ? { status: 200 } : {}),
        ...(reason === undefined ? {} : { error: reason }),
        ...(sinceUs === undefined ? {} : { since_ms: sinceUs / 1000 }),
        ...(cause === undefined ? {} : { cause }),
      };
      const event = state === "open" ? "_open" : state === "closed" ? "_close" : "_error";
      return `${head},"event":"${event}","data":${JSON.stringify(data)}}`;
    }
  }
}

/** True for text that can stand within a line as it is. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
