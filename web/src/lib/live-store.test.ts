import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import type { SlotRecord } from "../../../src/events/derived.ts";
import type { NetworkView } from "../../../src/serve/views.ts";
import { createApi } from "./api.ts";
import { createLiveStore, type LiveStore } from "./live-store.ts";
import { createServerClock } from "./server-clock.ts";
import type { StreamHandlers } from "./stream.ts";

type Answer = { status: number; body: unknown };

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const slotOf = (slot: number, status = "proposed") => ({ slot, status }) as SlotRecord;

const network: NetworkView = {
  name: "minimal",
  genesis_time: Math.floor(Date.now() / 1000) - 30,
  genesis_validators_root: null,
  slot_duration_ms: 3000,
  slots_per_epoch: 8,
  forks: [],
  demo: false,
  now_ms: Date.now(),
};

function answersOf(slots: readonly SlotRecord[]): Record<string, Answer> {
  const ok = (body: unknown): Answer => ({ status: 200, body });
  return {
    "/network": ok({ ...network, now_ms: Date.now() }),
    "/health": {
      status: 503,
      body: { status: "failing", reasons: [{ code: "store", sentence: "The store is down." }] },
    },
    "/nodes": ok({ nodes: [] }),
    "/slots": ok({ slots, next_before: null }),
    "/votes": ok({ votes: [], next_before: null }),
    "/epochs": ok({ epochs: [], next_before: null }),
    "/reorgs": ok({ reorgs: [], next_before: null }),
    "/gaps": ok({ gaps: [], next_before: null }),
    "/alerts": ok({ alerts: [{ id: "late/00/1", state: "open", since_ms: 1 }], next_before: null }),
  };
}

/** A monitor over real HTTP whose answers the test sets, and the page's store with a stream that the test drives. */
async function openStore(answers: Record<string, Answer>, isOwn = true) {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://monitor").pathname;
    asked.push(path);
    const { status, body } = answers[path] ?? { status: 404, body: {} };
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  let handlers: StreamHandlers | undefined;
  const store: LiveStore = createLiveStore({
    api: createApi(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    openStream: (given) => {
      handlers = given;
      return { close: () => undefined };
    },
    isOwn: () => Promise.resolve(isOwn),
    clock: createServerClock(Date.now),
    browserNowMs: Date.now,
    schedule: (flush) => void setTimeout(flush, 0),
  });
  store.start();
  closers.push(() => {
    store.stop();
    server.closeAllConnections();
    server.close();
  });
  if (handlers === undefined) throw new Error("The store opened no stream.");
  return { store, asked, stream: handlers };
}

const ready = (store: LiveStore) => vi.waitFor(() => expect(store.get().phase.kind).toBe("ready"), { timeout: 10_000 });

test("the stream's opening brings everything, also the health that comes with a 503", async () => {
  const { store, stream } = await openStore(answersOf([slotOf(1)]));
  expect(store.get().phase.kind).toBe("loading");
  stream.onOpen(false);
  await ready(store);
  const { state, connection } = store.get();
  expect(connection.kind).toBe("live");
  expect(state.network?.name).toBe("minimal");
  expect(state.slots.get(1)?.status).toBe("proposed");
  expect(state.health?.status).toBe("failing");
});

test("events are taken in together, and those of before the answer survive it", async () => {
  const { store, stream } = await openStore(answersOf([slotOf(1), slotOf(2)]));
  let changes = 0;
  stream.onItem({ event: "slot", data: slotOf(2, "orphaned") });
  stream.onItem({ event: "slot", data: slotOf(3, "pending") });
  store.subscribe(() => {
    changes += 1;
  });
  await vi.waitFor(() => expect(store.get().state.slots.size).toBe(2));
  expect(changes).toBe(1);
  stream.onOpen(false);
  await ready(store);
  expect([...store.get().state.slots.values()].map(({ slot, status }) => `${slot} ${status}`).sort()).toEqual([
    "1 proposed",
    "2 orphaned",
    "3 pending",
  ]);
});

test("a reset fetches everything anew and drops what only the old stream told", async () => {
  const answers = answersOf([slotOf(1)]);
  const { store, stream } = await openStore(answers);
  stream.onOpen(false);
  await ready(store);
  stream.onItem({ event: "slot", data: slotOf(7) });
  await vi.waitFor(() => expect(store.get().state.slots.has(7)).toBe(true));
  Object.assign(answers, answersOf([slotOf(4)]));
  stream.onItem({ event: "reset", data: { reason: "another run" } });
  await vi.waitFor(() => expect([...store.get().state.slots.keys()]).toEqual([4]));
});

test("a stream that resumes where it broke needs no fetch, and the loss is told meanwhile", async () => {
  const { store, stream, asked } = await openStore(answersOf([slotOf(1)]));
  stream.onOpen(false);
  await ready(store);
  stream.onDown();
  expect(store.get().connection.kind).toBe("lost");
  const before = asked.length;
  stream.onOpen(true);
  expect(store.get().connection.kind).toBe("live");
  expect(asked.length).toBe(before);
});

test("a monitor that has reached no node yet is waited for, its nodes say why, and it is shown once it has", async () => {
  const error = { code: "network_unknown", message: "No node has answered yet.", retry: true };
  const nodes = [{ name: "n1", state: "down", reason: "Nothing listens there." }];
  const answers = {
    ...answersOf([slotOf(1)]),
    "/network": { status: 503, body: { error } },
    "/nodes": { status: 200, body: { nodes } },
  };
  const { store, stream } = await openStore(answers);
  stream.onOpen(false);
  await vi.waitFor(() => expect(store.get().phase).toEqual({ kind: "waiting", sentence: "No node has answered yet." }));
  expect([...store.get().state.nodes.values()]).toEqual(nodes);
  Object.assign(answers, answersOf([slotOf(1)]));
  await vi.waitFor(() => expect(store.get().phase.kind).toBe("ready"), { timeout: 10_000 });
});

test("while the store cannot be read, the pages show what arrives, and all of it once it can", async () => {
  const error = { code: "store_unavailable", message: "The cluster takes no documents.", retry: true };
  const answers = { ...answersOf([slotOf(1)]), "/slots": { status: 503, body: { error } } };
  const { store, stream } = await openStore(answers);
  stream.onOpen(false);
  await vi.waitFor(() => expect(store.get().state.network?.name).toBe("minimal"));
  expect(store.get().phase).toEqual({ kind: "waiting", sentence: "The cluster takes no documents." });
  expect(store.get().state.health?.status).toBe("failing");
  stream.onItem({ event: "slot", data: slotOf(2) });
  await vi.waitFor(() => expect([...store.get().state.slots.keys()]).toEqual([2]));
  Object.assign(answers, answersOf([slotOf(1)]));
  await ready(store);
  expect([...store.get().state.slots.keys()].sort()).toEqual([1, 2]);
});

test("a monitor that does not answer is said to be away, in words", async () => {
  const { store, stream } = await openStore({ "/network": { status: 200, body: "<html>" } });
  closers.splice(0).forEach((close) => {
    close();
  });
  stream.onDown();
  await vi.waitFor(() => expect(store.get().phase.kind).toBe("failed"));
  expect(store.get().phase).toMatchObject({ sentence: expect.stringContaining("does not answer") });
  store.stop();
});

test("alerts are fetched, and not asked for where the monitor is public", async () => {
  const own = await openStore(answersOf([]));
  own.stream.onOpen(false);
  await ready(own.store);
  expect([...own.store.get().state.alerts.keys()]).toEqual(["late/00/1"]);
  const open = await openStore(answersOf([]), false);
  open.stream.onOpen(false);
  await ready(open.store);
  expect([open.store.get().state.alerts.size, open.asked.includes("/alerts")]).toEqual([0, false]);
});
