import { readJson } from "../../../collect/bulk/json-text.ts";
import type { Json } from "../../../events/document.ts";
import type { JsonObject } from "../../../events/foreign.ts";
import { illegalArgument, refusal, validationFailed } from "../../../events/refusal.ts";
import type { Clock } from "../../../lib/clock.ts";
import { isAborted } from "../../../lib/fault.ts";
import { errorOf, faultOf } from "../answer.ts";
import { INDICES_PARAMETERS, type IndicesOptions, indicesOptionsOf, readExpansions } from "../index-names.ts";
import type { Names } from "../names.ts";
import type { FaceRoute } from "../route.ts";
import type { SearchBackend } from "../search-backend.ts";
import type { SearchContexts } from "../search-contexts.ts";
import { searchOnce } from "./search-routes.ts";

type One = { index: string | undefined; options: IndicesOptions; body: JsonObject };

const MAX_SEARCHES = 1_000;
/** Searches of one request that the store works on at once. */
const AT_ONCE = 4;

const TUNING = [
  "search_type",
  "preference",
  "routing",
  "request_cache",
  "ccs_minimize_roundtrips",
  "allow_partial_search_results",
  "ignore_throttled",
];

/** `_msearch`: each search is answered in its place, with its own status. */
export function msearchRoutes(deps: {
  search: SearchBackend;
  names: Names;
  contexts: SearchContexts;
  clock: Clock;
}): readonly FaceRoute[] {
  const { clock } = deps;
  return [
    {
      methods: ["GET", "POST"],
      paths: ["/_msearch", "/{index}/_msearch"],
      parameters: [
        ...INDICES_PARAMETERS,
        ...TUNING,
        "typed_keys",
        "rest_total_hits_as_int",
        "max_concurrent_searches",
        "max_concurrent_shard_requests",
        "pre_filter_shard_size",
        "include_named_queries_score",
      ],
      privilege: "read",
      action: "indices:data/read/msearch",
      async handle({ path, parameters, body, signal }) {
        const startedUs = clock.monoUs();
        const typedKeys = parameters.flag("typed_keys") ?? false;
        const totalAsInt = parameters.flag("rest_total_hits_as_int") ?? false;
        const defaults = { index: path["index"], options: indicesOptionsOf(parameters) };
        const searches = readSearches(await body.text(), defaults);
        const responses = await mapped(searches, async (one): Promise<JsonObject> => {
          try {
            const answer = await searchOnce({ deps, ...one, typedKeys, totalAsInt, signal });
            return { ...answer, status: 200 };
          } catch (error) {
            if (isAborted(error)) throw error;
            const { error: told, status } = errorOf(faultOf(error));
            return { error: told, status };
          }
        });
        return { json: { took: Math.round((clock.monoUs() - startedUs) / 1000), responses } };
      },
    },
  ];
}

function readSearches(text: string, defaults: Pick<One, "index" | "options">): readonly One[] {
  if (text === "")
    throw refusal({ type: "parse_exception", reason: "request body or source parameter is required", status: 400 });
  if (!text.endsWith("\n")) throw illegalArgument("The msearch request must be terminated by a newline [\n]");
  const lines = text.split(/\r?\n/).slice(0, -1);
  const searches: One[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const header = lines[at] ?? "";
    const body = lines[at + 1];
    // An empty header is the defaults; an empty line with nothing behind it is the end.
    if (header === "" && body === undefined) break;
    at += 1;
    if (body === undefined) break;
    searches.push({ ...readHeader(header, defaults), body: objectOf(body) });
    if (searches.length > MAX_SEARCHES) throw illegalArgument(`more than [${MAX_SEARCHES}] searches in one request`);
  }
  if (searches.length === 0) throw validationFailed("no requests added");
  return searches;
}

function readHeader(line: string, defaults: Pick<One, "index" | "options">): Pick<One, "index" | "options"> {
  if (line === "") return defaults;
  let { index } = defaults;
  let { ignoreUnavailable, allowNoIndices, expand } = defaults.options;
  for (const [key, value] of Object.entries(objectOf(line))) {
    if (key === "index" || key === "indices") index = wordsOf(value, key).join(",");
    else if (key === "ignore_unavailable" || key === "ignoreUnavailable") ignoreUnavailable = isTrue(value);
    else if (key === "allow_no_indices" || key === "allowNoIndices") allowNoIndices = isTrue(value);
    else if (key === "expand_wildcards" || key === "expandWildcards")
      expand = readExpansions(wordsOf(value, key).flatMap((word) => word.split(",")));
    else if (!TUNING.includes(key)) throw illegalArgument(`key [${key}] is not supported in the metadata section`);
  }
  return { index, options: { ignoreUnavailable, allowNoIndices, expand } };
}

function wordsOf(value: Json, key: string): readonly string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.map((word: Json) => {
    if (typeof word === "string") return word;
    throw illegalArgument(`[${key}] in the metadata section must be a string or a list of them`);
  });
}

function isTrue(value: Json): boolean {
  return value === true || value === "true";
}

function objectOf(line: string): JsonObject {
  const read = readJson(line);
  if ("error" in read) throw refusal({ ...read.error, status: 400 });
  const { value } = read;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw refusal({
    type: "parsing_exception",
    reason: "Expected [START_OBJECT] in a line of the msearch request",
    status: 400,
  });
}

/** Each item's result in its place, a few at once. */
async function mapped<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const at = next;
      next += 1;
      results[at] = await work(items[at] as T);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
