import type { Dataset, IndexDataset } from "./dataset.ts";

/** What the store knows of the indices and data streams of others: each under its own name as `_id`. */
export const foreignIndexDataset: IndexDataset = {
  kind: "index",
  name: "foreign_index",
  title: "Indices of others",
  words: "Data streams and indices that Beats and other senders made, with their mappings.",
  columns: [
    { name: "index.kind", type: "keyword", words: "stream or index." },
    { name: "index.created_ms", type: "long", words: "When it was made, Unix ms." },
    { name: "index.settings", type: "flattened", words: "What it was made with, as GET _settings tells it." },
    { name: "index.mapping", type: "flattened", words: "Its mapping, as GET _mapping tells it." },
  ],
};

/** Whatever else is described, what is known of the indices of others has its place. */
export function withForeignIndex(datasets: readonly Dataset[]): readonly Dataset[] {
  return datasets.some(({ name }) => name === foreignIndexDataset.name) ? datasets : [...datasets, foreignIndexDataset];
}
