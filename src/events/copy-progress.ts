import type { IndexDataset } from "./dataset.ts";

/** How far the documents of another store were copied into this one; written together with what was copied. */
export const copyProgressDataset: IndexDataset = {
  kind: "index",
  name: "copy",
  title: "Copies",
  words: "How far `ethmon store copy` brought documents of another store into this one.",
  columns: [
    { name: "copy.source", type: "keyword", words: "What tells the other store from any other." },
    { name: "copy.from", type: "keyword", words: "Where it was: its directory or address." },
    { name: "copy.index", type: "keyword", words: "Data stream or index that was copied." },
    { name: "copy.since", type: "date", words: "Only documents from this moment on were copied." },
    { name: "copy.until", type: "date", words: "Only documents before this moment were copied." },
    { name: "copy.after", type: "long", words: "The `_seq` there of the last document that was copied." },
    { name: "copy.documents", type: "long", words: "Documents that were copied." },
    { name: "copy.ranges", type: "flattened", words: "Between which `_seq` here they stand: lists of first and last." },
  ],
};
