import { join } from "node:path";
import type { DeliveryRecord } from "../../events/alert-records.ts";
import type { ForeignSink, JsonObject } from "../../events/foreign.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import { sleep } from "../../lib/sleep.ts";
import type { Store } from "../../store/store.ts";
import { deliveryDocument } from "../engine/decisions.ts";
import { type AlertSettings, alertsSchema } from "../schema.ts";
import { createDeliveryStore } from "./delivery-store.ts";
import { createDigest } from "./digest.ts";
import { openEmailAccount } from "./email-account.ts";
import { createFallback } from "./fallback.ts";
import { type LinkKey, readLinkKey } from "./links.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import { type CompileAction, createRoutes, type Routes } from "./routes.ts";
import { createSenders, knownChannels } from "./senders.ts";
import { createStormSummary } from "./storm-summary.ts";
import { openUnsubscribed, type Unsubscribed } from "./unsubscribed.ts";

/** All that sends alerts, put together. */
export type Sending = {
  outbox: Outbox;
  routes: Routes;
  /** For pages that links in messages lead to. */
  linkKey: LinkKey;
  unsubscribed: Unsubscribed;
  /** Takes up what a run before left, then sends, retries and makes digests until the signal aborts. */
  run(): Promise<void>;
};

const DIGEST_EVERY_MS = 1_000;

/** Throws `email_account_invalid`, `link_key_invalid`, `unsubscribed_invalid`, and what `compile` throws of a route. */
export async function openSending(deps: {
  /** Undefined where the configuration has no such section: then alerts are logged. */
  settings: AlertSettings | undefined;
  dataDirectory: string;
  store: Pick<Store, "append" | "search" | "settled">;
  /** Takes documents of actions `index`, as `_bulk` does. */
  write: ForeignSink["write"];
  network: string;
  compile: CompileAction;
  /** A watch as it was put: its passwords are in no delivery. */
  watchSource(id: string): JsonObject | undefined;
  onOutcome(record: DeliveryRecord): void;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
}): Promise<Sending> {
  const { dataDirectory, store, write, network, compile, watchSource, onOutcome, clock, log, signal } = deps;
  const settings = deps.settings ?? alertsSchema.parse({});
  const publicUrl = settings.public_url;
  const nowMs = () => clock.nowUs() / 1000;
  const linkKey = await readLinkKey(settings.link_key_file ?? join(dataDirectory, "alert-link.key"));
  const unsubscribed = await openUnsubscribed(join(dataDirectory, "alert-unsubscribed.json"), nowMs);
  const account = settings.email === undefined ? undefined : await openEmailAccount(settings.email);
  signal.addEventListener("abort", () => account?.close(), { once: true });
  const routes = createRoutes({ settings, compile });
  const stored = createDeliveryStore({ store, network });
  const outbox = createOutbox({
    senders: createSenders({
      settings,
      account,
      routes,
      linkKey,
      unsubscribed,
      write,
      watchSource,
      log,
    }),
    known: knownChannels(settings, routes),
    keep: stored.keep,
    pending: stored.pending,
    onOutcome,
    fallback: createFallback({ name: settings.fallback, routes }),
    summaryOf: createStormSummary({ routes, publicUrl }),
    resume: true,
    limits: {
      stormPerMinute: settings.storm_per_minute,
      fallbackAfterMs: settings.fallback_after_minutes * 60_000,
    },
    clock,
    log,
    signal,
  });
  const digest = createDigest({
    at: settings.email?.digest_at,
    startedMs: nowMs(),
    publicUrl,
    alertsSince: stored.alertsSince,
    has: stored.has,
    async send(delivery) {
      await stored.keep([deliveryDocument(delivery)]);
      outbox.take([delivery]);
    },
    log,
    signal,
  });
  const makeDigests = async () => {
    while (!signal.aborted) {
      await digest.tick(nowMs());
      await sleep(DIGEST_EVERY_MS, signal);
    }
  };

  return {
    outbox,
    routes,
    linkKey,
    unsubscribed,
    async run() {
      await Promise.all([outbox.run(), makeDigests()]);
    },
  };
}
