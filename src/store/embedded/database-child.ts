import { createBackoff } from "../../lib/backoff.ts";
import { systemClock } from "../../lib/clock.ts";
import { isFault, messageOf } from "../../lib/fault.ts";
import type { Log } from "../../lib/log.ts";
import { sleep } from "../../lib/sleep.ts";
import type { JournalPoint } from "../journal-segments.ts";
import { type Database, openDatabase } from "./database.ts";
import { isFatal, openFault, queryFault } from "./database-errors.ts";
import { type Loader, startLoader } from "./loader.ts";
import { type DatabaseSettings, type FromDatabase, faultMessage, type ToDatabase } from "./messages.ts";
import { createQueryPool } from "./query-pool.ts";
import { createSearcher, type Searcher } from "./searcher.ts";

/**
 * The process that holds the database: it loads the journal and answers searches. Whatever happens to it, the journal
 * has all; its parent starts it again.
 */

const closing = new AbortController();
const searches = new Map<number, AbortController>();
let point: JournalPoint | undefined;
let loader: Loader | undefined;
let searcher: Searcher | undefined;

const send = (message: FromDatabase, sent = () => {}): void => {
  if (process.connected) process.send?.(message, sent);
};

const log: Log = {
  debug: (fields, sentence) => send({ type: "log", level: "debug", fields, sentence }),
  info: (fields, sentence) => send({ type: "log", level: "info", fields, sentence }),
  warn: (fields, sentence) => send({ type: "log", level: "warn", fields, sentence }),
  error: (fields, sentence) => send({ type: "log", level: "error", fields, sentence }),
  child: () => log,
};

/** Tries until the file can be opened: a lock may be let go, a full disk may get room. */
async function openPatiently(settings: DatabaseSettings): Promise<Database | undefined> {
  const backoff = createBackoff({ firstMs: 250, maxMs: 5000 });
  while (!closing.signal.aborted) {
    try {
      return await openDatabase(settings);
    } catch (error) {
      const fault = openFault(error, settings.file);
      send({ type: "unavailable", fault: faultMessage(fault) });
      if (fault.retry === "final") return undefined;
    }
    await sleep(backoff.nextMs(), closing.signal);
  }
  return undefined;
}

async function run(settings: DatabaseSettings, failures: number): Promise<void> {
  const { namespace, datasets } = settings;
  const database = await openPatiently(settings);
  if (database === undefined) return;
  const pool = createQueryPool({
    connect: database.connect,
    connections: settings.queryConnections,
    limitMs: settings.queryLimitMs,
  });
  searcher = createSearcher({ database, pool, namespace, datasets, clock: systemClock() });
  loader = await startLoader({
    database,
    journalDirectory: settings.journalDirectory,
    namespace,
    datasets,
    commitEveryMs: settings.commitEveryMs,
    failures,
    log,
    onLoaded: (loaded, rows) => send({ type: "loaded", loaded, rows }),
  });
  const { position, rows } = loader.loaded();
  send({ type: "ready", loaded: position, rows });
  if (point !== undefined) loader.advance(point);
  if (closing.signal.aborted) loader.finish();
  await loader.done;
  for (const search of searches.values()) search.abort();
  pool.close();
  database.close();
}

async function search(message: Extract<ToDatabase, { type: "search" }>): Promise<void> {
  const { id, pattern, request } = message;
  const stop = new AbortController();
  searches.set(id, stop);
  try {
    if (searcher === undefined) throw new Error("the database is not open");
    send({ type: "answer", id, response: await searcher.search({ pattern, request, signal: stop.signal }) });
  } catch (error) {
    if (!stop.signal.aborted) send({ type: "refusal", id, fault: faultMessage(queryFault(error)) });
    if (isFault(error) && isFatal(error.cause)) die(error.cause);
  } finally {
    searches.delete(id);
  }
}

/** Without closing anything: a database that failed must not write a checkpoint of what it has in memory. */
function die(error: unknown): void {
  send({ type: "failed", reason: messageOf(error) }, () => process.kill(process.pid, "SIGKILL"));
}

function receive(message: ToDatabase): void {
  switch (message.type) {
    case "start":
      run(message.settings, message.failures).then(() => process.disconnect?.(), die);
      return;
    case "durable":
      point = message.point;
      loader?.advance(point);
      return;
    case "search":
      search(message).catch(die);
      return;
    case "abort":
      searches.get(message.id)?.abort();
      return;
    case "close":
      closing.abort();
      loader?.finish();
      return;
  }
}

process.on("message", receive);
// Without a parent there is nobody to work for. Nothing has to be put in order: every commit stands by itself.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
// A signal of the terminal goes to the whole group; the parent closes this process when it is ready to.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);
