import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { Fault, messageOf } from "../lib/fault.ts";
import { inArrivalOrder } from "./arrival-order.ts";
import { isCut, openEvents } from "./recording-file.ts";
import { type RecordingLine, readLine } from "./recording-line.ts";
import { textLines } from "./text-lines.ts";

/** A number that some recorders write as the Beacon API does: as a decimal string. */
const decimal = (schema: z.ZodNumber) =>
  z.preprocess((value) => (typeof value === "string" && value.trim() !== "" ? Number(value) : value), schema);

const recordingMeta = z.object({
  format: z.literal("ethmon-recording/1"),
  network: z.string().optional(),
  genesis_time: decimal(z.number().int()),
  genesis_validators_root: z.string().optional(),
  nodes: z.array(
    z.object({
      name: z.string(),
      client: z.string().optional(),
      version: z.string().optional(),
      /** The first and the last index of the validators that used the node. */
      validators: z
        .tuple([z.int().min(0), z.int().min(0)])
        .optional()
        .catch(undefined),
    }),
  ),
  config_spec: z.record(z.string(), z.unknown()),
  seconds_per_slot: decimal(z.number().positive()).optional(),
  slots_per_epoch: decimal(z.number().int().positive()).optional(),
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
    // What a recorder did not learn it leaves out or gives as null.
    json = JSON.parse(text, (_, value: unknown) => (value === null ? undefined : value));
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

/** Where a compressed recording ends too early. */
export type RecordingCut = { path: string; afterLine: number };

/**
 * The lines of a recording by arrival; the recorder's own events that mean nothing to us are left out. A compressed
 * recording that was cut, as by a kill, ends with its last whole line, and `onCut` is told.
 * Throws `recording_missing` when there are no events, `recording_invalid` when the file is not what it says.
 */
export function readRecording(
  directory: string,
  options: { onCut?: ((cut: RecordingCut) => void) | undefined } = {},
): AsyncGenerator<RecordingLine> {
  return inArrivalOrder(readLines(directory, options.onCut));
}

async function* readLines(
  directory: string,
  onCut: ((cut: RecordingCut) => void) | undefined,
): AsyncGenerator<RecordingLine> {
  const { bytes, path } = await openEvents(directory);
  let number = 0;
  try {
    for await (const text of textLines(bytes)) {
      number += 1;
      if (text.trim() === "") continue;
      const read = readLine(text);
      if (read === undefined) continue;
      if ("isEvent" in read) yield { kind: "unreadable", line: number, ...read, text };
      else yield { kind: "envelope", envelope: read };
    }
  } catch (cause) {
    if (isCut(cause)) return onCut?.({ path, afterLine: number });
    throw new Fault("recording_invalid", `${path} cannot be read after line ${number}: ${messageOf(cause)}`, { cause });
  }
}
