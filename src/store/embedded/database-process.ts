import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createBackoff } from "../../lib/backoff.ts";
import { Fault } from "../../lib/fault.ts";
import type { Log } from "../../lib/log.ts";
import { siblingModule } from "../../lib/sibling.ts";
import { sleep } from "../../lib/sleep.ts";
import type { JournalPoint } from "../journal-segments.ts";
import {
  type Answers,
  type DatabaseSettings,
  type FromDatabase,
  faultOf,
  type Question,
  type ToDatabase,
} from "./messages.ts";
import { createQuestions } from "./questions.ts";

export type DatabaseState = {
  state: "starting" | "ready" | "unavailable";
  reason?: string;
  loaded: number;
  rows: number;
};

export type DatabaseProcess = {
  state(): DatabaseState;
  /** Settles with the first outcome of opening the file: it is ready, or the fault why not. */
  readonly opened: Promise<Fault | undefined>;
  advance(point: JournalPoint): void;
  /** Rejects with `store_unavailable`, `store_closed`, the fault of the answer or the signal's reason. */
  ask<K extends Question["kind"]>(
    question: Extract<Question, { kind: K }>,
    signal?: AbortSignal | undefined,
  ): Promise<Answers[K]>;
  /** The rows there are after some were dropped. */
  noteRows(rows: number): void;
  /** Process id, for its memory; undefined while none runs. */
  pid(): number | undefined;
  /** Lets it load what it was told of, and stop. */
  close(): Promise<void>;
};

/** How long a question waits for a database that is being opened. */
const START_PATIENCE_MS = 5000;
/** What an answer may take beyond the limit of queries before its process is believed to hang. */
const ANSWER_PATIENCE_MS = 5000;
/** Housekeeping waits for the batch that is being loaded, and a loader that failed before begins late. */
const HOUSEKEEPING_PATIENCE_MS: Partial<Record<Question["kind"], number>> = { retain: 60_000, gather: 180_000 };
const CLOSE_PATIENCE_MS = 30_000;
const LAST_WORDS_LENGTH = 2000;

/** Runs the database in a process of its own, since its appender is synchronous, and starts it again when it ends. */
export function startDatabaseProcess(options: {
  settings: DatabaseSettings;
  log: Log;
  onLoaded: (position: number) => void;
  /** Where the journal ended when it was opened: a database further than that belongs to another journal. */
  journalPosition: number;
}): DatabaseProcess {
  const { settings, log, onLoaded } = options;
  const backoff = createBackoff({ firstMs: 50, maxMs: 5000 });
  const closing = new AbortController();
  const { promise: opened, resolve: noteOpened } = Promise.withResolvers<Fault | undefined>();
  let child: ChildProcess | undefined;
  let current: DatabaseState = { state: "starting", loaded: 0, rows: 0 };
  let toldPosition = options.journalPosition;
  let point: JournalPoint | undefined;
  let failures = 0;
  let failure: string | undefined;
  let lastWords = "";
  let wakers: (() => void)[] = [];

  const send = (message: ToDatabase): void => {
    if (child?.connected) child.send(message, () => undefined);
  };
  const questions = createQuestions(send);
  const change = (next: Partial<DatabaseState>): void => {
    const { reason: _, ...rest } = current;
    current = { ...rest, ...next };
    for (const wake of wakers) wake();
    wakers = [];
  };

  const tell = (): void => {
    if (point === undefined || current.state !== "ready") return;
    toldPosition = point.position;
    send({ type: "durable", point });
  };
  const unavailableFault = (reason: string) => new Fault("store_unavailable", reason, { retry: "retryable" });
  const aheadFault = (loaded: number) =>
    unavailableFault(
      `The database ${settings.file} is ahead of the journal (${loaded} > ${toldPosition}): move ${settings.journalDirectory} away`,
    );

  const receive = (message: FromDatabase): void => {
    switch (message.type) {
      case "ready": {
        const { loaded, rows } = message;
        const fault = loaded > toldPosition ? aheadFault(loaded) : undefined;
        if (fault === undefined) {
          const reason = failure === undefined ? {} : { reason: `Nothing was loaded since this failure: ${failure}` };
          change({ state: "ready", loaded, rows, ...reason });
          tell();
          onLoaded(loaded);
        } else {
          log.error({ file: settings.file }, fault.message);
          change({ state: "unavailable", reason: fault.message, loaded, rows });
        }
        noteOpened(fault);
        return;
      }
      case "loaded":
        backoff.reset();
        failures = 0;
        failure = undefined;
        change({ state: "ready", loaded: message.loaded, rows: message.rows });
        onLoaded(message.loaded);
        return;
      case "failed":
        failures += 1;
        failure = message.reason;
        return;
      case "unavailable": {
        const fault = faultOf(message.fault);
        if (current.reason !== fault.message) log.error({ code: fault.code }, fault.message);
        change({ state: "unavailable", reason: fault.message });
        noteOpened(fault);
        return;
      }
      case "answer":
        questions.answer(message.id, message.answer);
        return;
      case "refusal":
        questions.refuse(message.id, faultOf(message.fault));
        return;
      case "log":
        log[message.level](message.fields, message.sentence);
        return;
    }
  };

  const runOnce = (): Promise<void> =>
    new Promise((resolve) => {
      // No flags of the parent's: a test runner's or a debugger's are not for this process. What it is given keeps its
      // memory small: little room for what is young, and the database's threads share the heap that they free.
      const started = fork(fileURLToPath(siblingModule(import.meta.url, "database-child")), [], {
        execArgv: ["--max-semi-space-size=4"],
        env: { ...process.env, MALLOC_ARENA_MAX: "1", MALLOC_TRIM_THRESHOLD_: "1048576" },
        serialization: "json",
        stdio: ["ignore", "ignore", "pipe", "ipc"],
      });
      child = started;
      lastWords = "";
      started.stderr?.setEncoding("utf8").on("data", (text: string) => {
        lastWords = (lastWords + text).slice(-LAST_WORDS_LENGTH);
      });
      started.on("message", (message) => receive(message as FromDatabase));
      let ended = false;
      const end = (how: object) => {
        if (ended) return;
        ended = true;
        child = undefined;
        questions.refuseAll(unavailableFault("The database's process ended before it answered"));
        if (!closing.signal.aborted) {
          log.error({ ...how, failure, lastWords }, "The database's process ended");
          change({ state: "starting", reason: "The database is being opened again" });
        }
        resolve();
      };
      started.on("error", (error) => end({ error: error.message }));
      started.on("exit", (code, signal) => end({ code, signal }));
      send({ type: "start", settings, failures });
    });

  const run = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      await runOnce();
      await sleep(backoff.nextMs(), closing.signal);
    }
  };
  const running = run();

  const untilReady = async (signal: AbortSignal): Promise<void> => {
    while (current.state === "starting" && !signal.aborted && !closing.signal.aborted) {
      await new Promise<void>((resolve) => {
        wakers.push(resolve);
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  };

  return {
    state: () => current,
    opened,
    advance(next) {
      point = next;
      tell();
    },
    async ask(question, signal) {
      signal?.throwIfAborted();
      const patience = AbortSignal.timeout(START_PATIENCE_MS);
      await untilReady(signal === undefined ? patience : AbortSignal.any([signal, patience]));
      signal?.throwIfAborted();
      if (closing.signal.aborted) throw new Fault("store_closed", "The store is closed");
      if (current.state !== "ready") throw unavailableFault(current.reason ?? "The database is being opened");
      const limitMs = HOUSEKEEPING_PATIENCE_MS[question.kind] ?? settings.queryLimitMs + ANSWER_PATIENCE_MS;
      return questions.ask({ question, limitMs, signal });
    },
    noteRows(rows) {
      current = { ...current, rows };
    },
    pid: () => child?.pid,
    async close() {
      closing.abort();
      for (const wake of wakers) wake();
      const stopping = child;
      send({ type: "close" });
      const timer = setTimeout(() => stopping?.kill("SIGKILL"), CLOSE_PATIENCE_MS);
      await running;
      clearTimeout(timer);
    },
  };
}
