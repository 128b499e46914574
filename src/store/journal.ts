import { open, unlink } from "node:fs/promises";
import { countOf, type Document, isBlock, type Storable } from "../events/document.ts";
import { quarantined } from "../events/quarantine.ts";
import { createBackoff } from "../lib/backoff.ts";
import type { Clock } from "../lib/clock.ts";
import { Fault, messageOf } from "../lib/fault.ts";
import type { Log } from "../lib/log.ts";
import { sleep } from "../lib/sleep.ts";
import { createDocumentWriter, type DocumentText } from "./document-texts.ts";
import { encodeFrame, encodeFrames, MAX_DOCUMENT_BYTES, SEGMENT_MAGIC } from "./journal-frame.ts";
import { createJournalQueue, type Loss } from "./journal-queue.ts";
import { recoverJournal } from "./journal-recovery.ts";
import { createSegment, type JournalPoint, segmentPath, writeAll } from "./journal-segments.ts";

export type Journal = {
  /**
   * Queues documents; false when they did not fit and were dropped and counted. A document that is larger than a
   * record of the journal is replaced by its quarantine document.
   */
  offer(documents: readonly Storable[]): boolean;
  /**
   * As `offer`, resolves with the position of the last one when the documents are durable; rejects with
   * `store_queue_full` or `store_closed`. With `together` either all of them are durable after a crash or none: they
   * stand in one frame, and but for the last must not have more than `TOGETHER_LENGTH` characters of JSON.
   */
  append(documents: readonly Storable[], options?: { together?: boolean }): Promise<number>;
  /** The end of what is durable. */
  durable(): JournalPoint;
  /** The position of the last document taken, durable or not yet. */
  lastPosition(): number;
  state(): { queued: number; dropped: number; failure?: string };
  /** The last moment, microseconds, up to which earlier runs are known to have been durable. */
  lastMarkUs(): number | undefined;
  /** Deletes the segments whose documents all stand at or before `position`. */
  release(position: number): Promise<void>;
  /** Writes what is queued and the mark of an orderly stop. */
  close(): Promise<void>;
};

export type JournalOptions = {
  directory: string;
  clock: Clock;
  log: Log;
  /** For a journal without any segment. */
  firstPosition?: number;
  /** Documents that may wait for the journal, and the length of their JSON text. */
  queueLimit?: number;
  queueLimitBytes?: number;
  segmentBytes?: number;
  /** All that was received before this moment was handed over; a mark tells no later one. */
  accountedUs?: () => number;
  /** Whether nothing more is taken, though the queue has room. */
  isFull?: () => boolean;
  /** Told after each sync. */
  onDurable?: (point: JournalPoint) => void;
  /** Told once the journal takes documents again after it had to drop some. */
  onLoss?: (loss: Loss) => void;
};

/** Half of the 50 ms that an offered document may wait: the other half is for the disk. */
const SYNC_DELAY_MS = 25;
const SYNC_BYTES = 1024 * 1024;
const WRITE_BYTES = 4 * SYNC_BYTES;
/** What documents that become durable together may have, so that the frame stays within its bound. */
export const TOGETHER_LENGTH = 128 * 1024;
const MARK_EVERY_MS = 1000;
/** How long a loss must be over before it is reported as one span. */
const LOSS_QUIET_US = 1_000_000;
const CLOSE_PATIENCE_MS = 5000;
/** Names longer than this are cut in the quarantine document of what was too large, so that it always fits. */
const MAX_NAME_LENGTH = 1024;

/** Opens an append-only journal of documents with group commit. Throws `store_newer`. */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { directory, clock, log, onDurable, onLoss, isFull = () => false } = options;
  const { queueLimit = 500_000, queueLimitBytes = 64 * 1024 * 1024, segmentBytes = 64 * 1024 * 1024 } = options;
  const end = await recoverJournal({ directory, firstPosition: options.firstPosition ?? 1, log });
  const { segments, lastMarkUs } = end;
  let { handle, segment, offset, position } = end;
  const queue = createJournalQueue({ nextPosition: position + 1, limit: queueLimit, limitBytes: queueLimitBytes });
  const writeDocument = createDocumentWriter();
  const textOf = (document: Storable) => boundedText(document, writeDocument(document));
  const closing = new AbortController();
  const backoff = createBackoff({ firstMs: 50, maxMs: 2000 });
  let failure: string | undefined;
  let inHand = 0;
  let wake: (() => void) | undefined;
  let closeBeforeUs = Number.POSITIVE_INFINITY;

  /** Waits until there is something to write: a full batch, a sender, a document's time, or the next mark. */
  const untilDue = async (): Promise<void> => {
    const due = () => queue.waiting || queue.bytes >= SYNC_BYTES || closing.signal.aborted;
    if (due()) return;
    if (queue.size === 0) await nap(MARK_EVERY_MS, () => queue.size > 0 || due());
    if (queue.size > 0 && !due()) await nap(SYNC_DELAY_MS, due);
  };
  const nap = (ms: number, done: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        wake = undefined;
        resolve();
      };
      const timer = setTimeout(finish, ms);
      wake = () => {
        if (done()) finish();
      };
    });

  /**
   * Makes one batch durable. After any error the segment is cut back to its last durable byte and the same bytes are
   * written again: an `fdatasync` that failed once says nothing when it succeeds the second time.
   */
  const write = async (bytes: Buffer): Promise<boolean> => {
    while (true) {
      try {
        await writeAll(handle, bytes, offset);
        await handle.datasync();
        if (failure !== undefined) log.info({ directory }, "The journal was written again");
        failure = undefined;
        backoff.reset();
        return true;
      } catch (error) {
        if (failure === undefined)
          log.error({ directory, error: messageOf(error) }, "The journal could not be written");
        failure = messageOf(error);
        if (clock.monoUs() > closeBeforeUs) return false;
        await handle.truncate(offset).catch(() => undefined);
        await sleep(backoff.nextMs(), closing.signal);
        if (closing.signal.aborted) await sleep(50);
        await reopen();
      }
    }
  };

  /** A handle that failed once may fail for ever. */
  const reopen = async (): Promise<void> => {
    try {
      const next = await open(segmentPath(directory, segment), "r+");
      await handle.close().catch(() => undefined);
      handle = next;
      await handle.truncate(offset);
    } catch (error) {
      failure = messageOf(error);
    }
  };

  const rotate = async (): Promise<void> => {
    try {
      const next = await createSegment(directory, position + 1);
      await handle.close().catch(() => undefined);
      handle = next;
      segment = position + 1;
      offset = SEGMENT_MAGIC.length;
      segments.push(segment);
    } catch (error) {
      log.warn({ directory, error: messageOf(error) }, "No new journal segment could be created");
    }
  };

  const run = async (): Promise<void> => {
    while (!closing.signal.aborted || queue.size > 0) {
      await untilDue();
      // A loss that nobody was told of is not passed over by a mark.
      const never = Number.POSITIVE_INFINITY;
      const timeUs = Math.min(clock.nowUs(), options.accountedUs?.() ?? never, queue.lossFromUs ?? never);
      const batch = queue.take(WRITE_BYTES);
      inHand = batch.count;
      const bytes = encodeFrames({ ...batch, timeUs });
      if (!(await write(bytes))) {
        queue.noteLoss({ fromUs: timeUs, nowUs: timeUs, dropped: batch.count, nodes: [] });
        break;
      }
      offset += bytes.length;
      position = batch.firstPosition + batch.count - 1;
      inHand = 0;
      queue.settle(position);
      onDurable?.({ segment, offset, position });
      if (offset >= segmentBytes && position >= segment) await rotate();
      reportLoss(LOSS_QUIET_US);
    }
  };

  const reportLoss = (quietUs: number): void => {
    const loss = queue.takeLoss({ nowUs: clock.nowUs(), quietUs });
    if (loss === undefined) return;
    log.warn(loss, "Documents were dropped because the journal had no room for them");
    onLoss?.(loss);
  };

  const writing = run();

  return {
    offer(documents) {
      if (documents.length === 0) return true;
      if (!closing.signal.aborted && !isFull() && queue.push(documents.map(textOf)) !== undefined) {
        wake?.();
        return true;
      }
      const nowUs = clock.nowUs();
      queue.noteLoss({
        fromUs: Math.min(nowUs, earliestUs(documents)),
        nowUs,
        dropped: documents.reduce((sum, one) => sum + countOf(one), 0),
        nodes: nodesOf(documents),
      });
      return false;
    },
    async append(documents, { together = false } = {}) {
      if (closing.signal.aborted) throw new Fault("store_closed", "The store is closed");
      if (documents.length === 0) return queue.lastPosition;
      const texts = documents.map(textOf);
      const last = isFull() ? undefined : queue.push(together ? joined(texts) : texts);
      if (last === undefined) {
        throw new Fault(
          "store_queue_full",
          isFull() ? "The journal is full" : "The queue in front of the journal is full",
          { retry: "retryable" },
        );
      }
      const durable = queue.waitFor(last);
      wake?.();
      await durable;
      return last;
    },
    durable: () => ({ segment, offset, position }),
    lastPosition: () => queue.lastPosition,
    state: () => ({
      queued: queue.size + inHand,
      dropped: queue.dropped,
      ...(failure === undefined ? {} : { failure }),
    }),
    lastMarkUs: () => lastMarkUs,
    async release(loaded) {
      // The newest segment stays: it holds the next position and the last mark.
      while (segments.length > 1 && (segments[1] as number) <= loaded + 1 && offset > SEGMENT_MAGIC.length) {
        const first = segments.shift() as number;
        await unlink(segmentPath(directory, first)).catch((error: unknown) => {
          log.warn({ directory, error: messageOf(error) }, "A loaded journal segment could not be deleted");
        });
      }
    },
    async close() {
      if (closing.signal.aborted) return writing;
      reportLoss(0);
      closeBeforeUs = clock.monoUs() + CLOSE_PATIENCE_MS * 1000;
      closing.abort();
      wake?.();
      await writing;
      queue.fail(new Fault("store_closed", "The store was closed before the documents could be written"));
      const timeUs = clock.nowUs();
      if (
        failure === undefined &&
        (await write(encodeFrame({ position: position + 1, timeUs, texts: [], clean: true })))
      ) {
        log.info({ position }, "The journal was closed");
      } else {
        log.error({ dropped: queue.dropped + queue.size, error: failure }, "The journal was closed with a loss");
      }
      await handle.close().catch(() => undefined);
    },
  };
}

function joined(texts: readonly DocumentText[]): readonly DocumentText[] {
  return texts.map((text, i) => (i === texts.length - 1 ? text : { ...text, withNext: true }));
}

/** The document's text, or its quarantine document's when it is larger than a record of the journal may be. */
function boundedText(document: Storable, written: DocumentText): DocumentText {
  const { text } = written;
  // UTF-8 needs at most three bytes for a UTF-16 unit: only long texts are measured exactly.
  if (text.length * 3 <= MAX_DOCUMENT_BYTES) return written;
  const bytes = Buffer.byteLength(text);
  // A block is bounded where it is gathered.
  if (bytes <= MAX_DOCUMENT_BYTES || isBlock(document)) return written;
  const quarantine = JSON.stringify(
    quarantined({
      node: nodesOf([document])[0]?.slice(0, MAX_NAME_LENGTH) ?? "",
      receivedAtUs: document.timestampUs,
      dataset: document.dataset.slice(0, MAX_NAME_LENGTH),
      reason: `the document has ${bytes} bytes, above ${MAX_DOCUMENT_BYTES}`,
      original: text,
    }),
  );
  return { text: quarantine, count: 1 };
}

/**
 * When the first of what was dropped was received. A derived document carries the time of what it speaks of, which may
 * be long past: it tells only where nothing else does.
 */
function earliestUs(documents: readonly Storable[]): number {
  const observed = documents.filter((one) => isBlock(one) || one.id === undefined);
  const telling = observed.length > 0 ? observed : documents;
  const timeUs = (one: Storable) =>
    isBlock(one) ? one.timestampsUs.reduce((a, b) => Math.min(a, b)) : one.timestampUs;
  return telling.reduce((earliest, one) => Math.min(earliest, timeUs(one)), Number.POSITIVE_INFINITY);
}

function nodesOf(documents: readonly Pick<Document, "fields">[]): string[] {
  return documents.flatMap(({ fields }) => {
    const name = fields["observer.name"];
    return typeof name === "string" ? [name] : [];
  });
}
