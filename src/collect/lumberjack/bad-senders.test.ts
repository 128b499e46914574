import { afterEach, describe, expect, test } from "vitest";
import {
  compressedFrame,
  jsonFrame,
  type LumberjackClient,
  uint32,
  windowFrame,
} from "../../../test/rigs/lumberjack-client.ts";
import { event, events, type LumberjackRig, startLumberjackRig } from "../../../test/rigs/lumberjack-rig.ts";
import { until } from "../../../test/rigs/until.ts";
import { Fault } from "../../lib/fault.ts";

const rigs: LumberjackRig[] = [];
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close();
});
const startRig = async (options: Parameters<typeof startLumberjackRig>[0] = {}) => {
  const rig = await startLumberjackRig(options);
  rigs.push(rig);
  return rig;
};

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
    await slow.closed;
    clearInterval(trickle);
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

  test("many senders of large events share the memory there is, and all come through", async () => {
    const { sink, connect, server } = await startRig({ limits: { memory_mb: 5, in_flight_mb: 100, batch_events: 3 } });
    const hold = Promise.withResolvers<void>();
    sink.hold = hold.promise;
    const clients = await Promise.all(Array.from({ length: 10 }, () => connect()));
    const large = (at: number) => jsonFrame(at, { ...event(at), large: "x".repeat(1_000_000) });
    for (const client of clients) client.send(windowFrame(3), large(1), large(2), large(3));
    await until("the memory to be taken", () => server.counts().heldBytes > 3_000_000);
    expect(server.counts().heldBytes).toBeLessThanOrEqual(5_000_000);
    hold.resolve();
    await Promise.all(clients.map((client) => client.acked(3)));
    expect(sink.items).toHaveLength(30);
    await until("it to be given back", () => server.counts().heldBytes === 0);
  });

  test("a sender that leaves in the middle of an event gives its memory back", async () => {
    const { connect, server } = await startRig({ limits: { memory_mb: 5 } });
    const client = await connect();
    client.send(windowFrame(1), Buffer.from("2J"), uint32(1), uint32(4_000_000), Buffer.alloc(1000));
    await until("it to be held", () => server.counts().heldBytes === 4_000_000);
    client.socket.destroy();
    await until("it to be given back", () => server.counts().heldBytes === 0);
    expect(server.counts()).toMatchObject({ malformedConnections: 0, open: 0 });
  });

  test("what the store cannot take is not tried again for a sender that is gone", async () => {
    const { sink, connect, server } = await startRig();
    let asked = 0;
    sink.fail = () => {
      asked += 1;
      return new Fault("store_queue_full", "Full.", { retry: "retryable" });
    };
    const client = await connect();
    client.send(windowFrame(1), ...events(1, 1));
    await until("it to be tried", () => asked > 0);
    client.socket.destroy();
    await until("it to be given up", () => server.counts().open === 0 && server.counts().heldBytes === 0);
    expect(sink.items).toEqual([]);
  });
});
