import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../src/lib/clock.ts";

/** A line of faults.jsonl: what was done to the network, and when. `slot` has the part that was over. */
export type FaultLine = { t_ms: number; slot: number; kind: string; node?: string } & Readonly<Record<string, unknown>>;

export type FaultLog = {
  file: string;
  note(kind: string, fields?: Readonly<Record<string, unknown>>): FaultLine;
};

/** Starts faults.jsonl in a directory; each line is on disk when `note` returns. */
export function createFaultLog(input: {
  directory: string;
  clock: Clock;
  slotNow(): number;
  onLine?(line: FaultLine): void;
}): FaultLog {
  const { directory, clock, slotNow, onLine } = input;
  const file = join(directory, "faults.jsonl");
  writeFileSync(file, "");
  return {
    file,
    note(kind, fields = {}) {
      const line: FaultLine = { t_ms: clock.nowUs() / 1000, slot: Number(slotNow().toFixed(3)), kind, ...fields };
      appendFileSync(file, `${JSON.stringify(line)}\n`);
      onLine?.(line);
      return line;
    },
  };
}
