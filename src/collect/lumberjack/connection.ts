import type { Socket } from "node:net";
import type { ForeignItem, ForeignReject, ForeignSink, Quarantine } from "../../events/foreign.ts";
import type { Clock } from "../../lib/clock.ts";
import type { MemoryBudget } from "../../lib/memory-budget.ts";
import { createAcknowledger } from "./acknowledger.ts";
import { createBytes, cut } from "./bytes.ts";
import { writeDurably } from "./durable-write.ts";
import { readEvent } from "./event-item.ts";
import { type InflateBudget, malformed, readFrames } from "./frames.ts";
import { type LumberjackLimits, MB } from "./limits.ts";
import { patientChunks } from "./patient-chunks.ts";

/** What one server counted since its start. */
export type LumberjackCounts = {
  connections: number;
  refusedConnections: number;
  windows: number;
  events: number;
  stored: number;
  repeated: number;
  rejected: number;
  malformedConnections: number;
};

type Batch = { items: ForeignItem[]; rejects: ForeignReject[]; bytes: number };
type Window = { left: number; bytes: number };

/**
 * Serves one sender until it leaves, or `signal` aborts: then what is read is still written and acknowledged. Windows
 * are acknowledged in order, each with the sequence number of its last event, parts of one as they become durable.
 * Throws `lumberjack_malformed`, `lumberjack_slow`, `lumberjack_cut`, and what the sink can never write.
 */
export async function serveConnection(input: {
  socket: Socket;
  sink: ForeignSink;
  quarantine: Quarantine;
  limits: LumberjackLimits;
  /** What all connections may hold together. */
  memory: MemoryBudget;
  clock: Clock;
  counts: LumberjackCounts;
  /** No more is read. */
  signal: AbortSignal;
  /** What is being written is given up. */
  giveUp: AbortSignal;
}): Promise<void> {
  const { socket, sink, quarantine, limits, memory, clock, counts, signal, giveUp } = input;
  const sender = `lumberjack ${socket.remoteAddress ?? "unknown"}`;
  const budget: InflateBudget = { bytes: 0 };
  const acknowledger = createAcknowledger({ socket, everyMs: limits.keep_alive_seconds * 1000 });
  let window: Window | undefined;
  let batch: Batch = emptyBatch();
  let lastSequence = 0;
  let heldBytes = 0;
  const release = (size: number) => {
    heldBytes -= size;
    memory.release(size);
  };

  const patient = patientChunks({
    socket,
    limitMs: limits.frame_seconds * 1000,
    isIdle: () => window === undefined && bytes.length === 0,
  });
  const bytes = createBytes(patient.chunks);

  // What nobody waits for any more is not tried again: its sender will send it to another connection.
  const gone = new AbortController();
  const unwanted = AbortSignal.any([giveUp, gone.signal]);
  socket.once("close", () => gone.abort(cut()));

  const flush = async (sequence: number) => {
    const { items, rejects, bytes: size } = batch;
    batch = emptyBatch();
    const writing = writeDurably({ items, rejects, sink, quarantine, sender, signal: unwanted, giveUp });
    const written = writing.then((done) => {
      counts.stored += done.stored;
      counts.repeated += done.repeated;
      counts.rejected += done.rejected;
      release(size);
    });
    acknowledger.when(written, { sequence, bytes: size });
    // The socket is not read while too much waits for the store.
    await acknowledger.below(limits.in_flight_mb * MB);
  };

  const makeRoom = (size: number): Promise<void> | undefined => {
    if (!memory.tryReserve(size)) return waitForRoom(size);
    heldBytes += size;
    return undefined;
  };
  const waitForRoom = async (size: number) => {
    // Who waits for memory must not hold any that nothing is done about.
    if (batch.items.length + batch.rejects.length > 0) await flush(lastSequence);
    await memory.reserve(size, unwanted);
    heldBytes += size;
  };

  const take = async (sequence: number, payload: Buffer) => {
    if (window === undefined) throw malformed("an event comes outside of a window");
    window.left -= 1;
    window.bytes += payload.length;
    if (window.bytes > limits.window_mb * MB) throw malformed("a window holds more bytes than the limit");
    counts.events += 1;
    lastSequence = sequence;
    const receivedAtUs = clock.nowUs();
    const read = readEvent(payload, receivedAtUs);
    batch.bytes += payload.length;
    if ("item" in read) batch.items.push(read.item);
    else batch.rejects.push({ ...read, sender, receivedAtUs, original: payload.toString("utf8") });
    const isLast = window.left === 0;
    if (isLast) window = undefined;
    const isFull = batch.items.length + batch.rejects.length >= limits.batch_events;
    if (isLast || isFull || batch.bytes * 2 >= limits.in_flight_mb * MB) await flush(sequence);
  };

  const stop = () => void acknowledger.finished().finally(() => socket.destroySoon());
  signal.addEventListener("abort", stop, { once: true });
  try {
    for await (const frame of readFrames({ bytes, limits, budget, makeRoom })) {
      if (signal.aborted) break;
      patient.progressed();
      if (frame.kind === "event") await take(frame.sequence, frame.payload);
      else if (window !== undefined) throw malformed("a window begins before the one before it is complete");
      else if (frame.size > limits.window_events) throw malformed(`a window of ${frame.size} events is over the limit`);
      else if (frame.size > 0) {
        counts.windows += 1;
        budget.bytes = limits.window_mb * MB;
        window = { left: frame.size, bytes: 0 };
      }
    }
  } catch (error) {
    // An orderly end cuts the sender off wherever it is; what cannot be written does so, too, and is what matters.
    await acknowledger.finished();
    if (!signal.aborted) throw acknowledger.failure() ?? error;
  } finally {
    signal.removeEventListener("abort", stop);
    await acknowledger.finished();
    acknowledger.close();
    // What was begun and never came, and what could not be written.
    memory.release(heldBytes);
  }
}

function emptyBatch(): Batch {
  return { items: [], rejects: [], bytes: 0 };
}
