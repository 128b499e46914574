import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { deliveryOf, lateBlock, NIGHT_MS } from "../../../test/rigs/sent-alerts.ts";
import { SMTP_AUTHORITY, type SmtpRig, startSmtp } from "../../../test/rigs/smtp-server.ts";
import { until } from "../../../test/rigs/until.ts";
import type { AlertRecord, DeliveryRecord } from "../../events/alert-records.ts";
import { catalogue } from "../../events/catalogue.ts";
import { systemClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import { openStore } from "../../run/open-store.ts";
import type { Store } from "../../store/store.ts";
import { alertDocument, deliveryDocument } from "../engine/decisions.ts";
import { alertsSchema } from "../schema.ts";
import { compileAction } from "../watch/compile-action.ts";
import { createDeliveryStore } from "./delivery-store.ts";
import { openSending, type Sending } from "./sending.ts";

const clock = systemClock();
const network = "devnet";
const { signal } = new AbortController();
let directory = "";
let store: Store;
let server: SmtpRig;
let stopping = new AbortController();
let outcomes: DeliveryRecord[] = [];
let running: Promise<void> | undefined;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ethmon-sending-"));
  store = await openStore(undefined, { directory, network, datasets: catalogue, clock, log: silentLog });
  server = await startSmtp();
});
afterEach(stop);
afterAll(async () => {
  await server.stop();
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

async function start(changes: object = {}): Promise<Sending> {
  stopping = new AbortController();
  outcomes = [];
  const account = { host: "localhost", port: server.port, from: "a@example.org", to: ["b@example.org"] };
  const sending = await openSending({
    settings: alertsSchema.parse({
      public_url: "https://m.example.org",
      email: { ...account, authority: SMTP_AUTHORITY, ...changes },
    }),
    dataDirectory: directory,
    store,
    write: async () => [],
    network,
    compile: compileAction,
    watchSource: () => undefined,
    onOutcome: (record) => void outcomes.push(record),
    clock,
    log: silentLog,
    signal: stopping.signal,
  });
  running = sending.run();
  return sending;
}

async function stop() {
  stopping.abort(new Error("stopped"));
  await running;
}

const numbered = (number: number) =>
  deliveryOf({
    told: lateBlock({ id: `late-block/${number}`, title: `Slot ${number}` }),
    decided_ms: NIGHT_MS + number,
  });

test("what is durable and not delivered when the program dies is delivered by the next, once and in order", async () => {
  await store.append([3, 1, 2].map((number) => deliveryDocument(numbered(number))));
  server.hang = true;
  await start();
  await until("the first to be under way", async () => server.connections > 0);
  await stop();
  expect(server.mails).toEqual([]);

  server.hang = false;
  await start();
  await until("all to be delivered", () => outcomes.length === 3);
  await stop();
  expect(server.mails.map(({ mail }) => mail.subject)).toEqual(["[high] Slot 1", "[high] Slot 2", "[high] Slot 3"]);

  const stored = createDeliveryStore({ store, network });
  expect(await stored.pending({ limit: 10, signal })).toEqual([]);
  const sending = await start();
  await store.append([deliveryDocument(numbered(4))]);
  sending.outbox.take([numbered(4)]);
  await until("the next to be delivered", () => outcomes.length === 1);
  expect(server.mails).toHaveLength(4);
});

test("the digest is sent at its time, with the alerts of the store, and not again after a restart", async () => {
  const nowMs = clock.nowUs() / 1000;
  const alert = (changes: Partial<AlertRecord>): AlertRecord => ({ ...lateBlock(), told: [], ...changes });
  const hour = 3_600_000;
  await store.append(
    [
      alert({ id: "open", title: "Open", since_ms: nowMs - 48 * hour }),
      alert({ id: "over", title: "Over", state: "over", since_ms: nowMs - 3 * hour, until_ms: nowMs - 2 * hour }),
      alert({ id: "long", title: "Long ago", state: "over", since_ms: nowMs - 99 * hour, until_ms: nowMs - 98 * hour }),
    ].map(alertDocument),
  );
  const before = { id: `_digest/${new Date(nowMs - 24 * hour).toISOString().slice(0, 10)}`, watch: "_digest" };
  await store.append([deliveryDocument({ ...deliveryOf({ told: null }), ...before, status: "delivered" })]);
  const count = server.mails.length;
  await start({ digest_at: "00:00" });
  await until("the digest to come, and to be known as delivered", () => outcomes.length === 1);
  await stop();
  const { mail } = server.mails.at(-1) ?? {};
  expect(mail?.subject).toMatch(/^\[digest\] 1 open, [01] over, /);
  expect(mail?.text).not.toContain("Long ago");
  const sending = await start({ digest_at: "00:00" });
  await until("it to be looked for", () => sending.outbox.state().held === 0);
  await store.append([deliveryDocument(numbered(5))]);
  sending.outbox.take([numbered(5)]);
  await until("the message after it", () => outcomes.length > 0);
  expect(server.mails.slice(count).map(({ mail: { subject } }) => subject)).toEqual([mail?.subject, "[high] Slot 5"]);
});

test("who unsubscribed by a link gets no more of that rule", async () => {
  const sending = await start();
  await sending.unsubscribed.add({ address: "b@example.org", rule: "late-block" });
  await store.append([deliveryDocument(numbered(6))]);
  sending.outbox.take([numbered(6)]);
  await until("its outcome", () => outcomes.length === 1);
  expect(outcomes).toMatchObject([{ status: "silenced", reason: "Everybody has unsubscribed from this rule." }]);
});
