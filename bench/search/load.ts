import { sleep } from "../../src/lib/sleep.ts";
import type { Contestant } from "./contestants.ts";
import type { BenchDocument } from "./documents/day.ts";
import { TEMPLATES } from "./templates.ts";

export type Loaded = {
  documents: number;
  /** Of the `_bulk` bodies. */
  bytes: number;
  /** Until the last document was acknowledged, so was durable; and until all of them were found. */
  durableSeconds: number;
  searchableSeconds: number;
  /** For the form that is searched: OpenSearch's merge to one segment. */
  tidySeconds: number;
  /** Counts that failed between the two. */
  unansweredCounts: number;
  /** Of the store's processes, for all of it; the sender's are not in it. */
  cpuSeconds: number;
};

/** As many documents as a Beat sends at once, over as many connections as its preset `throughput` has. */
const BATCH = 1_600;
const CONNECTIONS = 4;
const ASK_EVERY_MS = 200;
const FIND_LIMIT_MS = 3_600_000;

/** Sends documents `0` to `count` with `_bulk`; they are made meanwhile, and the sender has its share of the machine. */
export async function load(input: {
  contestant: Contestant;
  count: number;
  documentAt: (number: number) => BenchDocument;
  signal: AbortSignal;
}): Promise<Loaded> {
  const { contestant, count, documentAt, signal } = input;
  const { client } = contestant;
  for (const [name, template] of Object.entries(TEMPLATES)) {
    await client.ask("PUT", `/_index_template/${name}`, JSON.stringify(template));
  }
  let next = 0;
  let bytes = 0;
  const send = async () => {
    while (next < count) {
      signal.throwIfAborted();
      const from = next;
      next = Math.min(count, from + BATCH);
      const body = bulkBody(from, next, documentAt);
      bytes += Buffer.byteLength(body);
      const answer = await client.ask("POST", "/_bulk?filter_path=errors,items.*.error", body);
      if (answer.includes('"errors":true')) throw new Error(`${contestant.name} refused: ${answer.slice(0, 500)}`);
    }
  };
  const before = contestant.usage().cpuSeconds;
  const startedMs = performance.now();
  const secondsSince = (fromMs: number) => (performance.now() - fromMs) / 1000;
  await Promise.all(Array.from({ length: CONNECTIONS }, send));
  const durableSeconds = secondsSince(startedMs);
  await contestant.refresh();
  const unansweredCounts = await allAreFound({ contestant, count, signal });
  const searchableSeconds = secondsSince(startedMs);
  const tidyMs = performance.now();
  await contestant.tidy();
  const tidySeconds = secondsSince(tidyMs);
  const cpuSeconds = contestant.usage().cpuSeconds - before;
  return { documents: count, bytes, durableSeconds, searchableSeconds, tidySeconds, unansweredCounts, cpuSeconds };
}

function bulkBody(from: number, to: number, documentAt: (number: number) => BenchDocument): string {
  let body = "";
  for (let number = from; number < to; number += 1) {
    const { index, source } = documentAt(number);
    body += `{"create":{"_index":"${index}"}}\n${JSON.stringify(source)}\n`;
  }
  return body;
}

/** Waits until all documents are found; how often a store that was behind with them did not answer. */
async function allAreFound(input: { contestant: Contestant; count: number; signal: AbortSignal }): Promise<number> {
  const { contestant, count, signal } = input;
  const lastMs = performance.now() + FIND_LIMIT_MS;
  let unanswered = 0;
  for (;;) {
    signal.throwIfAborted();
    const found = await counted(contestant).catch((error: unknown) => {
      if (performance.now() > lastMs) throw error;
      unanswered += 1;
      return 0;
    });
    if (found >= count) return unanswered;
    if (performance.now() > lastMs) throw new Error(`${contestant.name} finds ${found} of ${count} documents.`);
    await sleep(ASK_EVERY_MS);
  }
}

/** In what was loaded alone: the program has documents of its own, too. */
async function counted({ client }: Contestant): Promise<number> {
  const answer = await client.json(
    "GET",
    "/metricbeat-*,filebeat-*,packetbeat-*,chain-records/_count?ignore_unavailable=true",
  );
  return Number(answer["count"]);
}
