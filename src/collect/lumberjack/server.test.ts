import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { compressedFrame, connectLumberjack, jsonFrame, windowFrame } from "../../../test/rigs/lumberjack-client.ts";
import { event, events, type LumberjackRig, metadata, startLumberjackRig } from "../../../test/rigs/lumberjack-rig.ts";
import { createMemorySink } from "../../../test/rigs/memory-sink.ts";
import { until } from "../../../test/rigs/until.ts";
import { systemClock } from "../../lib/clock.ts";
import { Fault } from "../../lib/fault.ts";
import { silentLog } from "../../lib/log.ts";
import { readTlsFiles } from "../../lib/tls-files.ts";
import { lumberjackSchema } from "./limits.ts";
import { createLumberjack } from "./server.ts";

const rigs: LumberjackRig[] = [];
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close();
});
const startRig = async (options: Parameters<typeof startLumberjackRig>[0] = {}) => {
  const rig = await startLumberjackRig(options);
  rigs.push(rig);
  return rig;
};

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

test("a stop does not wait for a store that never answers, and acknowledges nothing of that", async () => {
  const { sink, connect, server } = await startRig({ limits: { close_seconds: 0.05 } });
  sink.hold = new Promise(() => {});
  const client = await connect();
  client.send(windowFrame(1), ...events(1, 1));
  await until("the sink to be asked", () => sink.largestWrite === 1);
  await server.close();
  await client.closed;
  expect(client.acks).toEqual([]);
});

test("an error that nobody foresaw is logged as one, and ends the connection without an acknowledgement", async () => {
  const logged: object[] = [];
  const log = { ...silentLog, error: (fields: object) => void logged.push(fields) };
  const sink = createMemorySink();
  sink.fail = () => new TypeError("undefined is not a function");
  const server = createLumberjack({ ...parts(), sink, log });
  const { port } = await server.listen({ host: "127.0.0.1", port: 0 });
  const client = await connectLumberjack(port);
  client.send(windowFrame(1), ...events(1, 1));
  await client.closed;
  await until("it to be logged", () => logged.length > 0);
  expect(logged).toEqual([{ peer: "127.0.0.1", code: "internal_error", error: "undefined is not a function" }]);
  expect(client.acks).toEqual([]);
  await server.close();
});

test("a TLS handshake that never comes does not hold up a stop", async () => {
  const path = (name: string) => fileURLToPath(new URL(`../../../test/data/tls/${name}`, import.meta.url));
  const tls = await readTlsFiles({ certificate: path("server.pem"), key: path("server.key") });
  const server = createLumberjack({ ...parts(), tls });
  const { port } = await server.listen({ host: "127.0.0.1", port: 0 });
  const silent = await connectLumberjack(port);
  await server.close();
  await silent.closed;
});

describe("TLS", () => {
  const path = (name: string) => fileURLToPath(new URL(`../../../test/data/tls/${name}`, import.meta.url));
  const files = { certificate: path("server.pem"), key: path("server.key") };
  const authority = path("ca.pem");
  const ca = readFileSync(authority);

  test("events come through it", async () => {
    const { sink, connect } = await startRig({ tls: await readTlsFiles(files) });
    const client = await connect({ ca, servername: "localhost" });
    client.send(windowFrame(2), compressedFrame(...events(1, 2)));
    await client.acked(2);
    expect(sink.items).toHaveLength(2);
  });

  test("with an authority, only a sender with its certificate comes in", async () => {
    const { sink, connect } = await startRig({ tls: await readTlsFiles({ ...files, client_authority: authority }) });
    const stranger = await connect({ ca, servername: "localhost" });
    stranger.send(windowFrame(1), ...events(1, 1));
    await stranger.closed;
    expect(sink.items).toHaveLength(0);
    const shown = { cert: readFileSync(path("client.pem")), key: readFileSync(path("client.key")) };
    const known = await connect({ ca, servername: "localhost", ...shown });
    known.send(windowFrame(1), ...events(1, 1));
    await known.acked(1);
  });

  test("a file that cannot be read is told by its path", async () => {
    await expect(readTlsFiles({ ...files, key: "/none.key" })).rejects.toMatchObject({
      code: "tls_unreadable",
      message: expect.stringContaining("/none.key"),
    });
  });
});

describe("the address", () => {
  test("one that others can reach is refused, unless senders must show a certificate", async () => {
    const path = (name: string) => fileURLToPath(new URL(`../../../test/data/tls/${name}`, import.meta.url));
    const files = { certificate: path("server.pem"), key: path("server.key") };
    for (const tls of [undefined, await readTlsFiles(files)]) {
      const { server } = await startRig(tls === undefined ? {} : { tls });
      await expect(server.listen({ host: "0.0.0.0", port: 0 })).rejects.toMatchObject({
        code: "listen_address_refused",
      });
    }
    const tls = await readTlsFiles({ ...files, client_authority: path("ca.pem") });
    const open = createLumberjack({ ...parts(), tls });
    expect((await open.listen({ host: "0.0.0.0", port: 0 })).port).toBeGreaterThan(0);
    await open.close();
  });

  test("one that is in use is told in a sentence, and may be tried again", async () => {
    const taken = createLumberjack(parts());
    const { port } = await taken.listen({ host: "127.0.0.1", port: 0 });
    const late = createLumberjack(parts());
    await expect(late.listen({ host: "127.0.0.1", port })).rejects.toMatchObject({
      code: "address_in_use",
      retry: "retryable",
    });
    await late.close();
    await taken.close();
  });
});

function parts() {
  const { limits } = lumberjackSchema.parse({});
  return { sink: createMemorySink(), quarantine: async () => {}, limits, clock: systemClock(), log: silentLog };
}
