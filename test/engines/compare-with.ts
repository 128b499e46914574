import fc from "fast-check";
import type { Json } from "../../src/events/document.ts";
import type { JsonObject } from "../../src/events/foreign.ts";
import { type Answer, ask, curlOf } from "./compare/ask.ts";
import { type Difference, differenceOf } from "./compare/difference.ts";
import { createEstimates } from "./compare/estimates.ts";
import { corpus } from "./corpus/corpus.ts";
import { mappingOf } from "./corpus/mapping.ts";
import { startElasticsearch } from "./elasticsearch.ts";
import type { EngineName } from "./engine.ts";
import { fieldPool } from "./generate/fields.ts";
import { type Asked, languageParts, type Part } from "./generate/parts.ts";
import { startOpenSearch } from "./opensearch.ts";
import { fill, type Side, startEmbedded } from "./stores.ts";

const START = { opensearch: startOpenSearch, elasticsearch: startElasticsearch };
/** So many pages of hits or of combinations are read behind the first. */
const MORE_PAGES = 2;

/** Sends `runs` generated requests to an engine and to the embedded store; how many parts of the language differ. */
export async function compareWith(input: {
  engine: EngineName;
  runs: number;
  seed: number;
  part: string | undefined;
  signal: AbortSignal;
  say(sentence: string): void;
}): Promise<number> {
  const { engine: name, runs, seed, part: only, signal, say } = input;
  const documents = corpus();
  const mapping = mappingOf(name);
  const engine = await START[name](signal);
  try {
    const embedded = await startEmbedded();
    try {
      for (const side of [engine, embedded]) await fill({ side, mapping, documents });
      let wrong = 0;
      for (const part of languageParts(fieldPool(name, documents))) {
        if (only !== undefined && only !== part.name) continue;
        const isSame = await holdPart({ part, sides: { embedded, engine }, runs, seed, signal, say });
        if (!isSame) wrong += 1;
      }
      return wrong;
    } finally {
      await embedded.stop();
    }
  } finally {
    await engine.stop();
  }
}

type Sides = { embedded: Side; engine: Side };

/** Whether all requests of one part are answered the same; a request that is not is made as small as it gets, and told. */
async function holdPart(input: {
  part: Part;
  sides: Sides;
  runs: number;
  seed: number;
  signal: AbortSignal;
  say(sentence: string): void;
}): Promise<boolean> {
  const { part, sides, runs, seed, signal, say } = input;
  const numRuns = Math.max(1, Math.round(runs * part.share));
  let compared = 0;
  let refused = 0;
  const property = fc.asyncProperty(part.requests, async (asked) => {
    signal.throwIfAborted();
    const { difference, pages, status } = await compareOnce(sides, asked);
    compared += pages;
    if (status >= 400) refused += 1;
    if (difference !== undefined) throw new AnswersDiffer(difference);
  });
  const begunMs = performance.now();
  const result = await fc.check(property, { numRuns, seed, endOnFailure: false });
  signal.throwIfAborted();
  const seconds = ((performance.now() - begunMs) / 1000).toFixed(0);
  const told = `${sides.engine.name}, ${part.name}: ${compared} answers compared (${refused} refusals) in ${seconds} s, seed ${seed}`;
  if (!result.failed) {
    say(told);
    return true;
  }
  const [asked] = result.counterexample ?? [];
  const cause =
    result.errorInstance instanceof AnswersDiffer ? result.errorInstance.difference : String(result.errorInstance);
  say(`${told}: DIFFERENT, path ${result.counterexamplePath}`);
  say(JSON.stringify(cause, undefined, 1));
  if (asked !== undefined) for (const side of [sides.engine, sides.embedded]) say(curlOf(side, asked));
  return false;
}

class AnswersDiffer extends Error {
  readonly difference: Difference;
  constructor(difference: Difference) {
    super(`The answers differ at ${difference.path}`);
    this.difference = difference;
  }
}

/** One request and some pages behind it, until the first difference. */
async function compareOnce(
  { embedded, engine }: Sides,
  first: Asked,
): Promise<{ difference?: Difference; pages: number; status: number }> {
  let asked: Asked | undefined = first;
  let status = 0;
  let pages = 0;
  while (asked !== undefined && pages <= MORE_PAGES) {
    const [own, other]: [Answer, Answer] = await Promise.all([ask(embedded, asked), ask(engine, asked)]);
    pages += 1;
    status = other.status;
    const estimates = createEstimates(embedded, asked);
    const places: [readonly string[], Json, Json][] = [];
    const difference = differenceOf(own, other, (...place) => {
      places.push(place);
      return true;
    });
    if (difference !== undefined) return { difference, pages, status };
    for (const [path, left, right] of places) {
      if (!(await estimates.isNear(path, left, right))) {
        return { difference: { path: path.join("/"), embedded: left, engine: right }, pages, status };
      }
    }
    asked = status === 200 ? nextPage(asked, own.body as JsonObject) : undefined;
  }
  return { pages, status };
}

/** The page behind the last hit, or behind the last combination of a composite; both sides answered the same. */
function nextPage({ body, typedKeys }: Asked, answer: JsonObject): Asked | undefined {
  const hits = (answer["hits"] as { hits: readonly { sort?: readonly Json[] }[] }).hits;
  const after = hits.at(-1)?.sort;
  // Each has its own value for "none", which of a date neither OpenSearch nor Elasticsearch can read again.
  const isReadable = after?.every((value) => value !== null && !/^-?922337203685477/.test(String(value))) ?? false;
  // Of a later page OpenSearch sometimes counts less than of the first.
  const more = { search_after: after ?? [], track_total_hits: false };
  if (isReadable && body["from"] === undefined) return { body: { ...body, ...more }, typedKeys };
  const aggs = (body["aggs"] ?? {}) as Readonly<Record<string, JsonObject>>;
  const [name] = Object.entries(aggs).find(([, one]) => one["composite"] !== undefined) ?? [];
  if (name === undefined || typedKeys) return undefined;
  const key = (answer["aggregations"] as Readonly<Record<string, JsonObject>>)[name]?.["after_key"];
  if (key === undefined) return undefined;
  const one = aggs[name] ?? {};
  const composite = { ...(one["composite"] as JsonObject), after: key };
  return { body: { ...body, aggs: { ...aggs, [name]: { ...one, composite } } }, typedKeys };
}
