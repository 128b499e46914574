import { createReadStream } from "node:fs";
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pipeline, type Readable } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { z } from "zod";
import { Fault, messageOf } from "../lib/fault.ts";
import { inArrivalOrder } from "./arrival-order.ts";
import { type RecordingLine, readLine } from "./recording-line.ts";

const recordingMeta = z.object({
  format: z.literal("ethmon-recording/1"),
  network: z.string().optional(),
  genesis_time: z.number().int(),
  genesis_validators_root: z.string().optional(),
  nodes: z.array(z.object({ name: z.string(), client: z.string().optional(), version: z.string().optional() })),
  config_spec: z.record(z.string(), z.unknown()),
  seconds_per_slot: z.number().positive().optional(),
  slots_per_epoch: z.number().int().positive().optional(),
});

export type RecordingMeta = z.output<typeof recordingMeta>;

/** Reads `meta.json`. Throws `recording_missing` or `recording_invalid`. */
export async function readRecordingMeta(directory: string): Promise<RecordingMeta> {
  const path = join(directory, "meta.json");
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new Fault("recording_missing", `${directory} is no recording: its meta.json cannot be read.`, { cause });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Fault("recording_invalid", `${path} is not JSON.`, { cause });
  }
  const parsed = recordingMeta.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Fault("recording_invalid", `${path}: ${issue?.path.join(".")}: ${issue?.message}`);
}

/** What `config/spec` would have said: the recorded one, completed by what `meta.json` says of slots. */
export function specOf(meta: RecordingMeta): Record<string, unknown> {
  const saysSlotDuration = "SECONDS_PER_SLOT" in meta.config_spec || "SLOT_DURATION_MS" in meta.config_spec;
  return {
    ...(meta.seconds_per_slot === undefined || saysSlotDuration
      ? {}
      : { SLOT_DURATION_MS: Math.round(meta.seconds_per_slot * 1000) }),
    ...(meta.slots_per_epoch === undefined ? {} : { SLOTS_PER_EPOCH: String(meta.slots_per_epoch) }),
    ...(meta.network === undefined ? {} : { CONFIG_NAME: meta.network }),
    ...meta.config_spec,
  };
}

/**
 * The lines of a recording by arrival; the recorder's own events that mean nothing to us are left out.
 * Throws `recording_missing` when there are no events, `recording_invalid` when the file is cut or not what it says.
 */
export function readRecording(directory: string): AsyncGenerator<RecordingLine> {
  return inArrivalOrder(readLines(directory));
}

async function* readLines(directory: string): AsyncGenerator<RecordingLine> {
  const { stream, path } = await openEvents(directory);
  let number = 0;
  try {
    for await (const text of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
      number += 1;
      if (text.trim() === "") continue;
      const read = readLine(text);
      if (read === undefined) continue;
      if ("isEvent" in read) yield { kind: "unreadable", line: number, ...read, text };
      else yield { kind: "envelope", envelope: read };
    }
  } catch (cause) {
    throw new Fault("recording_invalid", `${path} cannot be read after line ${number}: ${messageOf(cause)}`, { cause });
  } finally {
    stream.destroy();
  }
}

async function openEvents(directory: string): Promise<{ stream: Readable; path: string }> {
  const forms = [
    { ending: "", open: (source: Readable) => source },
    { ending: ".gz", open: (source: Readable) => piped(source, createGunzip()) },
    { ending: ".zst", open: (source: Readable) => piped(source, createZstdDecompress()) },
  ];
  for (const { ending, open } of forms) {
    const path = join(directory, `events.jsonl${ending}`);
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (there) return { stream: open(createReadStream(path)), path };
  }
  throw new Fault("recording_missing", `${directory} holds no events.jsonl, events.jsonl.gz or events.jsonl.zst.`);
}

function piped<T extends Readable & NodeJS.WritableStream>(source: Readable, through: T): Readable {
  // The reader of `through` gets every error; what ends either side closes both.
  pipeline(source, through, () => {});
  return through;
}
