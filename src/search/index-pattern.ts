import { noSuchIndex, unsupported } from "./search-fault.ts";

/** Name of the data stream or index that holds a dataset of a network. */
export function indexName(dataset: { name: string; kind: "stream" | "index" }, network: string): string {
  return dataset.kind === "stream" ? `logs-${dataset.name}-${network}` : `ethmon-${dataset.name}-${network}`;
}

const MAX_PATTERN_LENGTH = 4096;

/**
 * The names that an index pattern such as `logs-ethereum.*-*,ethmon-slot-mainnet` stands for. A name without `*` that
 * does not exist is refused with 404, as Elasticsearch does.
 */
export function matchIndices(pattern: string, names: readonly string[]): Set<string> {
  if (pattern.length > MAX_PATTERN_LENGTH) throw unsupported("an index pattern this long");
  const found = new Set<string>();
  for (const part of pattern.split(",")) {
    if (part.startsWith("-")) throw unsupported(`the exclusion [${part}] in an index pattern`);
    if (part.startsWith("<")) throw unsupported(`the date math [${part}] in an index pattern`);
    if (part.includes(":")) throw unsupported(`the remote cluster in [${part}]`);
    const all = part === "" || part === "_all";
    const matching = all ? names : names.filter((name) => matches(part, name));
    if (matching.length === 0 && !all && !part.includes("*")) throw noSuchIndex(part);
    for (const name of matching) found.add(name);
  }
  return found;
}

/** Each piece between stars is searched after the one before: no backtracking, whatever the pattern. */
function matches(pattern: string, name: string): boolean {
  const pieces = pattern.split("*");
  const [first = ""] = pieces;
  if (pieces.length === 1) return name === pattern;
  const last = pieces.at(-1) ?? "";
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  let at = first.length;
  const end = name.length - last.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = name.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}
