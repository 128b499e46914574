import { messageOf } from "../../src/lib/fault.ts";
import { quantile } from "../../src/lib/statistics.ts";
import type { Client } from "./client.ts";
import type { Contestant } from "./contestants.ts";
import type { JsonObject } from "./documents/day.ts";
import { differenceOf, shapeOf } from "./same-answer.ts";
import type { Search } from "./search-parts.ts";

export type Timed = {
  search: string;
  /** Hits, and buckets of all levels, of the first store's answer. */
  hits: number;
  buckets: number;
  p50Ms: Partial<Record<Contestant["name"], number>>;
  /** Where the two answers are not the same. */
  difference: string | undefined;
  /** What was said the first time that a store did not answer: its time is that until it said so. */
  failure: string | undefined;
};

/** Rounds before the timed ones, in which virtual machines compile and caches fill. */
const WARM_ROUNDS = 3;
/** A question is never asked twice: what is looked at ends this much earlier in each round. */
const ROUND_SHIFT_MS = 1_000;

/**
 * All searches, round after round, each to one store and then to the other; which is asked first changes with the
 * round. The time is that from the request to the last byte of the answer. Answers of the first round are compared.
 */
export async function timeSearches(input: {
  contestants: readonly Contestant[];
  searches: readonly Search[];
  endMs: number;
  repeat: number;
  signal: AbortSignal;
}): Promise<Timed[]> {
  const { contestants, searches, endMs, repeat, signal } = input;
  const times = searches.map(() => contestants.map((): number[] => []));
  const compared: Omit<Timed, "p50Ms" | "failure">[] = [];
  const failures = searches.map((): string | undefined => undefined);
  for (let round = 0; round < WARM_ROUNDS + repeat; round += 1) {
    const order = round % 2 === 0 ? contestants.keys() : [...contestants.keys()].reverse();
    const turns = [...order];
    for (const [place, search] of searches.entries()) {
      const answers: JsonObject[][] = [];
      for (const turn of turns) {
        signal.throwIfAborted();
        const { client } = contestants[turn] as Contestant;
        const { ms, pages, failure } = await carryOut(client, search, endMs - round * ROUND_SHIFT_MS);
        if (round >= WARM_ROUNDS) times[place]?.[turn]?.push(ms);
        answers[turn] = pages;
        failures[place] ??= failure;
      }
      if (round === 0) compared.push({ search: search.name, ...compare(answers) });
    }
  }
  return compared.map((one, place) => ({
    ...one,
    failure: failures[place],
    p50Ms: Object.fromEntries(contestants.map(({ name }, turn) => [name, quantile(times[place]?.[turn] ?? [], 0.5)])),
  }));
}

type Carried = { ms: number; pages: JsonObject[]; failure?: string };

async function carryOut(client: Client, search: Search, untilMs: number): Promise<Carried> {
  const path = `/${search.index}/${search.countsAlone ? "_count" : "_search?request_cache=false"}`;
  const pages: JsonObject[] = [];
  let body = search.body(untilMs);
  let ms = 0;
  for (let page = 0; page < (search.pages ?? 1); page += 1) {
    const text = JSON.stringify(body);
    const startedMs = performance.now();
    const answer = await client.ask("POST", path, text).catch((error: unknown) => error);
    ms += performance.now() - startedMs;
    if (typeof answer !== "string") return { ms, pages, failure: messageOf(answer) };
    pages.push(JSON.parse(answer) as JsonObject);
    body = behind(body, pages.at(-1));
  }
  return { ms, pages };
}

/** The request for the page after an answer's. */
function behind(body: JsonObject, answer: JsonObject | undefined): JsonObject {
  type Paged = { aggregations?: { pages?: { after_key?: JsonObject } }; aggs?: { pages?: { composite: JsonObject } } };
  const after = (answer as Paged).aggregations?.pages?.after_key;
  const pages = (body as Paged).aggs?.pages;
  if (after === undefined || pages === undefined) return body;
  return { ...body, aggs: { pages: { ...pages, composite: { ...pages.composite, after } } } };
}

function compare(answers: readonly JsonObject[][]): Pick<Timed, "hits" | "buckets" | "difference"> {
  const [first = [], second] = answers;
  const shapes = first.map(shapeOf);
  return {
    hits: shapes[0]?.hits ?? 0,
    buckets: shapes.reduce((sum, { buckets }) => sum + buckets, 0),
    difference: second === undefined ? undefined : differenceOf(first, second),
  };
}
