import { deliveryDocument } from "../../src/alert/engine/decisions.ts";
import { alertsSchema } from "../../src/alert/schema.ts";
import { openEmailAccount } from "../../src/alert/send/email-account.ts";
import { createFallback } from "../../src/alert/send/fallback.ts";
import { createOutbox, type Outbox, type OutboxLimits } from "../../src/alert/send/outbox.ts";
import { createRoutes } from "../../src/alert/send/routes.ts";
import { createSenders, knownChannels, type Senders } from "../../src/alert/send/senders.ts";
import { createStormSummary } from "../../src/alert/send/storm-summary.ts";
import { compileAction } from "../../src/alert/watch/compile-action.ts";
import { type DeliveryRecord, deliveryDataset } from "../../src/events/alert-records.ts";
import type { Document } from "../../src/events/document.ts";
import type { ForeignSink, JsonObject } from "../../src/events/foreign.ts";
import type { Log } from "../../src/lib/log.ts";
import { type HttpReceiver, startReceiver } from "./http-receiver.ts";
import { deliveryOf, lateBlock, NIGHT_MS } from "./sent-alerts.ts";
import { SMTP_AUTHORITY, type SmtpRig, startSmtp } from "./smtp-server.ts";

export type OutboxRig = {
  outbox: Outbox;
  /** Deliveries as they are stored now, by id; a restart begins with them. */
  stored: Map<string, DeliveryRecord>;
  /** Outcomes in their order. */
  outcomes: DeliveryRecord[];
  logged: string[];
  nowMs(): number;
  /** Makes deliveries durable and hands them to the outbox. */
  decide(...deliveries: DeliveryRecord[]): void;
  /** Lets time pass, a tick each `stepMs`, as long as what is done in each takes. */
  pass(ms: number, stepMs?: number): Promise<void>;
  /** As a kill: what is under way is lost, what is stored stays. */
  kill(): Promise<void>;
  /** Stores are refused while this is set. */
  refuse: Error | undefined;
  close(): void;
};

/** What a file of tests starts, closed after each of them. */
export function outboxStage() {
  const closers: (() => unknown)[] = [];
  const opened = <T extends object>(one: T, close: (one: T) => unknown): T => {
    closers.push(() => close(one));
    return one;
  };
  return {
    smtp: async (...options: Parameters<typeof startSmtp>) => opened(await startSmtp(...options), (one) => one.stop()),
    receiver: async () => opened(await startReceiver(), (one) => one.stop()),
    outbox: async (...options: Parameters<typeof startOutbox>) =>
      opened(await startOutbox(...options), (one) => one.close()),
    async close() {
      for (const close of closers.splice(0).reverse()) await close();
    },
  };
}

/** The section `email` for a server of the rig. */
export const emailBy = (port: number, more: object = {}) => ({
  host: "localhost",
  port,
  from: "ethmon@example.org",
  to: ["ops@example.org"],
  authority: SMTP_AUTHORITY,
  timeout_seconds: 5,
  ...more,
});

/** Routes with one action `chat`, which says an alert's message. */
export const chatTo = (url: string) => [
  {
    name: "chat",
    actions: { chat: { webhook: { url, method: "post", body: '{"content":"{{ctx.vars.alert.message}}"}' } } },
  },
];

/** A delivery of an alert of its own for each number. */
export const numbered = (number: number, decidedMs = NIGHT_MS) =>
  deliveryOf({ told: lateBlock({ id: `late-block/${number}`, title: `Slot ${number}` }), decided_ms: decidedMs });

export const subjectsOf = (server: SmtpRig) => server.mails.map(({ mail }) => mail.subject);
export const saidTo = (server: HttpReceiver) => server.requests.map(({ body }) => JSON.parse(body).content as string);

/** An outbox with real senders, its store in memory, its time in the test's hands. */
export async function startOutbox(
  settings: Record<string, unknown>,
  options: {
    nowMs?: number;
    stored?: Map<string, DeliveryRecord>;
    limits?: Partial<OutboxLimits>;
    senders?: Partial<Senders>;
    secrets?: Record<string, string>;
    write?: ForeignSink["write"];
    watchSource?: (id: string) => JsonObject | undefined;
    resume?: boolean;
    publicUrl?: string;
  } = {},
): Promise<OutboxRig> {
  const parsed = { ...alertsSchema.parse(settings), secrets: options.secrets ?? {} };
  const account = parsed.email === undefined ? undefined : await openEmailAccount(parsed.email);
  const routes = createRoutes({ settings: parsed, compile: compileAction });
  const stopping = new AbortController();
  const { signal } = stopping;
  const stored = options.stored ?? new Map<string, DeliveryRecord>();
  let nowMs = options.nowMs ?? NIGHT_MS;
  const clock = { nowUs: () => nowMs * 1000, monoUs: () => nowMs * 1000 };
  const outcomes: DeliveryRecord[] = [];
  const logged: string[] = [];
  const log: Log = {
    debug() {},
    info: (_fields, sentence) => void logged.push(sentence),
    warn: (_fields, sentence) => void logged.push(sentence),
    error: (fields, sentence) => void logged.push(`${sentence} ${JSON.stringify(fields)}`),
    child: () => log,
  };
  const put = (documents: readonly Document[]) => {
    for (const document of documents) {
      const record = recordOf(document);
      stored.set(record.id, record);
    }
  };
  const senders = createSenders({
    settings: parsed,
    account,
    routes,
    linkKey: Buffer.alloc(32),
    unsubscribed: { has: () => false },
    write: options.write ?? (async () => []),
    watchSource: options.watchSource ?? (() => undefined),
    log,
  });
  const rig: OutboxRig = {
    outbox: createOutbox({
      senders: { ...senders, ...options.senders },
      known: knownChannels(parsed, routes),
      async keep(documents) {
        if (rig.refuse !== undefined) throw rig.refuse;
        signal.throwIfAborted();
        put(documents);
      },
      pending: async ({ limit }) =>
        [...stored.values()]
          .filter(({ status }) => status === "pending")
          .sort((a, b) => a.decided_ms - b.decided_ms)
          .slice(0, limit),
      onOutcome: (record) => void outcomes.push(record),
      resume: options.resume ?? false,
      fallback: createFallback({ name: parsed.fallback, routes }),
      summaryOf: createStormSummary({ routes, publicUrl: parsed.public_url }),
      limits: { stormPerMinute: parsed.storm_per_minute, ...options.limits },
      clock,
      log,
      signal,
      random: () => 0.5,
    }),
    stored,
    outcomes,
    logged,
    refuse: undefined,
    nowMs: () => nowMs,
    decide(...deliveries) {
      put(deliveries.map(deliveryDocument));
      rig.outbox.take(deliveries);
    },
    async pass(ms, stepMs = 1_000) {
      const untilMs = nowMs + ms;
      while (nowMs < untilMs) {
        nowMs = Math.min(untilMs, nowMs + stepMs);
        rig.outbox.tick();
        await rig.outbox.settled();
      }
    },
    async kill() {
      stopping.abort(new Error("killed"));
      await rig.outbox.settled();
      account?.close();
    },
    close() {
      stopping.abort(new Error("closed"));
      account?.close();
    },
  };
  return rig;
}

/** The record of a stored document, as a search would give it: what is null is left out there. */
function recordOf({ fields }: Document): DeliveryRecord {
  const read = deliveryDataset.columns.map(({ key, name, type }) => {
    const value = fields[name] ?? null;
    return [key, type === "date" && typeof value === "number" ? value / 1000 : structuredClone(value)];
  });
  return Object.fromEntries(read) as DeliveryRecord;
}
