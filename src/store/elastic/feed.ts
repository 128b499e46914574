import { createBackoff } from "../../lib/backoff.ts";
import type { Clock } from "../../lib/clock.ts";
import { Fault, isFault, messageOf } from "../../lib/fault.ts";
import type { Log } from "../../lib/log.ts";
import { sleep } from "../../lib/sleep.ts";
import type { ForeignIndex } from "../foreign/foreign-tables.ts";
import type { Journal } from "../journal.ts";
import type { JournaledDocument } from "../journal-reader.ts";
import { type JournalPoint, listSegments } from "../journal-segments.ts";
import { createBulk } from "./bulk.ts";
import { claimNetwork } from "./claim.ts";
import type { Cluster } from "./cluster.ts";
import { createDelivery } from "./delivery.ts";
import { type Dialect, whoAnswers } from "./dialect.ts";
import { type Engine, withoutCredentials } from "./engine.ts";
import { leaveOutStored } from "./leave-out.ts";
import { type Loader, READ_DOCUMENTS, startLoader } from "./loader.ts";
import { type MadeHow, type MadeIndex, makeForeign } from "./make-foreign.ts";
import type { createOperations, Operation } from "./operations.ts";
import type { PositionFile } from "./position-file.ts";
import { watchPulse } from "./pulse.ts";
import type { Refusals } from "./refusals.ts";
import type { ElasticStoreSettings } from "./settings.ts";
import type { Standing } from "./standing.ts";

/** What brings the journal to the cluster, whatever becomes of it. */
export type Feed = {
  advance(point: JournalPoint): void;
  /**
   * Resolves when the cluster was met for the first time. Rejects with `network_claimed` where it was met and another
   * ethmon writes this network: then nothing is tried any more.
   */
  readonly met: Promise<void>;
  /** Settles when `signal` aborted and nothing is under way. */
  readonly done: Promise<void>;
};

const MAX_WAIT_MS = 5_000;

/**
 * Meets the cluster, prepares and claims it, and loads the journal into it from where that cluster has it. Where
 * another cluster answers behind the same addresses, begins anew with that one. Every trouble is told and passes.
 */
export function startFeed(deps: {
  engine: Engine;
  cluster: Cluster;
  operations: ReturnType<typeof createOperations>;
  journal: Journal;
  journalDirectory: string;
  place: PositionFile;
  directory: string;
  network: string;
  settings: Pick<ElasticStoreSettings, "urls" | "bulk_mb" | "bulk_requests">;
  /** How an index of others was made. */
  foreignIndex: (name: string, signal: AbortSignal) => Promise<ForeignIndex | undefined>;
  isOwn: (name: string) => boolean;
  standing: Standing;
  refusals: Refusals;
  /** The cluster has the journal up to here. */
  onPlace: (position: number) => void;
  onLoaded: (position: number, done: { added: number; indices: ReadonlySet<string> }) => void;
  /** While this holds `network_claimed` ends it; later on it is told and tried again. */
  isStarting: () => boolean;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
}): Feed {
  const { engine, cluster, operations, journal, journalDirectory, place, directory, network, settings } = deps;
  const { foreignIndex, isOwn, standing, refusals, onPlace, onLoaded, isStarting, clock, log, signal } = deps;
  const met = Promise.withResolvers<void>();
  met.promise.catch(() => undefined);
  let loader: Loader | undefined;
  let clusterId = "";

  /** Tries until it is done, or until the cluster says that it never will be. */
  const untilDone = async <T>(work: () => Promise<T>, isFinal: (fault: Fault) => boolean): Promise<T> => {
    const backoff = createBackoff({ firstMs: 200, maxMs: MAX_WAIT_MS });
    while (true) {
      try {
        return await work();
      } catch (error) {
        signal.throwIfAborted();
        if (!isFault(error) || isFinal(error)) throw error;
        standing.note(messageOf(error));
        await sleep(backoff.nextMs(), signal);
        signal.throwIfAborted();
      }
    }
  };

  const meet = async (): Promise<Dialect> => {
    const dialect = await cluster.prepare(signal);
    await claimNetwork({ engine, network, directory, signal });
    return dialect;
  };

  const ensureForeign = (index: MadeIndex) => makeForeign({ engine, cluster, index, log, signal });
  const untilEnsured = async (made: MadeIndex): Promise<string | undefined> => {
    const how = await untilDone(
      () => ensureForeign(made),
      () => false,
    );
    return how.kind === "refused" ? how.reason : undefined;
  };

  const makeIndex = async ({ document }: JournaledDocument): Promise<void> => {
    if ("rows" in document || document.id === undefined) return;
    const { "index.kind": kind, "index.mapping": mapping } = document.fields;
    const made: MadeIndex = {
      name: document.id,
      kind: kind === "stream" ? "stream" : "index",
      mapping: (mapping ?? {}) as ForeignIndex["mapping"],
    };
    delivery.noteMade(made.name, await untilEnsured(made));
    if (standing.awayUs() !== undefined) standing.note(undefined);
  };

  const recheck = async (): Promise<void> => {
    const now = await whoAnswers(engine, signal);
    if (now.clusterId !== clusterId) throw new Fault("cluster_changed", "Another cluster answers.");
  };

  const bulk = createBulk({
    engine,
    onTrouble: standing.note,
    async prepare(missing: readonly Operation[]) {
      cluster.forget();
      const unknown = new Set<string>();
      const refused = new Map<string, string>();
      for (const name of new Set(missing.map(({ index }) => index))) {
        if (isOwn(name)) await cluster.ensureOwn(name, signal);
        else {
          const foreign = await foreignIndex(name, signal);
          const how: MadeHow = foreign === undefined ? { kind: "impossible" } : await ensureForeign(foreign);
          if (how.kind === "impossible") unknown.add(name);
          if (how.kind === "refused") refused.set(name, how.reason);
        }
      }
      return { unknown, refused };
    },
    async recheck(operations, until) {
      await recheck();
      return leaveOutStored({ engine, operations, isNeeded: isOwn, signal: until });
    },
  });

  const delivery = createDelivery({
    operations,
    bulk,
    isOwn,
    async makeAgain(name) {
      const foreign = await untilDone(
        () => foreignIndex(name, signal),
        () => false,
      );
      return foreign === undefined ? undefined : untilEnsured(foreign);
    },
    refusals,
    onTrouble: standing.note,
    clock,
    log,
  });

  /**
   * Up to where a cluster has the journal, and up to where it may have it: an earlier run sent a batch behind what it
   * noted, and everything where nothing can be read of that.
   */
  const placeIn = async (id: string): Promise<{ position: number; uncertainUntil: number }> => {
    const durable = journal.durable().position;
    const [first = durable + 1] = await listSegments(journalDirectory).catch(() => []);
    const last = await place.last();
    const isOther = last !== undefined && last.clusterId !== id;
    if (isOther) log.warn({ from: first }, "Another cluster answers: the journal is sent to it from its beginning");
    if (last === undefined || isOther || last.position > durable)
      return { position: first - 1, uncertainUntil: durable };
    const position = Math.max(first - 1, last.position);
    return { position, uncertainUntil: Math.min(durable, position + 2 * READ_DOCUMENTS) };
  };

  const load = async (): Promise<void> => {
    const dialect = await untilDone(meet, ({ code }) => code === "network_claimed" && isStarting());
    const { distribution, version } = dialect;
    log.info({ distribution, version, urls: settings.urls.map(withoutCredentials) }, "The cluster was prepared");
    clusterId = dialect.clusterId;
    const { position, uncertainUntil } = await placeIn(clusterId);
    await place.write({ clusterId, position });
    onPlace(position);
    let loaded = position;
    const ending = new AbortController();
    const both = AbortSignal.any([signal, ending.signal]);
    loader = startLoader({
      journalDirectory,
      position,
      operations,
      delivery,
      uncertainUntil,
      leaveOut: (made) =>
        untilDone(
          () => leaveOutStored({ engine, operations: made, isNeeded: isOwn, signal: both }),
          () => false,
        ),
      makeIndex,
      async onLoaded(there, done) {
        await place.write({ clusterId, position: there });
        loaded = there;
        onLoaded(there, done);
        void journal.release(there);
        if (standing.awayUs() !== undefined) standing.note(undefined);
      },
      onTrouble: standing.note,
      bulkBytes: settings.bulk_mb * 1e6,
      requests: settings.bulk_requests,
      log,
      signal: both,
    });
    loader.advance(journal.durable());
    standing.note(undefined);
    met.resolve();
    const isIdle = () => loaded >= journal.durable().position;
    const pulse = watchPulse({ isIdle, recheck, onTrouble: standing.note, signal: both });
    try {
      await Promise.race([loader.done, pulse]);
    } finally {
      ending.abort();
      await pulse;
    }
    await loader.done;
  };

  const run = async (): Promise<void> => {
    const backoff = createBackoff({ firstMs: 1_000, maxMs: 60_000 });
    while (!signal.aborted) {
      try {
        await load();
      } catch (error) {
        if (signal.aborted) return;
        if (isFault(error, "network_claimed")) return met.reject(error);
        if (isFault(error, "cluster_changed")) continue;
        // What nobody thought of may pass, too; until then the journal keeps the documents.
        log.error({ error: messageOf(error) }, "The loader ended, and begins again");
        standing.note(messageOf(error));
        await sleep(backoff.nextMs(), signal);
      }
    }
  };

  return { met: met.promise, done: run(), advance: (point) => loader?.advance(point) };
}
