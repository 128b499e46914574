import type { Envelope, GapCause } from "../events/envelope.ts";
import { createBackoff } from "../lib/backoff.ts";
import type { Clock } from "../lib/clock.ts";
import { isFault } from "../lib/fault.ts";
import type { Log } from "../lib/log.ts";
import { sleep } from "../lib/sleep.ts";
import { type ConnectionEnd, connectEvents } from "./event-connection.ts";
import { createEventRecords } from "./event-records.ts";
import type { NodeUrl } from "./node-url.ts";
import { createStreamReport, type StreamState } from "./stream-report.ts";
import { createTopicBook, type TopicState } from "./topic-book.ts";
import { acceptsTopics } from "./topic-probe.ts";

export type StreamStatus = StreamState & {
  lastEventAtUs?: number;
  topics: Record<string, TopicState>;
  eventsByTopic: Record<string, number>;
  events: number;
  bytes: number;
  /** How often the stream was opened again. */
  reconnects: number;
  /** Records beyond the bound. */
  oversized: number;
  /** Messages that the node says it dropped since it could not send them fast enough. */
  droppedByNode: number;
};

export type EventStream = {
  status(): StreamStatus;
  /** Ends a connection that is known to deliver nothing although there is something to tell, and opens another. */
  restart(reason: string): void;
  /** Asks again for the topics that were refused: the node may have learned them. */
  retryRefused(): Promise<void>;
  stopped: Promise<void>;
};

export type StreamLimits = {
  maxRecordBytes: number;
  /** Back-off after a connection that failed or delivered nothing. */
  failedMs: { firstMs: number; maxMs: number };
  /** Back-off after one that delivered: its node is well, and each second counts. */
  deliveredMs: { firstMs: number; maxMs: number };
  /** How long a connection must last to count as stable. */
  stableMs: number;
  retryRefusedMs: number;
};

const STREAM_LIMITS: StreamLimits = {
  maxRecordBytes: 16 * 1024 * 1024,
  failedMs: { firstMs: 500, maxMs: 30_000 },
  deliveredMs: { firstMs: 100, maxMs: 2_000 },
  stableMs: 10_000,
  retryRefusedMs: 6 * 3_600_000,
};

/**
 * Keeps one node's event stream open until `signal` aborts. Emits an `event` envelope for each record, stamped with
 * the arrival of the chunk that completed it, and a `stream` envelope for each opening, ending and failed attempt.
 * A record beyond the bound becomes an event whose text is its beginning and a note in angle brackets: no JSON, so
 * that it ends in quarantine. With `gatherVotes`, single attestations come as `votes` envelopes, without their texts.
 */
export function createEventStream(options: {
  node: string;
  url: NodeUrl;
  topics: readonly string[];
  clock: Clock;
  log: Log;
  emit(envelope: Envelope): void;
  signal: AbortSignal;
  gatherVotes?: boolean;
  limits?: Partial<StreamLimits>;
}): EventStream {
  const { node, url, clock, log, emit, signal, gatherVotes = false } = options;
  const limits = { ...STREAM_LIMITS, ...options.limits };
  const book = createTopicBook({
    topics: options.topics,
    accepts: (topics) => acceptsTopics({ node, url, topics, clock, signal }),
  });
  const afterFailure = createBackoff(limits.failedMs);
  const afterDelivery = createBackoff(limits.deliveredMs);
  const totals = { events: 0, bytes: 0, opened: 0, oversized: 0, droppedByNode: 0 };
  const report = createStreamReport({ node, clock, log, emit });
  let lastEventAtUs: number | undefined;
  let connection = new AbortController();
  let restarting: { reason: string; cause: GapCause } | undefined;
  let probing = false;
  const onAbort = () => connection.abort();
  signal.addEventListener("abort", onAbort, { once: true });

  const connectOnce = async (): Promise<{ end: ConnectionEnd; openMs: number | undefined; delivered: boolean }> => {
    const eventsBefore = totals.events;
    let openedAtUs: number | undefined;
    let arrivedAtUs = 0;
    const tell = (topic: string, text: string) => {
      emit({ kind: "event", node, receivedAtUs: arrivedAtUs, topic, text });
      noteEvents(topic, 1);
    };
    const noteEvents = (topic: string, count: number) => {
      lastEventAtUs = arrivedAtUs;
      totals.events += count;
      book.count(topic, count);
    };
    const records = createEventRecords({
      maxRecordBytes: limits.maxRecordBytes,
      onRecord: tell,
      onVotes: gatherVotes
        ? (votes) => {
            emit({ kind: "votes", node, receivedAtUs: arrivedAtUs, ...votes });
            noteEvents("single_attestation", votes.count);
          }
        : undefined,
      onOversized(topic, beginning, bytes) {
        totals.oversized += 1;
        tell(topic, `${beginning.slice(0, 200)} <cut: a record of ${bytes} bytes, beyond ${limits.maxRecordBytes}>`);
      },
      // Lighthouse and its relatives say in a comment what they could not send.
      onComment(comment) {
        const dropped = /dropped (\d{1,9}) messages/.exec(comment)?.[1];
        if (dropped !== undefined) totals.droppedByNode += Number(dropped);
      },
    });
    connection = new AbortController();
    if (signal.aborted) connection.abort();
    const topics = book.wanted();
    const end = await connectEvents({
      node,
      url,
      topics,
      clock,
      signal: connection.signal,
      onWaiting: report.waiting,
      onOpen(atUs) {
        openedAtUs = clock.monoUs();
        totals.opened += 1;
        book.taken();
        report.opened({ atUs, topics: topics.length, refused: book.refused() });
      },
      onData(chunk, atUs) {
        arrivedAtUs = atUs;
        totals.bytes += chunk.length;
        records.push(chunk);
      },
    });
    const openMs = openedAtUs === undefined ? undefined : (clock.monoUs() - openedAtUs) / 1000;
    return { end, openMs, delivered: totals.events > eventsBefore };
  };

  /** True when at least one topic was given up, so that asking again makes sense. */
  const giveUpTopics = async (body: string): Promise<boolean> => {
    try {
      return (await book.giveUp(body)).length > 0;
    } catch (error) {
      if (!isFault(error)) throw error;
      return false;
    }
  };

  const run = async () => {
    while (!signal.aborted) {
      const { end, openMs, delivered } = await connectOnce();
      if (signal.aborted) return;
      if (openMs !== undefined && openMs >= limits.stableMs) afterDelivery.reset();
      if (delivered) afterFailure.reset();
      const wanted = restarting;
      restarting = undefined;

      if (end.kind === "refused") {
        if (await giveUpTopics(end.body)) continue;
        report.failed(end.fault);
      } else if (end.kind === "failed") {
        report.failed(end.fault);
      } else if (end.kind === "closed") {
        report.closed({ reason: end.reason, cause: "closed", sinceUs: end.late ? lastEventAtUs : undefined });
      } else {
        // A silent stream may be one whose headers never came: there it was never told as open, and yet it is a gap.
        if (wanted?.cause === "silent") report.closed({ ...wanted, sinceUs: lastEventAtUs });
        else if (openMs !== undefined && wanted !== undefined) report.closed({ ...wanted, sinceUs: undefined });
      }
      await sleep((delivered ? afterDelivery : afterFailure).nextMs(), signal);
    }
  };

  const retryRefused = async () => {
    if (probing || signal.aborted) return;
    probing = true;
    try {
      const learned = await book.relearn();
      if (learned.length === 0 || signal.aborted) return;
      restarting = { reason: `Opened anew to ask for ${learned.join(", ")}.`, cause: "closed" };
      connection.abort();
    } catch (error) {
      if (!isFault(error)) throw error;
      log.debug({ node, code: error.code }, "The refused topics could not be asked for again");
    } finally {
      probing = false;
    }
  };

  const retryRefusedFromTimeToTime = async () => {
    while (!signal.aborted) {
      await sleep(limits.retryRefusedMs, signal);
      await retryRefused();
    }
  };

  const stopped = Promise.all([run(), retryRefusedFromTimeToTime()]).then(() =>
    signal.removeEventListener("abort", onAbort),
  );

  return {
    status: () => ({
      ...report.state(),
      ...(lastEventAtUs === undefined ? {} : { lastEventAtUs }),
      topics: book.states(),
      eventsByTopic: book.counts(),
      events: totals.events,
      bytes: totals.bytes,
      reconnects: Math.max(0, totals.opened - 1),
      oversized: totals.oversized,
      droppedByNode: totals.droppedByNode,
    }),
    restart(reason) {
      restarting = { reason, cause: "silent" };
      connection.abort();
    },
    retryRefused,
    stopped,
  };
}
