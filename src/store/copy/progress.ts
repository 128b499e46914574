import { copyProgressDataset } from "../../events/copy-progress.ts";
import type { Dataset } from "../../events/dataset.ts";
import type { Document, Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { foreignIndexDataset } from "../../events/foreign-index.ts";
import { valueAt } from "../../events/record.ts";
import { Fault } from "../../lib/fault.ts";
import { indexName } from "../../search/index-pattern.ts";
import type { Bounds } from "./read-documents.ts";
import type { Progress, SeqRange, Side } from "./side.ts";
import { documentOfSource } from "./source-document.ts";

type TimeBounds = Pick<Bounds, "sinceUs" | "untilUs">;

/** Datasets of a store that documents can be copied into. */
export function withCopyProgress(datasets: readonly Dataset[]): readonly Dataset[] {
  const more = [foreignIndexDataset, copyProgressDataset].filter(({ name }) =>
    datasets.every((one) => one.name !== name),
  );
  return [...datasets, ...more];
}

/** The note of how far the copy of one index is; `from` is the side that is copied. */
export function progressDocument(
  { from, bounds, nowUs }: { from: Pick<Side, "identity" | "place">; bounds: TimeBounds; nowUs: number },
  { index, after, documents, ranges }: Progress,
): Document {
  return {
    dataset: copyProgressDataset.name,
    id: idOf({ identity: from.identity, index, bounds }),
    timestampUs: nowUs,
    fields: {
      "copy.source": from.identity,
      "copy.from": from.place,
      "copy.index": index,
      "copy.since": bounds.sinceUs,
      "copy.until": bounds.untilUs,
      "copy.after": after,
      "copy.documents": documents,
      "copy.ranges": ranges as readonly Json[],
    },
  };
}

function idOf({ identity, index, bounds }: { identity: string; index: string; bounds: TimeBounds }): string {
  return [identity, bounds.sinceUs ?? "", bounds.untilUs ?? "", index].join("/");
}

type Stored = { id: string; source: string; from: string; bounds: TimeBounds; progress: Progress };

/** What is noted at the target of copies into it, by index. */
export async function readProgress(target: Pick<Side, "search" | "network">): Promise<Stored[]> {
  const { hits } = await target.search(indexName(copyProgressDataset, target.network), {
    size: 10_000,
    sort: [{ _seq: "asc" }],
  });
  return hits.hits.map(({ _id: id, _source }) => {
    const source = _source as JsonObject;
    const read = documentOfSource(copyProgressDataset, { id, seq: 0, timestampUs: 0, source });
    const value = (name: string) => read.fields[name];
    const [since, until] = [value("copy.since"), value("copy.until")];
    return {
      id,
      source: String(value("copy.source")),
      from: String(value("copy.from")),
      bounds: {
        ...(typeof since === "number" ? { sinceUs: since } : {}),
        ...(typeof until === "number" ? { untilUs: until } : {}),
      },
      progress: {
        index: String(value("copy.index")),
        after: Number(value("copy.after")),
        documents: Number(value("copy.documents")),
        ranges: (valueAt(source, "copy.ranges") ?? []) as unknown as readonly SeqRange[],
      },
    };
  });
}

/**
 * Where copying of an index stands, from what is noted; at the beginning where nothing is. Throws `copy_overlaps` where
 * documents would stand twice.
 */
export function standOf(input: {
  noted: readonly Stored[];
  from: Pick<Side, "identity">;
  target: Pick<Side, "kind" | "place">;
  index: { name: string; kind: "stream" | "index" };
  bounds: TimeBounds;
}): Progress {
  const { noted, from, target, index, bounds } = input;
  const same = noted.filter(({ progress }) => progress.index === index.name);
  const id = idOf({ identity: from.identity, index: index.name, bounds });
  const found = same.find((one) => one.id === id);
  if (found !== undefined) return found.progress;
  if (index.kind === "stream" && target.kind === "embedded") {
    const other = same.find((one) => one.source === from.identity && overlaps(one.bounds, bounds));
    if (other !== undefined) {
      throw new Fault(
        "copy_overlaps",
        `${index.name} was copied to ${target.place} before with ${boundsWords(other.bounds)}: with ${boundsWords(bounds)} ` +
          "documents would stand there twice. Give the same --since and --until again, or such that lie beside them.",
      );
    }
  }
  return { index: index.name, after: -1, documents: 0, ranges: [] };
}

/**
 * In a cluster documents keep the positions that they had: those of two directories are the same numbers. Throws
 * `copy_mixes` where documents of another store stand at them.
 */
export function refuseMixing(input: {
  noted: readonly Stored[];
  from: Pick<Side, "identity" | "place">;
  target: Pick<Side, "kind" | "place">;
  index: { name: string; kind: "stream" | "index" };
  first: number;
  last: number;
}): void {
  const { noted, from, target, index, first, last } = input;
  if (target.kind !== "cluster" || index.kind !== "stream") return;
  const other = noted.find(
    ({ source, progress }) =>
      source !== from.identity &&
      progress.index === index.name &&
      progress.ranges.some(([low, high]) => low <= last && high >= first),
  );
  if (other === undefined) return;
  throw new Fault(
    "copy_mixes",
    `${index.name} in ${target.place} holds documents of ${other.from} under the ids that those of ${from.place} have. ` +
      "Copy into another cluster, or to an embedded store, which gives them new ones.",
  );
}

function overlaps(a: TimeBounds, b: TimeBounds): boolean {
  const never = Number.POSITIVE_INFINITY;
  return (a.sinceUs ?? 0) < (b.untilUs ?? never) && (b.sinceUs ?? 0) < (a.untilUs ?? never);
}

function boundsWords({ sinceUs, untilUs }: TimeBounds): string {
  const iso = (us: number) => new Date(us / 1000).toISOString();
  const words = [
    ...(sinceUs === undefined ? [] : [`--since ${iso(sinceUs)}`]),
    ...(untilUs === undefined ? [] : [`--until ${iso(untilUs)}`]),
  ];
  return words.length === 0 ? "no bounds of time" : words.join(" ");
}
