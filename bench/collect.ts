import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { createEventStream } from "../src/collect/event-stream.ts";
import { parseNodeUrl } from "../src/collect/node-url.ts";
import { systemClock } from "../src/lib/clock.ts";
import { silentLog } from "../src/lib/log.ts";

/**
 * Events a second from the socket to an emitted envelope, over loopback, with the size of a `single_attestation`.
 * The sender has a thread of its own; its share of the machine is in the figure all the same.
 */
const EVENTS = 512_000;
/** Nodes write events as they come, one at a time; a busy one's pile up in the socket. */
const EVENTS_A_WRITE = [1, 64];

const root = `0x${"cf8e0d4e9587369b".repeat(4)}`;
const attestation = JSON.stringify({
  committee_index: "17",
  attester_index: "884213",
  data: {
    slot: "12345678",
    index: "0",
    beacon_block_root: root,
    source: { epoch: "385801", root },
    target: { epoch: "385802", root },
  },
  signature: `0x${"1b66ac1fb663c9bc59509846d6ec05345bd908eda73e670af888da41af17".repeat(3)}505abcdef012`,
});
const record = `event: single_attestation\ndata: ${attestation}\n\n`;

function send(eventsAWrite: number): void {
  const batch = Buffer.from(record.repeat(eventsAWrite));
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    let left = EVENTS;
    const write = () => {
      while (left > 0) {
        left -= eventsAWrite;
        if (!response.write(batch)) {
          response.once("drain", write);
          return;
        }
      }
    };
    write();
  });
  server.listen(0, "127.0.0.1", () => parentPort?.postMessage((server.address() as AddressInfo).port));
}

async function measure(eventsAWrite: number): Promise<void> {
  const sender = new Worker(new URL(import.meta.url), { workerData: eventsAWrite });
  const port = await new Promise<number>((resolve) => sender.once("message", resolve));
  const stop = new AbortController();
  const clock = systemClock();
  let events = 0;
  let startedUs = 0;
  const done = Promise.withResolvers<void>();
  const cpuBefore = process.cpuUsage();
  const stream = createEventStream({
    node: "bench",
    url: parseNodeUrl(`http://127.0.0.1:${port}`),
    topics: ["single_attestation"],
    clock,
    log: silentLog,
    signal: stop.signal,
    emit(envelope) {
      if (envelope.kind !== "event") return;
      if (events === 0) startedUs = clock.monoUs();
      events += 1;
      if (events === EVENTS) done.resolve();
    },
  });
  await done.promise;
  const seconds = (clock.monoUs() - startedUs) / 1e6;
  const cpu = process.cpuUsage(cpuBefore);
  stop.abort();
  await stream.stopped;
  await sender.terminate();
  const figures = {
    what: "socket to envelope",
    events,
    events_a_write: eventsAWrite,
    bytes_an_event: record.length,
    events_a_second: Math.round(events / seconds),
    megabytes_a_second: Math.round((events * record.length) / seconds / 1e6),
    cpu_us_an_event_sender_included: Number(((cpu.user + cpu.system) / events).toFixed(2)),
    resident_megabytes: Math.round(process.memoryUsage().rss / 1e6),
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

if (!isMainThread) send(workerData as number);
else for (const eventsAWrite of EVENTS_A_WRITE) await measure(eventsAWrite);
