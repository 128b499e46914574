import { createBackoff } from "../../lib/backoff.ts";
import { systemClock } from "../../lib/clock.ts";
import { isFault, messageOf } from "../../lib/fault.ts";
import type { Log } from "../../lib/log.ts";
import { sleep } from "../../lib/sleep.ts";
import type { JournalPoint } from "../journal-segments.ts";
import { type Census, createCensus } from "./census.ts";
import { type Database, openDatabase } from "./database.ts";
import { isFatal, openFault, queryFault } from "./database-errors.ts";
import { dropForeign } from "./drop-foreign.ts";
import { createForeignIndices, type ForeignIndices, indexView } from "./foreign-indices.ts";
import { lookUp } from "./foreign-lookup.ts";
import { createGathering, type Gathering } from "./gather-tables.ts";
import { type Loader, startLoader } from "./loader.ts";
import {
  type Answers,
  type DatabaseSettings,
  type FromDatabase,
  faultMessage,
  type Question,
  type ToDatabase,
} from "./messages.ts";
import { createQueryPool, type QueryPool } from "./query-pool.ts";
import { createRetention, type Retention } from "./retain.ts";
import { createSearcher, type Searcher } from "./searcher.ts";
import { createSqlReader, type SqlReader } from "./sql/sql-reader.ts";

/**
 * The process that holds the database: it loads the journal and answers searches. Whatever happens to it, the journal
 * has all; its parent starts it again.
 */

const SQL_CONNECTIONS = 2;

const closing = new AbortController();
const asked = new Map<number, AbortController>();
let point: JournalPoint | undefined;
let loader: Loader | undefined;
let opened:
  | {
      database: Database;
      schema: string;
      indices: ForeignIndices;
      searcher: Searcher;
      sql: SqlReader;
      pool: QueryPool;
      retention: Retention;
      gathering: Gathering;
      census: Census;
    }
  | undefined;

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
  const { namespace, datasets, file, journalDirectory } = settings;
  const database = await openPatiently(settings);
  if (database === undefined) return;
  const poolOf = (connections: number) =>
    createQueryPool({
      connect: database.connect,
      connections,
      limitMs: settings.queryLimitMs,
      stopLimitMs: settings.queryStopLimitMs,
      onStuck: endStuck,
    });
  const pool = poolOf(settings.queryConnections);
  // Queries that people write by hand never take a place of searches.
  const sqlPool = poolOf(SQL_CONNECTIONS);
  const limits = settings.retention;
  const indices = createForeignIndices({ database, schema: namespace });
  const census = createCensus({ datasets, file, journalDirectory });
  opened = {
    database,
    schema: namespace,
    indices,
    pool,
    searcher: createSearcher({ database, pool, namespace, datasets, indices, clock: systemClock() }),
    sql: createSqlReader({
      database,
      pool: sqlPool,
      namespace,
      datasets,
      titles: settings.titles,
      indices,
      clock: systemClock(),
    }),
    retention: createRetention({ database, namespace, datasets, limits, file, journalDirectory, log }),
    gathering: createGathering({
      database,
      schema: namespace,
      file,
      journalDirectory,
      diskBytes: limits?.diskBytes ?? Number.POSITIVE_INFINITY,
      clock: systemClock(),
      log,
      onGathered: census.forget,
    }),
    census,
  };
  loader = await startLoader({
    database,
    journalDirectory,
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
  for (const question of asked.values()) question.abort();
  pool.close();
  sqlPool.close();
  database.close();
}

async function answer(id: number, question: Question): Promise<void> {
  const stop = new AbortController();
  asked.set(id, stop);
  try {
    send({ type: "answer", id, answer: await answerTo(question, stop.signal) });
  } catch (error) {
    if (!stop.signal.aborted) send({ type: "refusal", id, fault: faultMessage(queryFault(error)) });
    if (isFault(error) && isFatal(error.cause)) die(error.cause);
  } finally {
    asked.delete(id);
  }
}

async function answerTo(question: Question, signal: AbortSignal): Promise<Answers[Question["kind"]]> {
  if (loader === undefined || opened === undefined) throw new Error("the database is not open");
  const { searcher, sql, pool, retention, gathering, census, indices, database, schema } = opened;
  const durable = loader.durable();
  switch (question.kind) {
    case "search":
      return searcher.search({ ...question, signal });
    case "indices": {
      const version = indices.version();
      return pool.use(signal, async (run) => [...(await indices.read(run, version)).values()].map(indexView));
    }
    case "lookup":
      return pool.use(signal, (run) => lookUp({ ...question, database, schema, run }));
    case "drop": {
      const { index } = question;
      await loader.between((connection) => dropForeign({ connection, database, schema, index }));
      return { rows: loader.loaded().rows };
    }
    case "sql":
      return sql.query({ ...question, signal });
    case "tables":
      return sql.tables(signal);
    case "use":
      return pool.use(signal, (run) => census.count(run, durable));
    case "retain": {
      const retained = await retention.run(loader, question);
      return { retained, rows: loader.loaded().rows };
    }
    case "gather":
      return gathering.run(loader, { ...question, signal });
  }
}

/** Without closing anything: a database that failed must not write a checkpoint of what it has in memory. */
function die(error: unknown): void {
  send({ type: "failed", reason: messageOf(error) }, () => process.kill(process.pid, "SIGKILL"));
}

/**
 * A search that cannot be stopped holds a connection and processors for as long as it likes: only the end of the process
 * ends it. What was committed stands, and what others asked is answered as retryable.
 */
function endStuck(): void {
  const sentence = "A search could not be stopped: the database's process is started anew";
  send({ type: "log", level: "error", fields: {}, sentence }, () => process.kill(process.pid, "SIGKILL"));
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
    case "ask":
      answer(message.id, message.question).catch(die);
      return;
    case "abort":
      asked.get(message.id)?.abort();
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
