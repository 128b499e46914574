import { fitsPattern } from "./fields/field-pattern.ts";
import { noSuchIndex, unsupported } from "./search-fault.ts";

/** Name of the data stream or index that holds a dataset of a network. */
export function indexName(dataset: { name: string; kind: "stream" | "index" }, network: string): string {
  return dataset.kind === "stream" ? `logs-${dataset.name}-${network}` : `ethmon-${dataset.name}-${network}`;
}

const MAX_PATTERN_LENGTH = 4096;

/**
 * The names that an index pattern such as `logs-ethereum.*-*,ethmon-slot-mainnet` stands for. A name without `*` that
 * does not exist is refused with 404, as Elasticsearch does, unless `ignoreMissing`.
 */
export function matchIndices(
  pattern: string,
  names: readonly string[],
  { ignoreMissing = false }: { ignoreMissing?: boolean | undefined } = {},
): Set<string> {
  if (pattern.length > MAX_PATTERN_LENGTH) throw unsupported("an index pattern this long");
  const found = new Set<string>();
  for (const part of pattern.split(",")) {
    if (part.startsWith("-")) throw unsupported(`the exclusion [${part}] in an index pattern`);
    if (part.startsWith("<")) throw unsupported(`the date math [${part}] in an index pattern`);
    if (part.includes(":")) throw unsupported(`the remote cluster in [${part}]`);
    const all = part === "" || part === "_all";
    const matching = all ? names : names.filter((name) => fitsPattern(part, name));
    if (matching.length === 0 && !all && !part.includes("*") && !ignoreMissing) throw noSuchIndex(part);
    for (const name of matching) found.add(name);
  }
  return found;
}
