import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { health, slotRecord } from "../../../test/rigs/serve-fixtures.ts";
import { type ServeRig, startServeRig } from "../../../test/rigs/serve-rig.ts";
import { openSse, type SseReader } from "../../../test/rigs/sse-reader.ts";
import { createBroadcaster } from "../../lib/broadcast.ts";
import { silentLog } from "../../lib/log.ts";
import type { LiveItem } from "../source.ts";
import { createLiveStream, type StreamLimits } from "./live-stream.ts";

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function serve(stream: Partial<StreamLimits> = {}): Promise<ServeRig> {
  const rig = await startServeRig({ config: { stream } });
  cleanups.push(() => rig.close());
  return rig;
}

async function open(rig: ServeRig, lastEventId?: string, query = ""): Promise<SseReader> {
  const headers: Record<string, string> = lastEventId === undefined ? {} : { "Last-Event-ID": lastEventId };
  const reader = await openSse(`${rig.url}/api/v1/stream${query}`, headers);
  cleanups.push(() => reader.close());
  return reader;
}

const slot = (number: number): LiveItem => ({ event: "slot", data: slotRecord(number) });
const slotsOf = (reader: SseReader) =>
  reader.events.map((event) => (event.data as { slot?: number }).slot ?? event.event);

/** An event of about `bytes` bytes. */
const bulky = (bytes: number): LiveItem => ({
  event: "gap",
  data: { node: "n".repeat(bytes), from_ms: 0, to_ms: 1, cause: "closed" },
});

/** Opens the stream and reads nothing of it. */
async function openWithoutReading(rig: ServeRig): Promise<Socket> {
  const socket = connect(Number(new URL(rig.url).port), "127.0.0.1");
  cleanups.push(() => socket.destroy());
  socket.pause();
  socket.on("error", () => {});
  socket.write("GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await vi.waitFor(async () => expect(await metric(rig, "ethmon_stream_readers")).toBe(1));
  return socket;
}

async function metric(rig: ServeRig, name: string): Promise<number> {
  const { body } = await rig.get("/metrics");
  return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(String(body))?.[1]);
}

/** Publishes until a reader was dropped; the kernel's buffers take a few megabytes first. */
async function publishUntilDropped(rig: ServeRig, item: LiveItem): Promise<number> {
  for (let published = 0; published < 20_000; published += 1) {
    if (published % 50 === 0 && (await metric(rig, "ethmon_stream_readers_dropped_total")) === 1) return published;
    rig.live.publish(item);
    await setImmediate();
  }
  throw new Error("the slow reader was never dropped");
}

describe("the live stream", () => {
  it("sends each change as it happens, with increasing ids, and replays nothing at first", async () => {
    const rig = await serve();
    rig.live.publish(slot(1));
    const reader = await open(rig);
    rig.live.publish(slot(2));
    rig.live.publish({ event: "health", data: health });
    const events = await reader.received(2);
    expect(events.map(({ event, data }) => ({ event, data }))).toEqual([
      { event: "slot", data: slotRecord(2) },
      { event: "health", data: health },
    ]);
    expect(events.map(({ id }) => id?.replace(/^[a-z0-9]+-/, ""))).toEqual(["2", "3"]);
    expect(await rig.get("/metrics")).toMatchObject({ body: expect.stringContaining("ethmon_stream_readers 1\n") });
  });

  it.each(["header", "query"])("goes on after the id that a reader brings in the %s", async (place) => {
    const rig = await serve();
    const first = await open(rig);
    for (const number of [1, 2, 3]) rig.live.publish(slot(number));
    const id = (await first.received(1))[0]?.id ?? "";
    first.close();
    rig.live.publish(slot(4));

    const second = place === "header" ? await open(rig, id) : await open(rig, undefined, `?last_event_id=${id}`);
    rig.live.publish(slot(5));
    await second.received(4);
    expect(slotsOf(second)).toEqual([2, 3, 4, 5]);
  });

  it("gives a reader an id before its first event, so that it misses nothing when it is cut off then", async () => {
    const rig = await serve();
    const first = await open(rig);
    await vi.waitFor(() => expect(first.text()).toMatch(/^id: (\S+)\n\n/m));
    const id = /^id: (\S+)$/m.exec(first.text())?.[1] ?? "";
    expect(first.events).toEqual([]);
    first.close();
    rig.live.publish(slot(1));
    const second = await open(rig, id);
    await second.received(1);
    expect(slotsOf(second)).toEqual([1]);
  });

  it("tells a reader that comes back too late to fetch anew, and reads on from now", async () => {
    const rig = await serve({ maxFrames: 3 });
    const first = await open(rig);
    rig.live.publish(slot(1));
    const id = (await first.received(1))[0]?.id ?? "";
    for (const number of [2, 3, 4, 5]) rig.live.publish(slot(number));
    await first.received(5);

    const second = await open(rig, id);
    rig.live.publish(slot(6));
    await second.received(2);
    expect(slotsOf(second)).toEqual(["reset", 6]);
    expect(second.events[0]?.data).toEqual({ reason: "The events since then are no longer held." });

    const third = await open(rig, second.events[0]?.id);
    await third.received(1);
    expect(slotsOf(third)).toEqual([6]);
  });

  it.each([
    ["of another run", "0a0b0c0d-1", "The monitor was restarted since then."],
    ["that is no id", "garbage", "The monitor was restarted since then."],
  ])("answers an id %s with a reset", async (_, id, reason) => {
    const rig = await serve();
    const reader = await open(rig, id);
    expect((await reader.received(1))[0]).toMatchObject({ event: "reset", data: { reason } });
  });

  it("keeps a quiet connection up with comments", async () => {
    const rig = await serve({ keepAliveMs: 5 });
    const reader = await open(rig);
    await vi.waitFor(() => expect(reader.comments.length).toBeGreaterThan(2));
    expect(reader.events).toEqual([]);
  });

  it("drops a slow reader, tells it so last of all, and serves the others without a loss", async () => {
    const rig = await serve({ maxFrames: 100, maxBytes: 1 << 20, dropGraceMs: 60_000 });
    const socket = await openWithoutReading(rig);
    const healthy = await open(rig);
    const published = await publishUntilDropped(rig, bulky(100_000));
    rig.live.publish(slot(7));

    await healthy.received(published + 1);
    expect(healthy.events.map(({ event }) => event)).toEqual([...Array(published).fill("gap"), "slot"]);
    const sequences = healthy.events.map(({ id }) => Number(id?.split("-")[1]));
    expect(sequences).toEqual(Array.from({ length: published + 1 }, (_, index) => index + 1));

    let text = "";
    socket.on("data", (chunk) => {
      text += String(chunk);
    });
    const ended = new Promise((resolve) => socket.once("close", resolve));
    socket.resume();
    socket.end();
    await ended;
    const received = text.match(/^event: gap$/gm)?.length ?? 0;
    expect(received).toBeGreaterThan(0);
    expect(received).toBeLessThan(published);
    expect(text).toMatch(
      /event: reset\ndata: \{"reason":"This reader was too slow: events were left out\."\}\n\n\r\n0\r\n\r\n$/,
    );
    expect(await metric(rig, "ethmon_stream_readers")).toBe(1);
  });

  it("hangs up on a slow reader that does not take its last word either", async () => {
    const live = createBroadcaster<LiveItem>();
    const limits = { maxFrames: 10, maxBytes: 1 << 20, dropGraceMs: 20 };
    const stream = createLiveStream({ live, log: silentLog, limits });
    const opened = Promise.withResolvers<ServerResponse>();
    const server = createServer((_, response) => {
      stream.attach(response.writeHead(200), undefined);
      opened.resolve(response);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1").pause();
    cleanups.push(
      () => stream.close(),
      () => server.close(),
      () => socket.destroy(),
    );
    socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");

    const response = await opened.promise;
    const closed = once(response, "close");
    while (stream.counts().dropped === 0) {
      live.publish(bulky(100_000));
      await setImmediate();
    }
    expect(response.writableFinished).toBe(false);
    await closed;
    expect(response.writableFinished).toBe(false);
    expect(stream.counts()).toEqual({ readers: 0, dropped: 1 });
  });

  it("tells every reader when it could not keep up itself", async () => {
    const rig = await serve({ maxFrames: 2_000 });
    const reader = await open(rig);
    rig.live.publish(slot(1));
    await reader.received(1);
    for (let number = 0; number < 70_000; number += 1) rig.live.publish({ event: "health", data: health });
    await vi.waitFor(() => expect(reader.events.at(-1)?.event).toBe("reset"));
    const count = reader.events.length;
    rig.live.publish(slot(2));
    await reader.received(count + 1);
    expect(slotsOf(reader).slice(-2)).toEqual(["reset", 2]);

    const returning = await open(rig, reader.events[0]?.id);
    await returning.received(1);
    expect(returning.events[0]?.event).toBe("reset");
  });

  it("admits a bounded number of readers and says when it is full", async () => {
    const rig = await serve({ maxReaders: 2 });
    const [first] = [await open(rig), await open(rig)];
    const refused = await rig.get("/api/v1/stream");
    expect(refused).toMatchObject({ status: 503, body: { error: { code: "stream_full", retry: true } } });
    expect(refused.headers.get("retry-after")).toBe("1");
    first.close();
    await vi.waitFor(async () => expect((await open(rig)).status).toBe(200));
  });
});
