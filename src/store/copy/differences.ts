import type { Json } from "../../events/document.ts";
import type { SearchHit } from "../../search/request.ts";
import { BUCKETS, canonicalJson, type Digest, type Fingerprint, fingerprintOf } from "./digest.ts";
import { type Bounds, readPages, seqOf } from "./read-documents.ts";
import type { CopiedIndex, SeqRange, Side } from "./side.ts";

/** One document that both sides do not have alike. */
export type Difference = {
  /** `missing` at the target, `extra` there, or `changed` in a field. */
  kind: "missing" | "extra" | "changed";
  /** On the side that has it. */
  id: string;
  seq: number;
  field?: string;
};

type Entry = Fingerprint & { id: string; seq: number; count: number };
type Found = { differences: number; superseded: number; examples: Difference[] };

const EXAMPLES = 3;
/** Fingerprints that are held at once, about. */
const HELD_DOCUMENTS = 200_000;
const LOOKUP_IDS = 500;

/** A data stream or index on two sides, and the documents that are compared. */
export type Compared = {
  index: CopiedIndex;
  source: Side;
  target: Side;
  sourceBounds: Bounds;
  targetBounds: Bounds;
  /** Both sides keep `_id`. */
  keyed: boolean;
  signal: AbortSignal;
};

/**
 * What differs, from the buckets whose sums do. A stream is looked at until there are examples. In an index every
 * difference is judged: a document that either side has in a newer form than that which is compared is none.
 */
export async function differencesOf(input: Compared & { ours: Digest; theirs: Digest }): Promise<Found> {
  const { index, source, target, sourceBounds, targetBounds, keyed, signal } = input;
  const found: Found = { differences: 0, superseded: 0, examples: [] };

  const entriesOf = async (side: Side, bounds: Bounds, buckets: ReadonlySet<number>): Promise<Map<bigint, Entry>> => {
    const entries = new Map<bigint, Entry>();
    for await (const hits of readPages(side, { index, bounds })) {
      signal.throwIfAborted();
      for (const hit of hits) {
        const fingerprint = fingerprintOf(hit, keyed);
        if (!buckets.has(fingerprint.bucket)) continue;
        const known = entries.get(fingerprint.hash);
        if (known === undefined)
          entries.set(fingerprint.hash, { ...fingerprint, id: hit._id, seq: seqOf(hit), count: 1 });
        else known.count += 1;
      }
    }
    return entries;
  };

  for (const buckets of passes(input)) {
    const ours = await entriesOf(source, sourceBounds, buckets);
    const theirs = await entriesOf(target, targetBounds, buckets);
    let missing = without(ours, theirs);
    let extra = without(theirs, ours);
    if (index.kind === "index") {
      const before = missing.length + extra.length;
      const newer = await newerIds(target, { index, entries: missing, ranges: targetBounds.ranges });
      missing = missing.filter(({ id }) => !newer.has(id));
      extra = extra.filter(({ id }) => !newer.has(id));
      const changed = await newerIds(source, { index, entries: extra, ranges: sourceBounds.ranges });
      missing = missing.filter(({ id }) => !changed.has(id));
      extra = extra.filter(({ id }) => !changed.has(id));
      found.superseded += before - missing.length - extra.length;
    }
    found.differences += missing.length + extra.length;
    found.examples.push(...(await examplesOf({ ...input, missing, extra, room: EXAMPLES - found.examples.length })));
    if (index.kind === "stream" && found.examples.length >= EXAMPLES) break;
  }
  return found;
}

/** The buckets that differ, so many at once as may be held. */
function* passes({ ours, theirs }: { ours: Digest; theirs: Digest }): Generator<Set<number>> {
  let buckets = new Set<number>();
  let held = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const [a, b] = [ours.buckets[bucket], theirs.buckets[bucket]];
    if (a === undefined || b === undefined || (a.checksum === b.checksum && a.documents === b.documents)) continue;
    buckets.add(bucket);
    held += a.documents + b.documents;
    if (held < HELD_DOCUMENTS) continue;
    yield buckets;
    buckets = new Set();
    held = 0;
  }
  if (buckets.size > 0) yield buckets;
}

function without(entries: ReadonlyMap<bigint, Entry>, others: ReadonlyMap<bigint, Entry>): Entry[] {
  return [...entries.values()].filter(({ hash, count }) => count > (others.get(hash)?.count ?? 0));
}

/** Of these, the ids whose document stands outside of the ranges: it was written by someone else or later. */
async function newerIds(
  side: Side,
  input: { index: CopiedIndex; entries: readonly Entry[]; ranges: readonly SeqRange[] | undefined },
): Promise<Set<string>> {
  const { index, entries, ranges } = input;
  const newer = new Set<string>();
  if (ranges === undefined) return newer;
  const isWithin = (seq: number) => ranges.some(([first, last]) => seq >= first && seq <= last);
  for (let at = 0; at < entries.length; at += LOOKUP_IDS) {
    const values = entries.slice(at, at + LOOKUP_IDS).map(({ id }) => id);
    const { hits } = await side.search(index.name, {
      query: { ids: { values } },
      sort: [{ _seq: "asc" }],
      size: LOOKUP_IDS,
      _source: false,
    });
    for (const hit of hits.hits) if (!isWithin(seqOf(hit))) newer.add(hit._id);
  }
  return newer;
}

async function examplesOf(input: {
  index: CopiedIndex;
  source: Side;
  target: Side;
  keyed: boolean;
  missing: readonly Entry[];
  extra: readonly Entry[];
  room: number;
}): Promise<Difference[]> {
  const { index, source, target, keyed, missing, extra, room } = input;
  const byId = new Map(extra.map((entry) => [entry.id, entry]));
  const examples: Difference[] = [];
  const paired = new Set<string>();
  for (const { id, seq } of missing.slice(0, Math.max(0, room))) {
    const other = keyed ? byId.get(id) : undefined;
    if (other === undefined) {
      examples.push({ kind: "missing", id, seq });
      continue;
    }
    paired.add(id);
    const [a, b] = [await sourceAt(source, index, seq), await sourceAt(target, index, other.seq)];
    const field = firstChange(a, b);
    examples.push({ kind: "changed", id, seq, ...(field === undefined ? {} : { field }) });
  }
  for (const { id, seq } of extra) {
    if (examples.length >= room) break;
    if (!paired.has(id)) examples.push({ kind: "extra", id, seq });
  }
  return examples;
}

async function sourceAt(side: Side, index: CopiedIndex, seq: number): Promise<Json> {
  const { hits } = await side.search(index.name, { query: { term: { _seq: seq } }, size: 1 });
  return (hits.hits[0] as SearchHit | undefined)?._source ?? null;
}

/** The path of the first field that two JSON values do not have alike; undefined where they are alike. */
function firstChange(a: Json, b: Json, path = ""): string | undefined {
  if (canonicalJson(a) === canonicalJson(b)) return undefined;
  if (!isPlain(a) || !isPlain(b)) return path === "" ? undefined : path;
  for (const key of [...new Set([...Object.keys(a), ...Object.keys(b)])].sort()) {
    const inner = path === "" ? key : `${path}.${key}`;
    const [x, y] = [a[key], b[key]];
    if (x === undefined || y === undefined) return inner;
    const found = firstChange(x, y, inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isPlain(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
