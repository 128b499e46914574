import type { Dataset } from "../../events/dataset.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { indexName } from "../../search/index-pattern.ts";
import type { ForeignIndex } from "../foreign/foreign-tables.ts";
import { askByNames } from "./by-names.ts";
import { foreignMapping } from "./cluster.ts";
import type { Dialect } from "./dialect.ts";
import type { Engine, EngineObject, EngineRequest } from "./engine.ts";
import type { Finding } from "./finding.ts";
import { indexNames, isPattern } from "./index-names.ts";
import { fieldDifferences } from "./mapping-fields.ts";
import { elasticMapping, SEQ_FIELD } from "./own-template.ts";
import { plain, streamOf } from "./search.ts";

type Wanted = { name: string; kind: "stream" | "index"; mapping: JsonObject; isForeign: boolean };

/** Asks about all of the indices. */
type Asking = (what: string, request: (path: string) => EngineRequest) => Promise<EngineObject[]>;

/** Named in a sentence at most. */
const MAX_NAMES = 3;

/**
 * Where indices of the cluster are of another kind, or have other fields, than the catalogue and what is known of the
 * indices of others say; and documents that others wrote into ours. Rejects with `engine_*`.
 */
export async function checkIndices(input: {
  engine: Engine;
  datasets: readonly Dataset[];
  network: string;
  foreign: readonly ForeignIndex[];
  dialect: Dialect;
  signal: AbortSignal;
}): Promise<Finding[]> {
  const { engine, datasets, network, foreign, dialect, signal } = input;
  const wanted: Wanted[] = [
    ...datasets.map((dataset) => ({
      name: indexName(dataset, network),
      kind: dataset.kind,
      mapping: elasticMapping(dataset, dialect),
      isForeign: false,
    })),
    ...foreign.map(({ name, kind, mapping }) => ({
      name,
      kind,
      mapping: foreignMapping(mapping, dialect),
      isForeign: true,
    })),
  ];
  const names = indexNames(network, foreign);
  const query = { ignore_unavailable: true, allow_no_indices: true };
  const ask: Asking = (what, request) =>
    askByNames({ engine, names, isNeeded: isPattern, request: (path) => ({ ...request(path), query, signal }), what });
  const mappings = await ask("read the mappings of its indices", (path) => ({
    method: "GET",
    path: `${path}/_mapping`,
  }));
  const all = Object.assign({}, ...mappings.map(plain)) as Readonly<Record<string, { mappings?: JsonObject }>>;
  const byName = Map.groupBy(Object.entries(all), ([index]) => streamOf(index));
  const unordered = await unorderedDocuments(ask);
  return wanted.flatMap((one): Finding[] => {
    const { name } = one;
    const members = byName.get(name) ?? [];
    if (members.length === 0) {
      if (!one.isForeign) return [];
      const sentence = `${name} is known, and the cluster has no such index: somebody deleted it there. Deleting it in ethmon, too, forgets it.`;
      return [{ kind: "difference", index: name, sentence }];
    }
    const ofKind = members.flatMap(([index]) => kindFinding(one, index));
    const fields = members.flatMap(([index, { mappings = {} }]) => fieldFindings(one, { index, mappings }));
    const odd = unordered.get(name) ?? 0;
    if (odd === 0) return [...ofKind, ...fields];
    const sentence = `${odd} documents of ${name} were not written by ethmon: they have no place in the order of arrival. Whoever writes there should write to an index of its own.`;
    return [...ofKind, ...fields, { kind: "difference", index: name, sentence }];
  });
}

function kindFinding({ name, kind }: Wanted, index: string): Finding[] {
  const isStream = index !== name;
  if (isStream === (kind === "stream")) return [];
  const sentence = isStream
    ? `${name} is a data stream and must be an index: copy its documents away, delete it, and start ethmon again.`
    : `${name} is an index and must be a data stream: something wrote there before its template was put. Stop ethmon, copy ` +
      "its documents away, delete it, and start ethmon again.";
  return [{ kind: "difference", index: name, sentence }];
}

function fieldFindings({ name, mapping, kind }: Wanted, found: { index: string; mappings: JsonObject }): Finding[] {
  const { index, mappings } = found;
  const { missing, other } = fieldDifferences(mapping, mappings);
  const findings: Finding[] = [];
  if (missing.length > 0) {
    const sentence = `The mapping of ${index} lacks ${listed(missing)}: starting \`ethmon run --store\` adds what is missing.`;
    findings.push({ kind: "difference", index: name, sentence });
  }
  const renew =
    kind === "stream"
      ? `a new index of the stream has the right ones: POST /${name}/_rollover.`
      : "the type of a field cannot be changed: copy the documents to another store, delete the index, and copy them back.";
  if (other.length > 0) {
    const words = other.map(({ field, type, wanted }) => `${field} as ${type} instead of ${wanted}`);
    findings.push({
      kind: "difference",
      index: name,
      sentence: `The mapping of ${index} has ${listed(words)}: ${renew}`,
    });
  }
  return findings;
}

function listed(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  return `${names.slice(0, MAX_NAMES).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** How many documents of each stream or index have no position. */
async function unorderedDocuments(ask: Asking): Promise<Map<string, number>> {
  const answers = await ask("search its indices", (path) => ({
    method: "POST",
    path: `${path}/_search`,
    body: {
      size: 0,
      query: { bool: { must_not: [{ exists: { field: SEQ_FIELD } }] } },
      aggs: { indices: { terms: { field: "_index", size: 10_000 } } },
    },
  }));
  const byIndex = new Map<string, number>();
  for (const { aggregations } of answers) {
    const { indices } = (aggregations ?? {}) as {
      indices?: { buckets: readonly { key: string; doc_count: number }[] };
    };
    // A pattern of one request and a name of another one may stand for the same.
    for (const { key, doc_count } of indices?.buckets ?? []) byIndex.set(key, doc_count);
  }
  const counts = new Map<string, number>();
  for (const [index, documents] of byIndex) {
    const name = streamOf(index);
    counts.set(name, (counts.get(name) ?? 0) + documents);
  }
  return counts;
}
