import { copyProgressDataset } from "../../events/copy-progress.ts";
import { type Dataset, keepOf } from "../../events/dataset.ts";
import type { Json } from "../../events/document.ts";
import { foreignIndexDataset } from "../../events/foreign-index.ts";
import { Fault } from "../../lib/fault.ts";
import { wildcard } from "../../lib/wildcard.ts";
import { indexName } from "../../search/index-pattern.ts";
import type { ForeignIndex } from "../foreign/foreign-tables.ts";
import { storedIndex } from "../foreign/index-document.ts";
import { seqOf } from "./read-documents.ts";
import type { CopiedIndex, Side } from "./side.ts";

const PAGE = 1_000;
/** What a store notes for itself: either side has its own. */
const OWN_NOTES: ReadonlySet<string> = new Set([foreignIndexDataset.name, copyProgressDataset.name]);

/**
 * The data streams and indices of a side, ours and those of others, in the order of their names. Single votes are among
 * them with `votes` alone. `patterns` are names of datasets or indices with `*`, separated by commas. Throws
 * `dataset_unknown` where nothing fits them.
 */
export async function copiedIndices(input: {
  side: Pick<Side, "search" | "network" | "place">;
  datasets: readonly Dataset[];
  votes: boolean;
  patterns?: string | undefined;
}): Promise<CopiedIndex[]> {
  const { side, datasets, votes, patterns } = input;
  const own: CopiedIndex[] = datasets
    .filter((dataset) => !OWN_NOTES.has(dataset.name) && (votes || keepOf(dataset) !== "votes"))
    .map((dataset) => ({ name: indexName(dataset, side.network), kind: dataset.kind, own: dataset }));
  const foreign = [...(await readForeignIndices(side)).values()].map(
    ({ index }): CopiedIndex => ({ name: index.name, kind: index.kind, foreign: index }),
  );
  const accepts = patterns?.split(",").map((pattern) => wildcard(pattern.trim()));
  const wanted = [...own, ...foreign].filter(
    ({ name, own: dataset }) => accepts?.some((accept) => accept(name) || accept(dataset?.name ?? name)) ?? true,
  );
  if (wanted.length === 0) {
    const why = votes ? "" : " Single votes are copied with --votes alone.";
    throw new Fault("dataset_unknown", `No dataset and no index of ${side.place} is called ${patterns}.${why}`);
  }
  return wanted.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What a side knows of the indices of others, each with the position that it was told at. */
export async function readForeignIndices(
  side: Pick<Side, "search" | "network">,
): Promise<Map<string, { index: ForeignIndex; seq: number }>> {
  const found = new Map<string, { index: ForeignIndex; seq: number }>();
  let after: readonly Json[] | undefined;
  while (true) {
    const { hits } = await side.search(indexName(foreignIndexDataset, side.network), {
      size: PAGE,
      sort: [{ _seq: "asc" }],
      ...(after === undefined ? {} : { search_after: after }),
    });
    for (const hit of hits.hits) found.set(hit._id, { index: storedIndex(hit._id, hit._source), seq: seqOf(hit) });
    after = hits.hits.at(-1)?.sort;
    if (hits.hits.length < PAGE || after === undefined) return found;
  }
}

export function otherKind(known: ForeignIndex, index: ForeignIndex, place: string): Fault {
  const words = { stream: "a data stream", index: "an index" };
  return new Fault(
    "index_conflict",
    `${index.name} is ${words[known.kind]} in ${place}, and ${words[index.kind]} at the source.`,
  );
}
