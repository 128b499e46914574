import type { Clock } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import { utcWords } from "../../lib/moment-words.ts";
import type { StoreState } from "../store.ts";

/** Whether the cluster takes documents, and if not why and since when. */
export type Standing = {
  /** Tells what is wrong now; undefined where nothing is. */
  note(trouble: string | undefined): void;
  state(): Pick<StoreState, "state" | "reason">;
  /** How long nothing has gone on, microseconds; undefined where documents are taken. */
  awayUs(): number | undefined;
};

/** What waits for the cluster on this machine. */
export type Backlog = { documents: number; bytes: number; limitBytes: number; isFull: boolean; refused: number };

/** Remembers a cluster's troubles: each is logged once where it begins and once where it ends. */
export function createStanding(deps: { backlog: () => Backlog; clock: Clock; log: Log }): Standing {
  const { backlog, clock, log } = deps;
  let isReady = false;
  let trouble: { why: string; sinceUs: number; sinceMonoUs: number } | undefined;

  return {
    note(why) {
      if (why === undefined) {
        if (trouble !== undefined) {
          const seconds = Math.round((clock.monoUs() - trouble.sinceMonoUs) / 1e6);
          log.info({ seconds, waiting: backlog().documents }, "The cluster took documents again");
        }
        trouble = undefined;
        isReady = true;
      } else if (trouble === undefined) {
        log.error({ reason: why }, "The cluster took no documents");
        trouble = { why, sinceUs: clock.nowUs(), sinceMonoUs: clock.monoUs() };
      } else trouble.why = why;
    },
    state() {
      if (trouble === undefined) return { state: isReady ? "ready" : "starting" };
      const { why, sinceUs } = trouble;
      return { state: "unavailable", reason: sentenceOf(why, sinceUs, backlog()) };
    },
    awayUs: () => (trouble === undefined ? undefined : clock.monoUs() - trouble.sinceMonoUs),
  };
}

function sentenceOf(why: string, sinceUs: number, backlog: Backlog): string {
  const since = utcWords(sinceUs / 1000);
  const { documents, bytes, limitBytes, isFull, refused } = backlog;
  const bound = Number.isFinite(limitBytes) ? ` of ${sizeOf(limitBytes)}` : "";
  const waiting =
    documents === 0
      ? "Nothing waits in the journal."
      : `${documents} ${documents === 1 ? "document waits" : "documents wait"} in the journal (${sizeOf(bytes)}${bound}).`;
  const lost = isFull ? ` The journal is full: ${countOf(refused)} refused since the start.` : "";
  const cause = why.replace(/^The cluster cannot be reached: /, "it cannot be reached, ").replace(/\.$/, "");
  return `The cluster has taken no documents since ${since}: ${cause}. ${waiting}${lost}`;
}

function countOf(documents: number): string {
  return documents === 1 ? "1 document was" : `${documents} documents were`;
}

function sizeOf(bytes: number): string {
  const [unit, size] =
    (
      [
        ["GB", 1e9],
        ["MB", 1e6],
      ] as const
    ).find(([, one]) => bytes >= one) ?? (["kB", 1e3] as const);
  return `${Number((bytes / size).toPrecision(3))} ${unit}`;
}
