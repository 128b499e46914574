import { type FileHandle, mkdir, open, readdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { decodeFrame, type Frame, MAX_FRAME_BYTES, SEGMENT_MAGIC } from "./journal-frame.ts";

/** A place in the journal: a segment by its first position, a byte offset in it, and the last position before it. */
export type JournalPoint = { segment: number; offset: number; position: number };

/** What stands in a segment: frames, and spans of bytes that are none; `tail` when no frame follows. */
export type SegmentPart =
  | { kind: "frame"; frame: Frame; from: number; to: number }
  | { kind: "damage"; from: number; to: number; tail: boolean };

const WINDOW_BYTES = 1024 * 1024;
const NAME = /^(\d{16})\.log$/;

export function segmentPath(directory: string, first: number): string {
  return join(directory, `${String(first).padStart(16, "0")}.log`);
}

/** First positions of all segments, ascending. */
export async function listSegments(directory: string): Promise<number[]> {
  const names = await readdir(directory);
  return names
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** Creates an empty segment that survives a power failure: header and directory entry are durable. */
export async function createSegment(directory: string, first: number): Promise<FileHandle> {
  await mkdir(directory, { recursive: true });
  const path = segmentPath(directory, first);
  const handle = await open(path, "w+");
  try {
    await writeAll(handle, SEGMENT_MAGIC, 0);
    await handle.sync();
    await syncDirectory(directory);
    return handle;
  } catch (error) {
    await handle.close();
    await unlink(path).catch(() => undefined);
    throw error;
  }
}

/** Writes all bytes at `offset`, however few the operating system takes at a time. */
export async function writeAll(handle: FileHandle, bytes: Buffer, offset: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, offset + done);
    done += bytesWritten;
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Walks through the bytes [`start`, `end`) of a segment. After a damaged frame it searches byte by byte for the next
 * whole one: lengths are not believed once a checksum failed.
 */
export async function* walkSegment(options: {
  handle: FileHandle;
  start: number;
  end: number;
}): AsyncGenerator<SegmentPart, void, undefined> {
  const { handle, end } = options;
  let window: Buffer = Buffer.alloc(0);
  let windowStart = options.start;
  let at = options.start;
  let damagedFrom: number | undefined;

  const fill = async (bytes: number): Promise<void> => {
    const size = Math.min(Math.max(bytes, WINDOW_BYTES), end - at);
    const next = Buffer.allocUnsafe(size);
    let filled = 0;
    while (filled < size) {
      const { bytesRead } = await handle.read(next, filled, size - filled, at + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    window = next.subarray(0, filled);
    windowStart = at;
  };

  while (at < end) {
    let decoded = decodeFrame(window, at - windowStart);
    // First the header must be in the window, then the whole frame, which may be longer than a window.
    while (typeof decoded === "object" && "more" in decoded && windowStart + window.length < end) {
      await fill(Math.min(decoded.more, MAX_FRAME_BYTES));
      decoded = decodeFrame(window, 0);
    }
    if (decoded === "damaged" || "more" in decoded) {
      damagedFrom ??= at;
      at += 1;
      continue;
    }
    if (damagedFrom !== undefined) yield { kind: "damage", from: damagedFrom, to: at, tail: false };
    damagedFrom = undefined;
    const to = windowStart + decoded.end;
    yield { kind: "frame", frame: decoded.frame, from: at, to };
    at = to;
  }
  if (damagedFrom !== undefined) yield { kind: "damage", from: damagedFrom, to: end, tail: true };
}
