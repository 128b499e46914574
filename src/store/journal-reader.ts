import { type FileHandle, open, writeFile } from "node:fs/promises";
import { countOf, isBlock, rowsOf, type Storable } from "../events/document.ts";
import { messageOf } from "../lib/fault.ts";
import type { Log } from "../lib/log.ts";
import { readTexts } from "./document-texts.ts";
import { type Frame, SEGMENT_MAGIC } from "./journal-frame.ts";
import { type JournalPoint, listSegments, segmentPath, walkSegment } from "./journal-segments.ts";

/** A document with its place in the journal and the time it was written there; of a block its first row's place. */
export type JournaledDocument = { position: number; writtenAtUs: number; document: Storable };

export type JournalReading = {
  documents: JournaledDocument[];
  /** The position up to which everything was read. */
  position: number;
};

export type JournalReader = {
  /**
   * The next documents, at least one if there is one before `until`: about `limit` of them, or as many as a few
   * megabytes hold. A corrupt record is copied to a file of its own beside the segment, said in the log, and skipped.
   */
  read(options: { until: JournalPoint; limit: number }): Promise<JournalReading>;
  close(): Promise<void>;
};

const READING_BYTES = 8 * 1024 * 1024;

/** Reads a journal that another process writes, from the position after `position` on. */
export function createJournalReader(options: { directory: string; position: number; log: Log }): JournalReader {
  const { directory, log } = options;
  let { position } = options;
  let handle: FileHandle | undefined;
  let segment: number | undefined;
  let offset = SEGMENT_MAGIC.length;
  /** Where the journal begins for this reader: before it nothing can be missing in it. */
  let beginning = 0;

  const enter = async (first: number): Promise<FileHandle> => {
    await handle?.close();
    handle = undefined;
    handle = await open(segmentPath(directory, first), "r");
    if (segment === undefined) beginning = first;
    segment = first;
    offset = SEGMENT_MAGIC.length;
    return handle;
  };

  /** The segment that holds the next position, or the one after it when that is gone. */
  const firstSegment = async (): Promise<number | undefined> => {
    const segments = await listSegments(directory);
    return segments.findLast((first) => first <= position + 1) ?? segments[0];
  };

  const copyDamage = async (file: FileHandle, from: number, to: number): Promise<void> => {
    const copy = `${segmentPath(directory, segment as number)}.${from}.corrupt`;
    try {
      const bytes = Buffer.alloc(to - from);
      await file.read(bytes, 0, bytes.length, from);
      await writeFile(copy, bytes);
      log.error({ copy, bytes: to - from, after: position }, "A corrupt journal record was put aside");
    } catch (error) {
      log.error({ copy, bytes: to - from, error: messageOf(error) }, "A corrupt journal record could not be put aside");
    }
  };

  return {
    async read({ until, limit }) {
      const documents: JournaledDocument[] = [];
      let bytes = 0;
      let count = 0;
      const full = () => count >= limit || bytes >= READING_BYTES;
      while (!full()) {
        const first = segment ?? (await firstSegment());
        if (first === undefined || first > until.segment) break;
        const file = segment === first && handle !== undefined ? handle : await enter(first);
        const end = first === until.segment ? until.offset : (await file.stat()).size;
        for await (const part of walkSegment({ handle: file, start: offset, end })) {
          offset = part.to;
          if (part.kind === "damage") {
            await copyDamage(file, part.from, part.to);
            continue;
          }
          const next = Math.max(position + 1, beginning);
          if (part.frame.count > 0 && part.frame.position > next) {
            log.error({ from: next, to: part.frame.position - 1 }, "Positions were missing in the journal");
          }
          // A frame may begin before the position: the last commit ended within it, or it was written twice.
          for (const entry of documentsOf(part.frame)) {
            const rest = after(position, entry);
            if (rest === undefined) continue;
            documents.push(rest);
            count += countOf(rest.document);
            position = rest.position + countOf(rest.document) - 1;
          }
          bytes += part.frame.text.length;
          if (full()) break;
        }
        if (offset < end) break;
        if (first === until.segment) {
          // What was corrupt at the end is not waited for.
          position = Math.max(position, until.position);
          break;
        }
        const next = (await listSegments(directory)).find((other) => other > first);
        if (next === undefined) break;
        await enter(next);
      }
      return { documents, position };
    },
    async close() {
      await handle?.close();
      handle = undefined;
    },
  };
}

function documentsOf(frame: Frame): JournaledDocument[] {
  if (frame.count === 0) return [];
  let { position } = frame;
  return readTexts(frame.text.toString("utf8")).map((document) => {
    const entry = { position, writtenAtUs: frame.timeUs, document };
    position += countOf(document);
    return entry;
  });
}

/** What of an entry stands after a position. */
function after(position: number, entry: JournaledDocument): JournaledDocument | undefined {
  const { document } = entry;
  const before = position - entry.position + 1;
  if (before <= 0) return entry;
  if (before >= countOf(document) || !isBlock(document)) return undefined;
  return { ...entry, position: position + 1, document: rowsOf(document, { from: before, to: countOf(document) }) };
}
