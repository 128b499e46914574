import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { IS_LONG } from "../../../test/rigs/repetitions.ts";
import { systemClock } from "../../lib/clock.ts";
import { isFault } from "../../lib/fault.ts";
import { silentLog } from "../../lib/log.ts";
import { sleep } from "../../lib/sleep.ts";
import type { SearchRequest } from "../../search/request.ts";
import { EVENTS, event, testDatasets } from "../contract-data.ts";
import { createEmbeddedStore } from "./embedded-store.ts";

const DURATION_MS = IS_LONG ? 60_000 : 6_000;
const BALLAST = 30_000;
const BALLAST_FROM = 1_000_000_000;

const longWord = (number: number) => createHash("sha512").update(String(number)).digest("hex").repeat(16);

test(
  "greedy searches neither lose nor double a document, nor stop the loading for good",
  async () => {
    const directory = mkdtempSync(join(tmpdir(), "ethmon-greedy-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const store = await createEmbeddedStore({
      directory,
      network: "testnet",
      datasets: testDatasets,
      clock: systemClock(),
      log: silentLog,
      memoryLimit: "64MB",
      queryLimitMs: 3000,
    });
    onTestFinished(() => store.close());
    for (let from = 0; from < BALLAST; from += 1000) {
      const numbers = Array.from({ length: 1000 }, (_, i) => BALLAST_FROM + from + i);
      await store.append(numbers.map((number) => event(number, { "test.word": longWord(number) })));
    }
    await store.settled(AbortSignal.timeout(30_000));

    const stop = new AbortController();
    const outcomes = new Map<string, number>();
    const greedy = async (): Promise<void> => {
      const request: SearchRequest = { sort: [{ "test.word": "desc" }], size: 10_000 };
      while (!stop.signal.aborted) {
        const outcome = await store.search(EVENTS, request, { signal: stop.signal }).then(
          () => "answered",
          (error: unknown) => (isFault(error) ? error.code : "aborted"),
        );
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
    };
    const searching = Array.from({ length: 4 }, greedy);
    let appended = 0;
    const clock = systemClock();
    const endUs = clock.monoUs() + DURATION_MS * 1000;
    while (clock.monoUs() < endUs) {
      await store.append(Array.from({ length: 200 }, () => event(++appended)));
      await sleep(10);
    }
    stop.abort();
    await Promise.all(searching);
    await store.settled(AbortSignal.timeout(30_000));

    const found: number[] = [];
    let after: SearchRequest["search_after"];
    while (true) {
      const { hits } = await store.search(EVENTS, {
        query: { range: { "test.number": { lt: BALLAST_FROM } } },
        sort: ["_seq"],
        size: 10_000,
        ...(after === undefined ? {} : { search_after: after }),
      });
      found.push(...hits.hits.map(({ _source }) => (_source["test"] as { number: number }).number));
      if (hits.hits.length < 10_000) break;
      after = hits.hits.at(-1)?.sort;
    }
    expect(found).toEqual(Array.from({ length: appended }, (_, i) => i + 1));
    expect(store.state().rows).toBe(appended + BALLAST);
    // Otherwise the searches were not greedy, and this showed nothing.
    expect([...outcomes.keys()].filter((outcome) => outcome !== "answered" && outcome !== "aborted")).not.toEqual([]);
  },
  DURATION_MS + 90_000,
);
