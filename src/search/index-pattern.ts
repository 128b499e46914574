import { fitsPattern } from "./fields/field-pattern.ts";
import { noSuchIndex, unsupported } from "./search-fault.ts";

/** Name of the data stream or index that holds a dataset of a network. */
export function indexName(dataset: { name: string; kind: "stream" | "index" }, network: string): string {
  return dataset.kind === "stream" ? `logs-${dataset.name}-${network}` : `ethmon-${dataset.name}-${network}`;
}

/** Of all parts with `*`, each of which is held against every name; names are looked up. */
const MAX_PATTERN_LENGTH = 4096;

/**
 * The names that an index pattern such as `logs-ethereum.*-*,-logs-ethereum.block-*` stands for, part by part in its
 * order. A `-` takes names away again, but only behind a part with `*`: before one it begins a name, as in Elasticsearch.
 * A name without `*` that does not exist is refused with 404, as Elasticsearch does, unless `ignoreMissing`.
 */
export function matchIndices(
  pattern: string,
  names: readonly string[],
  { ignoreMissing = false }: { ignoreMissing?: boolean | undefined } = {},
): Set<string> {
  const found = new Set<string>();
  const known = new Set(names);
  let length = 0;
  let hasWildcard = false;
  for (const told of pattern.split(",")) {
    const isExclusion: boolean = hasWildcard && told.startsWith("-");
    const part: string = isExclusion ? told.slice(1) : told;
    if (part.startsWith("<")) throw unsupported(`the date math [${part}] in an index pattern`);
    if (part.includes(":")) throw unsupported(`the remote cluster in [${part}]`);
    const all = part === "" || part === "_all";
    const isWildcard = all || part.includes("*");
    hasWildcard ||= isWildcard;
    length += isWildcard ? told.length : 0;
    if (length > MAX_PATTERN_LENGTH) throw unsupported("an index pattern this long");
    const matching = all ? names : isWildcard ? names.filter((name) => fitsPattern(part, name)) : named(part, known);
    if (isExclusion) {
      for (const name of matching) found.delete(name);
      continue;
    }
    if (matching.length === 0 && !isWildcard && !ignoreMissing) throw noSuchIndex(part);
    for (const name of matching) found.add(name);
  }
  return found;
}

function named(name: string, known: ReadonlySet<string>): readonly string[] {
  return known.has(name) ? [name] : [];
}
