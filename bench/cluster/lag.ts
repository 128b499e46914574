import { setTimeout as wait } from "node:timers/promises";
import type { Client } from "../search/client.ts";

/** Topics whose documents carry the moment of their arrival, and come with each slot from each node. */
const STREAMS = ["ethereum.head", "ethereum.block", "ethereum.block_gossip"];
/** The figures are up to so much too large. */
const ASK_EVERY_MS = 100;
const MOST = 10_000;

export type Lag = {
  documents: number;
  p50Ms: number;
  p99Ms: number;
  mostMs: number;
  /** Searches that failed: an index that was just made has no shard yet. */
  unanswered: number;
};

type Hits = { hits: { hits: { fields: { _seq: [number]; "@timestamp": [string] } }[] } };

/**
 * Asks the cluster again and again for documents that were not found before, and takes the time from their arrival at
 * the monitor. What is there already does not count. `stop` says what was found.
 */
export async function watchLag(client: Client): Promise<{ stop(): Promise<Lag> }> {
  const stopping = new AbortController();
  const lagsMs: number[] = [];
  let unanswered = 0;
  const watched = await Promise.all(
    STREAMS.map(async (stream) => {
      const path = `/logs-${stream}-*/_search`;
      const found = async (after: number) => {
        const answer = (await client.json("POST", path, {
          size: MOST,
          _source: false,
          query: { range: { _seq: { gt: after } } },
          sort: [{ _seq: "asc" }],
          docvalue_fields: ["_seq", { field: "@timestamp", format: "strict_date_optional_time" }],
        })) as Hits;
        return answer.hits.hits.map(({ fields }) => ({
          seq: fields._seq[0],
          atMs: Date.parse(fields["@timestamp"][0]),
        }));
      };
      const foundOrNone = (after: number) =>
        found(after).catch(() => {
          unanswered += 1;
          return [];
        });
      let last = (await found(0)).at(-1)?.seq ?? 0;
      return async () => {
        while (!stopping.signal.aborted) {
          const fresh = await foundOrNone(last);
          const nowMs = performance.timeOrigin + performance.now();
          last = fresh.at(-1)?.seq ?? last;
          for (const { atMs } of fresh) lagsMs.push(nowMs - atMs);
          await wait(ASK_EVERY_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
        }
      };
    }),
  );
  const running = Promise.all(watched.map((watch) => watch()));
  return {
    async stop() {
      stopping.abort();
      await running;
      const sorted = lagsMs.toSorted((a, b) => a - b);
      const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
      return { documents: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99), mostMs: at(1), unanswered };
    },
  };
}
