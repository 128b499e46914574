import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import {
  compressedFrame,
  connectLumberjack,
  jsonFrame,
  type LumberjackClient,
  uint32,
  windowFrame,
} from "../../../test/rigs/lumberjack-client.ts";
import { createMemorySink, type MemorySink } from "../../../test/rigs/memory-sink.ts";
import { until } from "../../../test/rigs/until.ts";
import type { ForeignReject } from "../../events/foreign.ts";
import { systemClock } from "../../lib/clock.ts";
import { Fault } from "../../lib/fault.ts";
import { silentLog } from "../../lib/log.ts";
import { type LumberjackLimits, lumberjackLimitsSchema } from "./limits.ts";
import { createLumberjack, type Lumberjack, type LumberjackTls } from "./server.ts";

type Rig = {
  sink: MemorySink;
  rejects: ForeignReject[];
  server: Lumberjack;
  port: number;
  connect(tls?: Parameters<typeof connectLumberjack>[1]): Promise<LumberjackClient>;
};

const undo: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function startRig(options: { limits?: Partial<LumberjackLimits>; tls?: LumberjackTls } = {}): Promise<Rig> {
  const sink = createMemorySink();
  const rejects: ForeignReject[] = [];
  const server = createLumberjack({
    sink,
    quarantine: async (rejected) => void rejects.push(...rejected),
    limits: lumberjackLimitsSchema.parse(options.limits ?? {}),
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    clock: systemClock(),
    log: silentLog,
  });
  const { port } = await server.listen({ host: "127.0.0.1", port: 0 });
  undo.push(server.close);
  return {
    sink,
    rejects,
    server,
    port,
    async connect(tls) {
      const client = await connectLumberjack(port, tls);
      undo.push(() => client.socket.destroy());
      return client;
    },
  };
}

const event = (n: number) => ({
  "@timestamp": "2026-11-28T00:00:00.000Z",
  "@metadata": metadata,
  message: `line ${n}`,
});
const metadata = { beat: "filebeat", type: "_doc", version: "9.2.0" };
const events = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => jsonFrame(at + 1, event(from + at)));

describe("windows and acknowledgements", () => {
  test("a window is acknowledged with its last event's sequence number, once the sink has it", async () => {
    const { sink, connect } = await startRig();
    const hold = Promise.withResolvers<void>();
    sink.hold = hold.promise;
    const client = await connect();
    client.send(windowFrame(3), ...events(1, 3));
    await until("the sink to be asked", () => sink.largestWrite === 3);
    expect(client.acks).toEqual([]);
    hold.resolve();
    await client.acked(3);
    expect(sink.items.map(({ source }) => source["message"])).toEqual(["line 1", "line 2", "line 3"]);
    expect(sink.items[0]).toMatchObject({ action: "create", index: "filebeat-9.2.0" });
    expect(sink.items[0]?.source).toEqual({ "@timestamp": "2026-11-28T00:00:00.000Z", message: "line 1" });
  });

  test("a sender whose sequence numbers never begin anew gets its own numbers back", async () => {
    const { connect } = await startRig();
    const client = await connect();
    client.send(windowFrame(2), jsonFrame(1, event(1)), jsonFrame(2, event(2)));
    await client.acked(2);
    client.send(windowFrame(2), jsonFrame(3, event(3)), jsonFrame(4, event(4)));
    await client.acked(4);
    expect(client.acks).toEqual([2, 4]);
  });

  test("compressed frames are read, nested ones too, and beside plain ones in one window", async () => {
    const { sink, connect } = await startRig();
    const client = await connect();
    const [first, second, third, fourth, fifth] = events(1, 5);
    client.send(
      windowFrame(5),
      ...[first, compressedFrame(...[second, third].filter((frame) => frame !== undefined))].filter(
        (frame) => frame !== undefined,
      ),
    );
    client.send(compressedFrame(compressedFrame(...[fourth, fifth].filter((frame) => frame !== undefined))));
    await client.acked(5);
    expect(sink.items).toHaveLength(5);
  });

  test("bytes may come one at a time", async () => {
    const { sink, connect } = await startRig();
    const client = await connect();
    client.socket.setNoDelay(true);
    for (const byte of Buffer.concat([windowFrame(2), compressedFrame(...events(1, 2))])) {
      client.socket.write(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    await client.acked(2);
    expect(sink.items).toHaveLength(2);
  });

  test("an empty window is not answered, and does no harm to the next one", async () => {
    const { connect } = await startRig();
    const client = await connect();
    client.send(windowFrame(0), windowFrame(1), ...events(1, 1));
    await client.acked(1);
    expect(client.acks).toEqual([1]);
  });

  test("several windows in flight are acknowledged in order, although the sink ends the later one first", async () => {
    const { sink, connect } = await startRig();
    const first = Promise.withResolvers<void>();
    let asked = 0;
    const write = sink.write;
    sink.write = async (items) => {
      asked += 1;
      if (asked === 1) await first.promise;
      return write(items);
    };
    const client = await connect();
    client.send(windowFrame(2), jsonFrame(1, event(1)), jsonFrame(2, event(2)));
    client.send(windowFrame(2), jsonFrame(3, event(3)), jsonFrame(4, event(4)));
    await until("the second window to be stored", () => sink.items.length === 2);
    expect(client.acks).toEqual([]);
    first.resolve();
    await client.acked(4);
    expect(client.acks).toEqual([2, 4]);
  });

  test("parts of a large window are acknowledged as they become durable", async () => {
    const { sink, connect } = await startRig({ limits: { batch_events: 10 } });
    const client = await connect();
    client.send(windowFrame(25), compressedFrame(...events(1, 25)));
    await client.acked(25);
    expect(client.acks).toEqual([10, 20, 25]);
    expect(sink.writes).toEqual([10, 10, 5]);
  });

  test("while the sink works, the sender is told so again and again", async () => {
    const { sink, connect } = await startRig({ limits: { keep_alive_seconds: 0.02 } });
    const hold = Promise.withResolvers<void>();
    sink.hold = hold.promise;
    const client = await connect();
    client.send(windowFrame(1), ...events(1, 1));
    await until("three keep-alives", () => client.acks.length >= 3);
    expect(new Set(client.acks)).toEqual(new Set([0]));
    hold.resolve();
    await client.acked(1);
    expect(client.acks.at(-1)).toBe(1);
  });
});

describe("the sink", () => {
  test("what it cannot take now is tried again before anything is acknowledged", async () => {
    const { sink, connect, server } = await startRig();
    let refusals = 2;
    sink.refuse = ({ index, source }) => {
      if (source["message"] !== "line 2" || refusals === 0) return undefined;
      refusals -= 1;
      return { status: 429, _index: index, _id: null };
    };
    let failures = 1;
    sink.fail = () => {
      failures -= 1;
      return failures < 0 ? undefined : new Fault("store_queue_full", "Full.", { retry: "retryable" });
    };
    const client = await connect();
    client.send(windowFrame(3), ...events(1, 3));
    await client.acked(3);
    expect(sink.items.map(({ source }) => source["message"])).toEqual(["line 1", "line 3", "line 2"]);
    expect(server.counts()).toMatchObject({ events: 3, stored: 3, rejected: 0 });
  });

  test("what it refuses for good and what is no event goes to quarantine, and is acknowledged", async () => {
    const { sink, rejects, connect, server } = await startRig();
    sink.refuse = ({ index, source }) =>
      source["message"] === "line 2"
        ? {
            status: 400,
            _index: index,
            _id: null,
            error: { type: "mapper_parsing_exception", reason: "failed to parse" },
          }
        : undefined;
    const client = await connect();
    client.send(windowFrame(4), ...events(1, 2), jsonFrame(3, "{broken"), jsonFrame(4, "[1]"));
    await client.acked(4);
    expect(sink.items).toHaveLength(1);
    expect(rejects.map(({ reason, original }) => ({ reason, original }))).toEqual([
      { reason: expect.stringContaining("The event is not JSON"), original: "{broken" },
      { reason: "The event is not a JSON object.", original: "[1]" },
      { reason: "failed to parse", original: expect.stringContaining("line 2") },
    ]);
    expect(rejects[0]?.sender).toBe("lumberjack 127.0.0.1");
    expect(server.counts()).toMatchObject({ stored: 1, rejected: 3 });
  });

  test("an event that it has already is acknowledged", async () => {
    const { sink, connect, server } = await startRig();
    const client = await connect();
    const repeated = { ...event(1), "@metadata": { ...metadata, _id: "a" } };
    client.send(windowFrame(2), jsonFrame(1, repeated), jsonFrame(2, repeated));
    await client.acked(2);
    expect(sink.items).toHaveLength(1);
    expect(server.counts()).toMatchObject({ stored: 1, repeated: 1 });
  });

  test("what can never be written is not acknowledged: the connection ends", async () => {
    const { sink, connect } = await startRig();
    sink.fail = () => new Fault("store_closed", "Closed.");
    const client = await connect();
    client.send(windowFrame(1), ...events(1, 1));
    await client.closed;
    expect(client.acks).toEqual([]);
  });

  test("while it is behind, the socket is not read", async () => {
    const { sink, connect, server } = await startRig({ limits: { in_flight_mb: 0.1, batch_events: 50 } });
    const hold = Promise.withResolvers<void>();
    sink.hold = hold.promise;
    const client = await connect();
    const large = "x".repeat(1000);
    const window = Buffer.concat([
      windowFrame(1000),
      ...Array.from({ length: 1000 }, (_, at) => jsonFrame(at + 1, { ...event(at), large })),
    ]);
    for (let sent = 0; sent < 20; sent += 1) client.socket.write(window);
    await until("the socket to be full", () => client.socket.writableLength > 0 && server.counts().events >= 50);
    expect(server.counts().events).toBeLessThan(200);
    hold.resolve();
    await until("all to come", () => sink.items.length === 20_000);
    expect(sink.largestWrite).toBeLessThanOrEqual(50);
  });
});

describe("bad senders", () => {
  const hostile: [string, (client: LumberjackClient) => void][] = [
    ["another version", (client) => client.send(Buffer.from("1W\0\0\0\u0001"))],
    ["an unknown frame type", (client) => client.send(Buffer.from("2X\0\0\0\u0001"))],
    ["HTTP", (client) => client.send(Buffer.from("GET / HTTP/1.1\r\n\r\n"))],
    ["a window that is too large", (client) => client.send(windowFrame(2 ** 32 - 1))],
    ["an event without a window", (client) => client.send(jsonFrame(1, event(1)))],
    ["more events than the window", (client) => client.send(windowFrame(1), ...events(1, 2))],
    ["a window within a window", (client) => client.send(windowFrame(2), ...events(1, 1), windowFrame(1))],
    [
      "an event of four gigabytes",
      (client) => client.send(windowFrame(1), Buffer.from("2J"), uint32(1), uint32(2 ** 32 - 1)),
    ],
    [
      "a compressed frame of four gigabytes",
      (client) => client.send(windowFrame(1), Buffer.from("2C"), uint32(2 ** 32 - 1)),
    ],
    ["what is not zlib", (client) => client.send(windowFrame(1), Buffer.from("2C"), uint32(4), Buffer.from("none"))],
    ["a window within a compressed frame", (client) => client.send(compressedFrame(windowFrame(1)))],
    [
      "a compressed frame that says it is longer than it is",
      (client) => {
        const frame = compressedFrame(...events(1, 1));
        frame.writeUInt32BE(frame.length - 6 + 20, 2);
        client.send(windowFrame(2), frame, Buffer.alloc(40));
      },
    ],
    [
      "a compressed frame that says it is shorter than it is",
      (client) => {
        const frame = compressedFrame(...events(1, 2));
        frame.writeUInt32BE(frame.length - 6 - 8, 2);
        client.send(windowFrame(2), frame);
      },
    ],
    [
      "an event that is longer than its compressed frame",
      (client) =>
        client.send(windowFrame(1), compressedFrame(Buffer.from("2J"), uint32(1), uint32(1000), Buffer.alloc(9))),
    ],
    [
      "too deep a nest",
      (client) => client.send(windowFrame(1), compressedFrame(compressedFrame(compressedFrame(...events(1, 1))))),
    ],
  ];

  test.each(hostile)("%s ends the connection, and others go on", async (_, misbehave) => {
    const { connect, server } = await startRig();
    const good = await connect();
    good.send(windowFrame(2), ...events(1, 1));
    const bad = await connect();
    misbehave(bad);
    await bad.closed;
    await until("it to be counted", () => server.counts().malformedConnections === 1);
    good.send(jsonFrame(2, event(2)));
    await good.acked(2);
  });

  test("a bomb of compressed zeros within an event ends at the limit, not in memory", async () => {
    const { connect, server } = await startRig({ limits: { event_mb: 1000, window_mb: 20 } });
    const bomb = Buffer.concat([Buffer.from("2J"), uint32(1), uint32(900_000_000), Buffer.alloc(200_000_000)]);
    const frame = compressedFrame(bomb);
    const before = process.memoryUsage().rss;
    const client = await connect();
    client.send(windowFrame(1), frame);
    await client.closed;
    await until("it to be counted", () => server.counts().malformedConnections === 1);
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
  });

  test("a sender that trickles a frame is hung up on, one that is idle between windows is not", async () => {
    const { connect, server } = await startRig({ limits: { frame_seconds: 0.2 } });
    const idle = await connect();
    idle.send(windowFrame(1), ...events(1, 1));
    await idle.acked(1);
    const slow = await connect();
    const frame = Buffer.concat([windowFrame(1), ...events(1, 1)]);
    let at = 0;
    const trickle = setInterval(() => slow.socket.write(frame.subarray(at, ++at)), 20);
    undo.push(() => clearInterval(trickle));
    await slow.closed;
    expect(at).toBeLessThan(frame.length);
    const half = await connect();
    half.send(windowFrame(2), ...events(1, 1));
    await half.closed;
    expect(half.acks).toEqual([]);
    idle.send(windowFrame(1), ...events(1, 1));
    await until("a second acknowledgement", () => idle.acks.length === 2);
    expect(server.counts()).toMatchObject({ malformedConnections: 2, open: 1 });
  });

  test("connections over the limit are refused", async () => {
    const { connect, server } = await startRig({ limits: { connections: 2 } });
    const first = await connect();
    await connect();
    await until("both to be open", () => server.counts().open === 2);
    const third = await connect();
    await third.closed;
    first.send(windowFrame(1), ...events(1, 1));
    await first.acked(1);
    expect(server.counts().refusedConnections).toBe(1);
  });
});

test("a stop acknowledges what was read, then ends every connection", async () => {
  const { sink, connect, server } = await startRig();
  const hold = Promise.withResolvers<void>();
  sink.hold = hold.promise;
  const client = await connect();
  const idle = await connect();
  client.send(windowFrame(2), ...events(1, 2));
  await until("the sink to be asked", () => sink.largestWrite === 2);
  const closing = server.close();
  hold.resolve();
  await closing;
  await Promise.all([client.closed, idle.closed]);
  expect(client.acks).toEqual([2]);
  expect(sink.items).toHaveLength(2);
});

describe("TLS", () => {
  const pem = (name: string) => readFileSync(new URL(`../../../test/data/tls/${name}`, import.meta.url));
  const serverSide = { cert: pem("server.pem"), key: pem("server.key") };

  test("events come through it", async () => {
    const { sink, connect } = await startRig({ tls: serverSide });
    const client = await connect({ ca: pem("ca.pem"), servername: "localhost" });
    client.send(windowFrame(2), compressedFrame(...events(1, 2)));
    await client.acked(2);
    expect(sink.items).toHaveLength(2);
  });

  test("with an authority, only a sender with its certificate comes in", async () => {
    const { sink, connect } = await startRig({ tls: { ...serverSide, ca: pem("ca.pem") } });
    const stranger = await connect({ ca: pem("ca.pem"), servername: "localhost" });
    stranger.send(windowFrame(1), ...events(1, 1));
    await stranger.closed;
    expect(sink.items).toHaveLength(0);
    const known = await connect({
      ca: pem("ca.pem"),
      servername: "localhost",
      cert: pem("client.pem"),
      key: pem("client.key"),
    });
    known.send(windowFrame(1), ...events(1, 1));
    await known.acked(1);
  });
});
