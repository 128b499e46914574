import { createHash } from "node:crypto";
import { describe, expect, onTestFinished, test } from "vitest";
import { processUse } from "../../../test/rigs/process-use.ts";
import { type StoredFace, startStoredFace } from "../../../test/rigs/stored-face.ts";
import { until } from "../../../test/rigs/until.ts";
import { EVENTS, event } from "../../store/contract-data.ts";
import type { EmbeddedStoreOptions } from "../../store/embedded/embedded-store.ts";

const ROWS = 20_000;
const MANY = 40;
/** A search that is to stop does so between pieces of 2048 rows, for each of which these take a second or so. */
const LIMIT_MS = 300;
/** Longer than the test may take: nothing but a cancellation ends a search in time. */
const NO_LIMIT_MS = 600_000;
const isLinux = process.platform === "linux";

/** 1 KB of letters and digits. */
const longWord = (number: number) => createHash("sha512").update(String(number)).digest("hex").repeat(8);

async function startFull(options: Partial<EmbeddedStoreOptions>): Promise<StoredFace> {
  // A search has the one connection until its SQL has stopped: the next one is answered only if it did.
  const face = await startStoredFace({ memoryLimit: "96MB", queryConnections: 1, ...options });
  onTestFinished(() => face.close());
  for (let from = 0; from < ROWS; from += 1000) {
    const numbers = Array.from({ length: 1000 }, (_, i) => from + i);
    await face.store.append(numbers.map((number) => event(number, { "test.word": longWord(number) })));
  }
  await face.store.settled();
  return face;
}

const many = <T>(make: (n: number) => T): T[] => Array.from({ length: MANY }, (_, n) => make(n));
/** Looks for what is not there, from every place of every word. */
const pattern = (n: number) => `.*[0-9]+[a-f]+.*${n}x.*[a-f]{3,9}.*`;

/** Searches that would take minutes. */
const GREEDY: readonly [string, object][] = [
  ["many regexp", { query: { bool: { should: many((n) => ({ regexp: { "test.word": pattern(n) } })) } } }],
  [
    "many wildcards",
    { query: { bool: { should: many((n) => ({ wildcard: { "test.word": `*a?b*c*d?e*f*${n}*x*` } })) } } },
  ],
  [
    "cardinalities within filters within terms",
    {
      size: 0,
      aggs: {
        rest: {
          histogram: { field: "test.number", interval: 1000 },
          aggs: {
            parts: {
              filters: { filters: many((n) => ({ regexp: { "test.word": { value: pattern(n) } } })) },
              aggs: {
                words: { cardinality: { field: "test.word" } },
                numbers: { cardinality: { field: "test.number" } },
              },
            },
          },
        },
      },
    },
  ],
];

/** The next search is answered, once the one before let go of the connection. */
async function answersAgain({ ask }: StoredFace): Promise<void> {
  const body = { size: 0, track_total_hits: true };
  await until(
    "the next search is answered",
    async () => {
      const answer = await ask("POST", `/${EVENTS}/_search`, { body });
      if (answer.status !== 200) return false;
      expect(answer.body).toMatchObject({ timed_out: false, hits: { total: { value: ROWS } } });
      return true;
    },
    60_000,
  );
}

const processOf = ({ store }: StoredFace) => processUse(store.databasePid() ?? 0);

/** Resolves once the database's process did nothing for a while: SQL that goes on keeps a processor busy. */
async function quiet(face: StoredFace): Promise<void> {
  let before = processOf(face).cpuTicks;
  let still = 0;
  await until("the database's process is at rest", () => {
    const { cpuTicks } = processOf(face);
    still = cpuTicks === before ? still + 1 : 0;
    before = cpuTicks;
    return still >= 10;
  });
}

describe("a search beyond the store's limit", () => {
  test("is refused with 504 and told by name, its SQL is stopped, and the next one is answered", async () => {
    const face = await startFull({ queryLimitMs: LIMIT_MS });
    for (const [words, body] of GREEDY) {
      const reason = `The search took longer than ${LIMIT_MS} ms and was stopped`;
      const cause = { type: "timeout_exception", reason };
      const told = await face.ask("POST", `/${EVENTS}/_search`, { body });
      expect(told.body, words).toMatchObject({ error: { root_cause: [cause] }, status: 504 });
      expect(told.status).toBe(504);
      await answersAgain(face);
    }
    // The request's own `timeout` changes nothing: an answer is whole, never a part with `timed_out`.
    const [, body] = GREEDY[0] ?? [];
    const hasty = await face.ask("POST", `/${EVENTS}/_search?timeout=10ms`, { body });
    expect(hasty).toMatchObject({ status: 504, body: { error: { root_cause: [{ type: "timeout_exception" }] } } });
    const both = [{ index: EVENTS }, body, { index: EVENTS }, { size: 0 }];
    const { responses } = (await face.bulk(both, "/_msearch")).body;
    expect(responses[0]).toMatchObject({ status: 504, error: { root_cause: [{ type: "timeout_exception" }] } });
    await answersAgain(face);
    if (!isLinux) return;
    await quiet(face);
    // What the database may use, and what its process needs beside.
    expect(processOf(face).peakBytes).toBeLessThan(400_000_000);
  }, 120_000);
});

describe("a client that hangs up", () => {
  // That a search is under way is seen by the processor's time that it takes.
  test.runIf(isLinux).each([
    ["_search", GREEDY, (body: object) => ({ path: `/${EVENTS}/_search`, text: JSON.stringify(body) })],
    [
      "_msearch",
      GREEDY.slice(0, 1),
      (body: object) => ({ path: "/_msearch", text: `{"index":"${EVENTS}"}\n${JSON.stringify(body)}\n` }),
    ],
  ])(
    "from %s stops its SQL",
    async (_operation, greedy, request) => {
      const face = await startFull({ queryLimitMs: NO_LIMIT_MS });
      for (const [words, body] of greedy) {
        await answersAgain(face);
        await quiet(face);
        const { cpuTicks } = processOf(face);
        const gone = new AbortController();
        const { path, text } = request(body);
        const headers = { "content-type": "application/json" };
        const asked = fetch(face.url + path, { method: "POST", headers, body: text, signal: gone.signal });
        asked.catch(() => undefined);
        await until(`${words} is under way`, () => processOf(face).cpuTicks > cpuTicks + 30);
        gone.abort();
        await expect(asked).rejects.toMatchObject({ name: "AbortError" });
        await answersAgain(face);
        await quiet(face);
      }
    },
    120_000,
  );
});

test("a search that cannot be stopped ends the database's process, and the next one is answered by a new one", async () => {
  const face = await startFull({ queryLimitMs: 1000, queryStopLimitMs: 1000 });
  const before = face.store.databasePid();
  // Of what an automaton cannot tell, a piece of 2048 rows takes minutes.
  const regexps = many((n) => ({ regexp: { "test.word": `.*a.{200}${n}x.*` } }));
  const told = await face.ask("POST", `/${EVENTS}/_search`, { body: { query: { bool: { should: regexps } } } });
  expect(told).toMatchObject({ status: 504, body: { error: { root_cause: [{ type: "timeout_exception" }] } } });
  await until("another process holds the database", () => {
    const now = face.store.databasePid();
    return now !== undefined && now !== before;
  });
  await answersAgain(face);
}, 120_000);
