import { type DestinationStream, destination, pino } from "pino";

/** A log line is one past-tense sentence and fields; never one per event. */
export type Log = {
  debug(fields: object, sentence: string): void;
  info(fields: object, sentence: string): void;
  warn(fields: object, sentence: string): void;
  error(fields: object, sentence: string): void;
  child(fields: object): Log;
};

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

/** A JSON-lines log on standard error (standard output belongs to results). */
export function createLog(options: { level: LogLevel; stream?: DestinationStream }): Log {
  return pino(
    { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime, errorKey: "error" },
    options.stream ?? destination({ dest: 2, sync: true }),
  );
}

export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLog,
};
