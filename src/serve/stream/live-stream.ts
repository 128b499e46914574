import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import { setImmediate } from "node:timers/promises";
import type { Broadcaster } from "../../lib/broadcast.ts";
import { Fault } from "../../lib/fault.ts";
import type { Log } from "../../lib/log.ts";
import type { LiveItem } from "../source.ts";
import { createFrameRing, sseRecord } from "./frame-ring.ts";

export type StreamLimits = {
  /** Events that are held for readers who come back or lag. */
  maxFrames: number;
  maxBytes: number;
  maxReaders: number;
  keepAliveMs: number;
  /** How long a dropped reader may take to receive its last word. */
  dropGraceMs: number;
};

const STREAM_LIMITS: StreamLimits = {
  maxFrames: 8192,
  maxBytes: 16 * 1024 * 1024,
  maxReaders: 256,
  keepAliveMs: 15_000,
  dropGraceMs: 5_000,
};

/** Milliseconds after which a browser reconnects. */
const RETRY_MS = 2_000;

/** Items that may wait between the program and the ring. */
const INTAKE_LIMIT = 65_536;

/** Items that are sent on before the sockets get their turn to drain. */
const BATCH_LIMIT = 256;

export type StreamCounts = { readers: number; dropped: number };

export type LiveStream = {
  /** Throws `stream_full` when no more readers are admitted. */
  admit(): void;
  /** Serves the stream on a response whose headers were sent; `lastEventId` is where its reader stopped. */
  attach(response: ServerResponse, lastEventId: string | undefined): void;
  counts(): StreamCounts;
  /** Ends every reader's stream; they come back with their id, to whoever listens then. */
  close(): void;
};

type Reader = { response: ServerResponse; next: number; blocked: boolean };

/**
 * Fans the program's changes out to SSE readers. All share one ring of ready-made records and each has a cursor into
 * it: a reader takes what its socket takes, and one that falls out of the ring is told so and dropped. Coming back
 * with a `Last-Event-ID` is nothing but a cursor further back.
 */
export function createLiveStream(input: {
  live: Broadcaster<LiveItem>;
  log: Log;
  limits?: Partial<StreamLimits>;
  /** What readers may know of a change; undefined for nothing. Default: all of it. */
  show?: (item: LiveItem) => LiveItem | undefined;
  runId?: string;
}): LiveStream {
  const { live, log, show = (item) => item, runId = randomBytes(4).toString("hex") } = input;
  const limits = { ...STREAM_LIMITS, ...input.limits };
  const ring = createFrameRing({ runId, maxFrames: limits.maxFrames, maxBytes: limits.maxBytes });
  const readers = new Set<Reader>();
  let dropped = 0;
  let closed = false;
  let intake = live.subscribe(INTAKE_LIMIT);

  const resetRecord = (reason: string) => sseRecord({ id: ring.lastId(), event: "reset", data: { reason } });

  const drop = (reader: Reader) => {
    readers.delete(reader);
    dropped += 1;
    const { response } = reader;
    response.end(resetRecord("This reader was too slow: events were left out."));
    const grace = setTimeout(() => response.destroy(), limits.dropGraceMs).unref();
    response.once("close", () => clearTimeout(grace));
    log.warn({ readers: readers.size, dropped }, "A slow reader of the live stream was dropped");
  };

  const flush = (reader: Reader) => {
    if (reader.next < ring.first) return drop(reader);
    while (!reader.blocked) {
      const record = ring.at(reader.next);
      if (record === undefined) return;
      reader.next += 1;
      reader.blocked = !reader.response.write(record);
    }
  };

  const restart = (reader: Reader, reason: string) => {
    reader.next = ring.next;
    reader.blocked = !reader.response.write(resetRecord(reason));
  };

  const pump = async () => {
    while (!closed) {
      await intake.queue.ready();
      for (const item of intake.queue.drain(BATCH_LIMIT)) {
        const shown = show(item);
        if (shown === undefined) continue;
        ring.push(shown.event, shown.data);
        for (const reader of readers) flush(reader);
      }
      await setImmediate();
      if (closed || !intake.lost()) continue;
      intake = live.subscribe(INTAKE_LIMIT);
      ring.breakOff();
      for (const reader of readers) restart(reader, "The monitor could not keep up: events were left out.");
      log.warn({ limit: INTAKE_LIMIT }, "The live stream fell behind and started anew");
    }
  };

  const keepAlive = setInterval(() => {
    for (const reader of readers) if (!reader.blocked) reader.blocked = !reader.response.write(": keep-alive\n\n");
  }, limits.keepAliveMs).unref();

  void pump();

  return {
    admit() {
      if (!closed && readers.size < limits.maxReaders) return;
      throw new Fault("stream_full", `The live stream has ${readers.size} readers, as many as it serves.`, {
        retry: "retryable",
      });
    },
    attach(response, lastEventId) {
      const position = ring.positionAfter(lastEventId);
      const reader: Reader = { response, next: ring.next, blocked: false };
      readers.add(reader);
      response.on("drain", () => {
        reader.blocked = false;
        if (readers.has(reader)) flush(reader);
      });
      response.on("close", () => readers.delete(reader));
      // A socket that breaks closes; the error itself says nothing more.
      response.on("error", () => response.destroy());
      if ("lost" in position) {
        response.write(`retry: ${RETRY_MS}\n\n`);
        restart(reader, position.lost);
      } else {
        reader.next = position.next;
        // An id without data is no event, yet a reader cut off before its first event comes back with it.
        const id = lastEventId === undefined ? ring.lastId() : lastEventId;
        response.write(`retry: ${RETRY_MS}\nid: ${id}\n\n`);
        flush(reader);
      }
    },
    counts: () => ({ readers: readers.size, dropped }),
    close() {
      closed = true;
      clearInterval(keepAlive);
      intake.close();
      for (const reader of readers) reader.response.end();
      readers.clear();
    },
  };
}
