import { sleep } from "../../lib/sleep.ts";
import { readDiskUse } from "../embedded/disk-use.ts";
import type { JournalPoint } from "../journal-segments.ts";
import type { DiskUse } from "../store.ts";

/** What of the journal waits for the cluster, and whether there is room for more. */
export type Spool = {
  /** About: as of the last look, and what was written since. */
  bytes(): number;
  isFull(): boolean;
  /** The journal was written up to here. */
  advance(point: JournalPoint): void;
  use(databaseBytes: number): Promise<DiskUse>;
  /** Settles when `signal` aborted. */
  readonly stopped: Promise<void>;
};

const WEIGH_EVERY_MS = 2_000;

/** Weighs the journal's directory every two seconds, which grows while the cluster is away. */
export function watchSpool(deps: {
  journalDirectory: string;
  limitBytes: number;
  position: () => { journaled: number; loaded: number };
  signal: AbortSignal;
}): Spool {
  const { journalDirectory, limitBytes, position, signal } = deps;
  let weighed = 0;
  let since = 0;
  let last: JournalPoint | undefined;

  const use = async (databaseBytes: number): Promise<DiskUse> => {
    const found = await readDiskUse({ file: "", journalDirectory, free: 0, ...position() });
    return { ...found, database: databaseBytes };
  };
  const weigh = async (): Promise<void> => {
    while (!signal.aborted) {
      since = 0;
      weighed = (await use(0)).pending;
      await sleep(WEIGH_EVERY_MS, signal);
    }
  };
  const bytes = () => weighed + since;

  return {
    bytes,
    isFull: () => bytes() > limitBytes,
    advance(point) {
      since += last?.segment === point.segment ? point.offset - last.offset : point.offset;
      last = point;
    },
    use,
    stopped: weigh(),
  };
}
