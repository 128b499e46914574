import type { Dataset } from "../../events/dataset.ts";
import type { Document } from "../../events/document.ts";
import type { Clock } from "../../lib/clock.ts";
import { Fault } from "../../lib/fault.ts";
import { type Comparison, compareIndex } from "./compare.ts";
import { copiedIndices } from "./copied-indices.ts";
import { progressDocument, readProgress, refuseMixing, standOf } from "./progress.ts";
import { type Bounds, copiedDocuments, readPages, spanOf } from "./read-documents.ts";
import type { CopiedIndex, Progress, Side, Writer } from "./side.ts";

export type WritableSide = Side & { writerOf(documentOf: (progress: Progress) => Document): Writer };

/** What is told of one data stream or index while it is copied: once when it begins, and after every page. */
export type CopyStep = {
  index: string;
  /** Documents that are copied, of those that there are within the bounds. */
  copied: number;
  documents: number;
};

export type CopyOptions = {
  from: Side;
  to: WritableSide;
  datasets: readonly Dataset[];
  patterns?: string | undefined;
  votes: boolean;
  bounds: Pick<Bounds, "sinceUs" | "untilUs">;
  /** Into a cluster: sends everything again; what stands there is known by its `_id`. */
  again: boolean;
  onStep?: ((step: CopyStep) => void) | undefined;
  onCompared?: ((comparison: Comparison) => void) | undefined;
  clock: Clock;
  signal: AbortSignal;
};

/**
 * Copies documents of one store into another in the order of arrival, each data stream and index by itself, and then
 * compares both sides. What earlier runs copied is passed over. Rejects with what the sides reject with, and with
 * `dataset_unknown`, `copy_overlaps`, `copy_mixes`, `copy_rejected`.
 */
export async function copyStore(options: CopyOptions): Promise<Comparison[]> {
  const { from, to, datasets, patterns, votes, bounds, again, onStep, onCompared, clock, signal } = options;
  if (from.identity === to.identity) throw new Fault("copy_same", `${from.place} and ${to.place} are one store.`);
  if (again && to.kind === "embedded") {
    throw new Fault("copy_again", "An embedded store knows no document again: --again is for a cluster alone.");
  }
  const indices = await copiedIndices({ side: from, datasets, votes, patterns });
  const noted = await readProgress(to);
  const writer = to.writerOf((progress) => progressDocument({ from, bounds, nowUs: clock.nowUs() }, progress));
  // What arrives from here on is for the next run.
  const upTo = await from.upTo();

  const copyIndex = async (index: CopiedIndex): Promise<Progress | undefined> => {
    const before = standOf({ noted, from, target: to, index, bounds });
    let progress: Progress = again ? { ...before, after: -1, documents: 0 } : before;
    const { documents, first, last } = await spanOf(from, { index, bounds: { ...bounds, ranges: [[0, upTo]] } });
    if (documents === 0) return progress.documents === 0 ? undefined : progress;
    refuseMixing({ noted, from, target: to, index, first, last });
    const rest = await spanOf(from, { index, bounds: { ...bounds, ranges: [[progress.after + 1, last]] } });
    const tell = (left: number) => onStep?.({ index: index.name, copied: documents - left, documents });
    let left = rest.documents;
    tell(left);
    if (left === 0) return progress;
    await writer.begin(index);
    for await (const hits of readPages(from, {
      index,
      bounds: { ...bounds, ranges: [[progress.after + 1, last]] },
    })) {
      signal.throwIfAborted();
      const read = await copiedDocuments(from, index, hits);
      progress = await writer.write({ index, documents: read, progress });
      left -= read.length;
      tell(left);
    }
    return progress;
  };

  const copied: { index: CopiedIndex; progress: Progress }[] = [];
  for (const index of indices) {
    const progress = await copyIndex(index);
    if (progress !== undefined) copied.push({ index, progress });
  }
  await writer.settled();

  const comparisons: Comparison[] = [];
  for (const { index, progress } of copied) {
    const comparison = await compareIndex({
      index,
      source: from,
      target: to,
      sourceBounds: { ...bounds, ranges: [[0, progress.after]] },
      targetBounds: { ...bounds, ranges: progress.ranges },
      keyed: keepsIds(index, to),
      signal,
    });
    onCompared?.(comparison);
    comparisons.push(comparison);
  }
  return comparisons;
}

/** An embedded store gives documents of our own streams new ids: their positions there. */
function keepsIds(index: Pick<CopiedIndex, "kind" | "own">, target: Pick<Side, "kind">): boolean {
  return index.kind === "index" || index.own === undefined || target.kind === "cluster";
}
