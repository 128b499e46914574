import type { DocumentReader, ForeignSink, IndexAdmin, PipelineBook } from "../../events/foreign.ts";
import type { KeyStore } from "../access/key-store.ts";
import type { SearchBackend } from "./search-backend.ts";
import type { SettingsBook } from "./settings-book.ts";

/** What the face speaks for. */
export type FacePorts = {
  sink: ForeignSink;
  reader: DocumentReader;
  admin: IndexAdmin;
  search: SearchBackend;
  pipelines: PipelineBook;
  settings: SettingsBook;
  keys: KeyStore;
};
