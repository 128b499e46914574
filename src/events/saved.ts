import type { RecordDataset } from "./record.ts";

/** What people compose for screens. */
export type ComposedKind = "dashboard" | "panel" | "search";

export const SAVED_KINDS = ["dashboard", "panel", "search", "watch", "silence"] as const;
export type SavedKind = (typeof SAVED_KINDS)[number];

/** One saved object; after its deletion kind and id alone. */
export type SavedRecord = {
  kind: SavedKind;
  id: string;
  title: string | null;
  description: string | null;
  /** Of a panel or a search. */
  index: string | null;
  /** Of a panel. */
  view: string | null;
  /** Of a dashboard, each once. */
  panels: readonly string[] | null;
  content: unknown;
  deleted: boolean | null;
};

/** What people compose and keep. Its `_id` is `<kind>/<id>`. */
export const savedDataset: RecordDataset = {
  kind: "index",
  name: "saved",
  title: "Saved objects",
  words:
    "Dashboards, panels, searches, watches and silences that were saved; of one that was deleted a mark stays, without its content.",
  columns: [
    { key: "kind", name: "saved.kind", type: "keyword", words: "dashboard, panel, search, watch or silence." },
    { key: "id", name: "saved.id", type: "keyword", words: "Id among those of its kind." },
    { key: "title", name: "saved.title", type: "keyword", words: "Its title." },
    { key: "description", name: "saved.description", type: "keyword", words: "What it shows." },
    { key: "index", name: "saved.index", type: "keyword", words: "Index pattern of a panel or a search." },
    { key: "view", name: "saved.view", type: "keyword", words: "How a panel is shown: vega-lite, metric or table." },
    { key: "panels", name: "saved.panels", type: "keyword", list: true, words: "Ids of a dashboard's panels." },
    { key: "content", name: "saved.content", type: "flattened", words: "The whole of it." },
    { key: "deleted", name: "saved.deleted", type: "boolean", words: "Present when it was deleted." },
  ],
};
