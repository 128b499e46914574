import { type FileHandle, mkdir, open } from "node:fs/promises";
import { Fault } from "../lib/fault.ts";
import type { Log } from "../lib/log.ts";
import { isEarlierVersion, isOtherVersion, SEGMENT_MAGIC } from "./journal-frame.ts";
import { createSegment, listSegments, segmentPath, walkSegment } from "./journal-segments.ts";

/** The end of an existing or a new journal: where writing goes on. */
export type JournalEnd = {
  handle: FileHandle;
  segment: number;
  offset: number;
  /** The last position given out. */
  position: number;
  /** All segments there are, ascending; the last one is written to. */
  segments: number[];
  /** The last moment up to which earlier runs are known to be durable. */
  lastMarkUs?: number;
};

/**
 * Opens the journal for writing: finds its last whole frame and cuts off what a crash left behind it.
 * `firstPosition` is for a journal that has no segment yet. Throws `store_newer`.
 */
export async function recoverJournal(options: {
  directory: string;
  firstPosition: number;
  log: Log;
}): Promise<JournalEnd> {
  const { directory, firstPosition, log } = options;
  await mkdir(directory, { recursive: true });
  const segments = await listSegments(directory);
  const newest = segments.at(-1);
  if (newest === undefined) {
    const handle = await createSegment(directory, firstPosition);
    return {
      handle,
      segment: firstPosition,
      offset: SEGMENT_MAGIC.length,
      position: firstPosition - 1,
      segments: [firstPosition],
    };
  }

  const handle = await open(segmentPath(directory, newest), "r+");
  try {
    let found = await findEnd(handle, segmentPath(directory, newest));
    const { offset, tornBytes } = found;
    if (tornBytes > 0 || found.sizeBytes < offset) {
      await handle.truncate(offset);
      if (found.sizeBytes < offset) await handle.write(SEGMENT_MAGIC, 0, SEGMENT_MAGIC.length, 0);
      await handle.sync();
    }
    // What is written behind its frames an older program must not take for damage.
    if (found.isEarlierVersion) {
      await handle.write(SEGMENT_MAGIC, 0, SEGMENT_MAGIC.length, 0);
      await handle.sync();
    }
    let position = found.position ?? newest - 1;
    // The newest segment may hold no frame yet: a crash between its creation and its first write.
    for (let i = segments.length - 2; i >= 0 && found.lastMarkUs === undefined; i--) {
      const path = segmentPath(directory, segments[i] as number);
      const older = await open(path, "r");
      try {
        found = await findEnd(older, path);
        position = Math.max(position, found.position ?? 0);
      } finally {
        await older.close();
      }
    }
    log.info({ segments: segments.length, position, tornBytes, clean: found.clean }, "The journal was opened");
    return {
      handle,
      segment: newest,
      offset,
      position,
      segments,
      ...(found.lastMarkUs === undefined ? {} : { lastMarkUs: found.lastMarkUs }),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The last position of a journal that no program writes now; changes nothing in it. Throws `store_newer`. */
export async function readJournalPosition(directory: string): Promise<number> {
  const newest = (await listSegments(directory)).at(-1);
  if (newest === undefined) return 0;
  const path = segmentPath(directory, newest);
  const handle = await open(path, "r");
  try {
    const { position } = await findEnd(handle, path);
    return position ?? newest - 1;
  } finally {
    await handle.close();
  }
}

type SegmentEnd = {
  offset: number;
  sizeBytes: number;
  tornBytes: number;
  position?: number;
  lastMarkUs?: number;
  clean: boolean;
  isEarlierVersion: boolean;
};

async function findEnd(handle: FileHandle, path: string): Promise<SegmentEnd> {
  const { size } = await handle.stat();
  const head = Buffer.alloc(SEGMENT_MAGIC.length);
  await handle.read(head, 0, head.length, 0);
  if (isOtherVersion(head)) {
    throw new Fault("store_newer", `The journal segment ${path} was written by a newer version of ethmon`);
  }
  const end: SegmentEnd = {
    offset: SEGMENT_MAGIC.length,
    sizeBytes: size,
    tornBytes: 0,
    clean: false,
    isEarlierVersion: isEarlierVersion(head),
  };
  for await (const part of walkSegment({ handle, start: SEGMENT_MAGIC.length, end: size })) {
    if (part.kind === "damage") {
      if (part.tail) end.tornBytes = part.to - part.from;
      continue;
    }
    end.offset = part.to;
    end.position = part.frame.position + part.frame.count - 1;
    end.lastMarkUs = part.frame.timeUs;
    end.clean = part.frame.clean;
  }
  return end;
}
