import { createParser } from "eventsource-parser";
import { createVoteRuns, type VoteRuns } from "./vote-runs.ts";

export type EventRecords = {
  /** Takes the next bytes of the stream; calls back for each record that they complete. */
  push(chunk: Buffer): void;
};

const LF = 10;
const CR = 13;
const FIRST_CAPACITY = 64 * 1024;
/** A larger buffer is given back once its record is complete. */
const KEPT_CAPACITY = 1024 * 1024;
const PREFIX_BYTES = 2048;
const MAX_TOPIC_LENGTH = 128;
/** The type of a server-sent event that names none. */
const UNNAMED = "message";

/**
 * Turns the bytes of an event stream into its records. Bytes are held until the blank line that ends a record, and
 * decoded then: no chunk boundary can split a character, and invalid UTF-8 spoils its own record alone (it holds
 * replacement characters). A record beyond `maxRecordBytes` is skipped without being held, and told by `onOversized`
 * with the beginning of its data. With `onVotes`, single attestations are not told one by one but together, before the
 * next other record and at the end of each push.
 */
export function createEventRecords(options: {
  maxRecordBytes: number;
  onRecord(topic: string, text: string): void;
  onOversized(topic: string, beginning: string, bytes: number): void;
  onComment(comment: string): void;
  onVotes?: ((votes: NonNullable<ReturnType<VoteRuns["taken"]>>) => void) | undefined;
}): EventRecords {
  const { maxRecordBytes, onRecord, onOversized, onComment, onVotes } = options;
  const votes = onVotes && createVoteRuns();
  const parser = createParser({
    onEvent: ({ event = UNNAMED, data }) => onRecord(event.slice(0, MAX_TOPIC_LENGTH), data),
    onComment,
  });
  // Never longer than the bound: it must be there in full when the bound is crossed, however the bytes were split.
  const prefixBytes = Math.min(PREFIX_BYTES, maxRecordBytes);
  let held = Buffer.allocUnsafe(FIRST_CAPACITY);
  let size = 0;
  let skipped: { beginning: Buffer; bytes: number } | undefined;
  // The last two bytes before the current chunk: a blank line may lie across the boundary.
  let last = -1;
  let secondLast = -1;

  const hold = (bytes: Buffer) => {
    if (size + bytes.length > held.length) {
      const grown = Buffer.allocUnsafe(Math.max(held.length * 2, size + bytes.length));
      held.copy(grown, 0, 0, size);
      held = grown;
    }
    bytes.copy(held, size);
    size += bytes.length;
  };

  const tellVotes = () => {
    const taken = votes?.taken();
    if (taken !== undefined) onVotes?.(taken);
  };

  /** Whole records. */
  const feed = (bytes: Buffer) => {
    if (votes === undefined) {
      parser.feed(bytes.toString("utf8"));
      return;
    }
    for (let at = 0; at < bytes.length; ) {
      const taken = votes.take(bytes, at);
      const end = taken < 0 ? recordEnd(bytes, at) : taken;
      if (taken < 0) {
        tellVotes();
        parser.feed(bytes.toString("utf8", at, end));
      }
      at = end;
    }
    tellVotes();
  };

  const complete = (bytes: Buffer) => {
    if (size === 0) {
      feed(bytes);
      return;
    }
    hold(bytes);
    feed(held.subarray(0, size));
    size = 0;
    if (held.length > KEPT_CAPACITY) held = Buffer.allocUnsafe(FIRST_CAPACITY);
  };

  const byteBefore = (chunk: Buffer, index: number): number =>
    (index > 0 ? chunk[index - 1] : index === 0 ? last : secondLast) ?? -1;

  /** Whether the byte at `index` ends a blank line. Lines end with LF, CR or CR LF. */
  const endsRecord = (chunk: Buffer, index: number): boolean => {
    const byte = chunk[index];
    if (byte !== LF && byte !== CR) return false;
    const before = byteBefore(chunk, index);
    if (before !== LF && before !== CR) return false;
    if (byte === CR || before === LF) return true;
    const lineEnd = byteBefore(chunk, index - 1);
    return lineEnd === LF || lineEnd === CR;
  };

  const pushWhole = (chunk: Buffer) => {
    let end = chunk.length;
    while (end > 0 && !endsRecord(chunk, end - 1)) end -= 1;
    if (end > 0) complete(chunk.subarray(0, end));
    if (end < chunk.length) hold(chunk.subarray(end));
  };

  const pushByRecord = (chunk: Buffer) => {
    for (let start = 0, end = 0; start < chunk.length; start = end) {
      end = start + 1;
      while (end < chunk.length && !endsRecord(chunk, end - 1)) end += 1;
      const piece = chunk.subarray(start, end);
      const ended = endsRecord(chunk, end - 1);
      if (skipped !== undefined) {
        skipped.bytes += piece.length;
      } else if (size + piece.length > maxRecordBytes) {
        const bytes = size + piece.length;
        hold(piece.subarray(0, prefixBytes));
        skipped = { beginning: Buffer.from(held.subarray(0, prefixBytes)), bytes };
        held = Buffer.allocUnsafe(FIRST_CAPACITY);
        size = 0;
      } else if (ended) {
        complete(piece);
      } else {
        hold(piece);
      }
      if (ended && skipped !== undefined) {
        tellSkipped(skipped);
        skipped = undefined;
      }
    }
  };

  const tellSkipped = (record: { beginning: Buffer; bytes: number }) => {
    const text = record.beginning.toString("utf8");
    const topic = /^event: ?(.*)$/m.exec(text)?.[1]?.trim() || UNNAMED;
    onOversized(topic.slice(0, MAX_TOPIC_LENGTH), /^data: ?(.*)/m.exec(text)?.[1] ?? "", record.bytes);
  };

  return {
    push(chunk) {
      if (skipped === undefined && size + chunk.length <= maxRecordBytes) pushWhole(chunk);
      else pushByRecord(chunk);
      secondLast = chunk.length > 1 ? (chunk[chunk.length - 2] ?? -1) : last;
      last = chunk[chunk.length - 1] ?? last;
    },
  };
}

/** Where the record that begins at `from` ends, or one after it. */
function recordEnd(bytes: Buffer, from: number): number {
  const line = bytes.indexOf(LF, from);
  const blank = line > 0 && bytes[line - 1] === CR ? "\r\n\r\n" : "\n\n";
  const found = line < 0 ? -1 : bytes.indexOf(blank, from);
  return found < 0 ? bytes.length : found + blank.length;
}
