import { defaultDataDirectory } from "../config/load.ts";
import { Fault } from "../lib/fault.ts";
import { findRunning } from "./ask-running.ts";

/** How a running ethmon is named. */
export type RunningOptions = { url?: string; data?: string; json?: true };

/** The address of the running ethmon that is named, or that uses the data directory; undefined where none runs. */
export async function runningOf({ url, data }: RunningOptions): Promise<string | undefined> {
  return url ?? findRunning(data ?? defaultDataDirectory(process.env));
}

/** The same; throws `none_running`. */
export async function neededRunning(options: RunningOptions): Promise<string> {
  const base = await runningOf(options);
  if (base !== undefined) return base;
  throw new Fault("none_running", "No ethmon runs here, whose rules they are: start one, or name one with --url.");
}

export function print({ json }: Pick<RunningOptions, "json">, value: object, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${lines.join("\n")}\n`);
}
