import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { json } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ElasticRig, startElasticRig } from "../../../test/rigs/elastic-rig.ts";
import { IS_LONG } from "../../../test/rigs/repetitions.ts";
import { until } from "../../../test/rigs/until.ts";

const MB = 1_000_000;
/** What the test itself, the client's side of it and the garbage between two collections may take. */
const ROOM_BYTES = 400 * MB;

let rig: ElasticRig;
let watch: { peak(): number; stop(): void };
beforeEach(async () => {
  rig = await startElasticRig({ keepItems: false, config: { max_json_mb: 2, request_seconds: 60 } });
  watch = watchMemory();
});
afterEach(async () => {
  watch.stop();
  await rig.close();
});

/** How far the resident size rose above where it was. */
function watchMemory() {
  const before = process.memoryUsage().rss;
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 5);
  return { peak: () => peak - before, stop: () => clearInterval(timer) };
}

function begin(
  path: string,
  headers: Record<string, string>,
): { sent: ClientRequest; answer: Promise<IncomingMessage> } {
  const sent = request(`${rig.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/x-ndjson", ...headers },
  });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    sent.once("response", resolve);
    sent.once("error", reject);
  });
  return { sent, answer };
}

async function stream(
  path: string,
  body: Iterable<Buffer> | AsyncIterable<Buffer>,
  headers: Record<string, string> = {},
): Promise<{ status: number | undefined; body: unknown }> {
  const { sent, answer } = begin(path, headers);
  // The server may have refused long before the end.
  const sending = pipeline(Readable.from(body), sent).catch(() => undefined);
  const response = await answer;
  const told = await json(response);
  sent.destroy();
  await sending;
  return { status: response.statusCode, body: told };
}

const aliveAndEmpty = async () => {
  expect((await rig.ask("GET", "/")).status).toBe(200);
  const { body } = await rig.bulk('{"index":{"_index":"alive"}}\n{}\n');
  expect(body.errors).toBe(false);
};

const line = Buffer.from(`{"index":{"_index":"t"}}\n${JSON.stringify({ text: "x".repeat(900) })}\n`);
const block = Buffer.concat(Array.from({ length: 100 }, () => line));
function* bytes(total: number): Generator<Buffer> {
  for (let sent = 0; sent < total; sent += block.length) yield block;
}

describe("too much", () => {
  test("a bulk of 200 MB that says so is 413 before anything of it is read", async () => {
    const { sent, answer } = begin("/_bulk", { "content-length": String(200 * MB) });
    sent.on("error", () => {});
    sent.flushHeaders();
    const response = await answer;
    expect(response.statusCode).toBe(413);
    expect(await json(response)).toMatchObject({ status: 413, error: { type: "content_too_long_exception" } });
    sent.destroy();
    expect(rig.sink.writes).toEqual([]);
    await aliveAndEmpty();
  });

  test("a client that sends all 200 MB first reads its 413, too", async () => {
    const { hostname, port } = new URL(rig.url);
    const socket = connect(Number(port), hostname);
    const head = "POST /_bulk HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    socket.write(`${head}Content-Length: ${2000 * block.length}\r\n\r\n`);
    let answer = "";
    socket.on("data", (chunk) => {
      answer += String(chunk);
    });
    await pipeline(Readable.from(bytes(2000 * block.length)), socket, { end: false });
    await until("the answer", () => answer.includes("content_too_long_exception"));
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    // Nothing was left over that would be taken for the next request.
    socket.write("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await until("another answer", () => answer.includes("HTTP/1.1 200 OK"));
    socket.destroy();
    expect(watch.peak()).toBeLessThan(ROOM_BYTES);
    await aliveAndEmpty();
  });

  test("a bulk of 200 MB in chunks ends at the limit, and is never in memory", async () => {
    expect(await stream("/_bulk", bytes(200 * MB))).toMatchObject({ status: 413, body: { status: 413 } });
    expect(watch.peak()).toBeLessThan(ROOM_BYTES);
    expect(Math.max(...rig.sink.writes) * line.length).toBeLessThan(5 * MB);
    await aliveAndEmpty();
  });

  test("a gzip bomb of one line without end is 413", async () => {
    const bomb = Readable.from(zeros(1000 * MB)).pipe(createGzip({ level: 9 }));
    expect(await stream("/_bulk", bomb, { "content-encoding": "gzip" })).toMatchObject({ status: 413 });
    expect(watch.peak()).toBeLessThan(ROOM_BYTES);
    await aliveAndEmpty();
  });

  test("a gzip bomb of small documents is 413", async () => {
    const bomb = Readable.from(bytes(200 * MB)).pipe(createGzip({ level: 1 }));
    expect(await stream("/_bulk", bomb, { "content-encoding": "gzip" })).toMatchObject({ status: 413 });
    expect(watch.peak()).toBeLessThan(ROOM_BYTES);
    await aliveAndEmpty();
  });

  test("a million empty lines and more actions than may be are bounded", async () => {
    await rig.close();
    const mostActions = IS_LONG ? 500_000 : 100_000;
    rig = await startElasticRig({ keepItems: false, config: { max_actions: mostActions } });
    const tiny = Buffer.from('{"index":{"_index":"t"}}\n{}\n'.repeat(2_000));
    function* many() {
      for (let sent = 0; sent < mostActions + 20_000; sent += 2_000) yield tiny;
    }
    expect(await stream("/_bulk?filter_path=errors", many())).toMatchObject({ status: 413 });
    expect(watch.peak()).toBeLessThan(ROOM_BYTES);
    expect(await rig.bulk("\n".repeat(1_000_000))).toMatchObject({ status: 400 });
    await aliveAndEmpty();
  });

  test("many large bodies at once are 429 instead of all in memory, and later ones are taken", async () => {
    await rig.close();
    rig = await startElasticRig({ keepItems: false, config: { memory_mb: 10 } });
    const half = Buffer.alloc(4 * MB, "x");
    const begun = Array.from({ length: 6 }, () => {
      const { sent, answer } = begin("/_bulk", {});
      sent.on("error", () => {});
      sent.write('{"index":{"_index":"t"}}\n{"a":"');
      sent.write(half);
      let status: number | undefined;
      const answered = answer.then((response) => {
        status = response.statusCode;
        return json(response);
      });
      return { sent, answered, status: () => status };
    });
    await until("four refusals", () => begun.filter(({ status }) => status() === 429).length === 4);
    for (const { sent } of begun) sent.end('"}\n');
    await Promise.all(begun.map(({ answered }) => answered));
    expect(begun.map(({ status }) => status()).sort()).toEqual([200, 200, 429, 429, 429, 429]);
    await aliveAndEmpty();
  });

  test("a search of more than its limit is 413", async () => {
    const { status } = await rig.ask("POST", "/_search", { body: `{"query":{"term":{"a":"${"x".repeat(3 * MB)}"}}}` });
    expect(status).toBe(413);
  });
});

async function* zeros(total: number): AsyncGenerator<Buffer> {
  const zero = Buffer.alloc(MB, "0");
  yield Buffer.from('{"index":{"_index":"t"}}\n{"a":');
  for (let sent = 0; sent < total; sent += zero.length) yield zero;
}

describe("malformed", () => {
  test("NDJSON that is none is 400", async () => {
    for (const body of ["garbage\n", '{"index"\n', "\0\0\0\n", '"\n', '{"index":{"_index":"t"}}\n{"x":1}']) {
      expect(await rig.bulk(body)).toMatchObject({ status: 400, body: { status: 400, error: { root_cause: [{}] } } });
    }
    await aliveAndEmpty();
  });

  test("what says it is gzip and is not, or ends too early, is 400", async () => {
    const whole = await new Response(
      Readable.toWeb(Readable.from([block]).pipe(createGzip())) as ReadableStream,
    ).bytes();
    for (const body of [Buffer.from("not gzip at all"), whole.subarray(0, whole.length - 12)]) {
      expect(await rig.bulk(body, "/_bulk", { "content-encoding": "gzip" })).toMatchObject({ status: 400 });
    }
    expect(await rig.bulk(block, "/_bulk", { "content-encoding": "br" })).toMatchObject({ status: 415 });
    await aliveAndEmpty();
  });

  test("deep nesting is the document's own 400, and a search's", async () => {
    const deep = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;
    const { status, body } = await rig.bulk(`{"index":{"_index":"t"}}\n${deep}\n{"index":{"_index":"t"}}\n{}\n`);
    expect([status, body.items[0].index.status, body.items[1].index.status]).toEqual([200, 400, 201]);
    expect(body.items[0].index.error.caused_by.reason).toContain("Document nesting depth (1001)");
    expect(await rig.ask("POST", "/_search", { body: "[".repeat(100_000) })).toMatchObject({ status: 400 });
    await aliveAndEmpty();
  });

  test("names of the prototype are fields like others", async () => {
    await rig.bulk('{"index":{"_index":"t","_id":"__proto__"}}\n{"__proto__":{"polluted":1},"constructor":2}\n');
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    const { body } = await rig.bulk('{"__proto__":{"_index":"t"}}\n{}\n');
    expect(body.error.reason).toContain("but found [__proto__]");
    expect(await rig.bulk('{"index":{"_index":"t","constructor":"x"}}\n{}\n')).toMatchObject({ status: 400 });
  });
});

describe("slow", () => {
  test("a request that trickles in is ended, and others are served meanwhile", async () => {
    await rig.close();
    rig = await startElasticRig({ config: { request_seconds: 1 } });
    const { hostname, port } = new URL(rig.url);
    const trickles = [
      "POST /_bulk HTTP/1.1\r\nHost: localhost\r\nX: ",
      "POST /_bulk HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n",
    ];
    const sockets = trickles.map((head) => {
      const socket = connect(Number(port), hostname);
      let answer = "";
      socket.on("data", (chunk) => {
        answer += String(chunk);
      });
      socket.on("error", () => {});
      socket.write(head);
      const timer = setInterval(() => socket.write("a"), 50);
      const closed = once(socket, "close").then(() => {
        clearInterval(timer);
        return answer;
      });
      return { closed };
    });
    await aliveAndEmpty();
    for (const answer of await Promise.all(sockets.map(({ closed }) => closed)))
      expect(answer).toMatch(/^(HTTP\/1.1 408 |$)/);
    await aliveAndEmpty();
  });

  test("connections over the limit are refused, and one that leaves makes room", async () => {
    await rig.close();
    rig = await startElasticRig({ config: { connections: 3 } });
    const { hostname, port } = new URL(rig.url);
    const sockets = Array.from({ length: 3 }, () => connect(Number(port), hostname).on("error", () => {}));
    await Promise.all(sockets.map((socket) => once(socket, "connect")));
    const late = connect(Number(port), hostname).on("error", () => {});
    await once(late, "close");
    for (const socket of sockets) socket.destroy();
    await until("room", () =>
      rig.ask("GET", "/").then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
  });

  test("a client that leaves in the middle takes nothing with it", async () => {
    const { sent, answer } = begin("/_bulk", {});
    answer.catch(() => {});
    sent.write(block);
    await until("it to be sent", () => sent.writableLength === 0);
    sent.destroy();
    await aliveAndEmpty();
    expect(rig.failures).toEqual([]);
  });
});
