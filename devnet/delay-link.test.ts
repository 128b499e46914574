import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sleep } from "../src/lib/sleep.ts";
import { until } from "../test/rigs/until.ts";
import { type DelayLink, openDelayLink } from "./delay-link.ts";
import { listenOnLoopback } from "./ports.ts";

/** A server that says back what it hears, with a link before it. */
let echo: Server;
let link: DelayLink;
const dialled: Socket[] = [];
/** The link runs in this process: it reads what was written before a timer is due. */
const TAKEN_MS = 20;

beforeEach(async () => {
  echo = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => undefined);
    socket.pipe(socket);
  });
  link = await openDelayLink(await listenOnLoopback(echo));
});
afterEach(async () => {
  for (const socket of dialled.splice(0)) socket.destroy();
  await link.close();
  echo.close();
});

type Dialled = { socket: Socket; heard(): string; closed(): boolean };

function dial(): Dialled {
  const socket = connect({ port: link.port, host: "127.0.0.1", allowHalfOpen: true });
  dialled.push(socket);
  let heard = "";
  let closed = false;
  socket.setEncoding("utf8").on("data", (text: string) => {
    heard += text;
  });
  socket.on("error", () => undefined);
  socket.on("close", () => {
    closed = true;
  });
  return { socket, heard: () => heard, closed: () => closed };
}

test("bytes and the end pass through", async () => {
  const { socket, heard } = dial();
  socket.end("hello");
  await once(socket, "end");
  expect(heard()).toBe("hello");
});

test("each direction has its own delay", async () => {
  link.set({ delayOutMs: 60, delayInMs: 90 });
  const { socket } = dial();
  const startMs = performance.now();
  socket.write("late");
  await once(socket, "data");
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(149);
});

test("order is kept when the delay is taken away while bytes are on their way", async () => {
  link.set({ delayOutMs: 200 });
  const { socket, heard } = dial();
  await once(socket, "connect");
  const startMs = performance.now();
  socket.write("first ");
  await sleep(TAKEN_MS);
  link.set({ delayOutMs: 0 });
  socket.end("second");
  await once(socket, "end");
  expect(heard()).toBe("first second");
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(199);
});

test("a link that is taken down resets what is open and refuses what is new, until it is up again", async () => {
  const before = dial();
  before.socket.write("hello");
  await until("the answer came", () => before.heard() === "hello");
  link.set({ up: false });
  await until("the connection was reset", before.closed);
  const during = dial();
  await until("the connection was refused", during.closed);
  expect(during.heard()).toBe("");
  link.set({ up: true });
  const after = dial();
  after.socket.write("again");
  await until("the answer came again", () => after.heard() === "again");
});

test("what was held back is not delivered after the link was taken down", async () => {
  link.set({ delayInMs: 300 });
  const { socket, heard, closed } = dial();
  await once(socket, "connect");
  socket.write("lost");
  await sleep(TAKEN_MS);
  link.set({ up: false });
  await until("the connection was reset", closed);
  expect(heard()).toBe("");
});
